// SPDX-License-Identifier: Apache-2.0
#include "tests/conformance/catalogue.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <stdexcept>

#include "litmus/diagnostics.hpp"
#include "litmus/herd/reader.hpp"
#include "tests/support/program.hpp"

namespace tlbcheck::tests {

namespace {

namespace fs = std::filesystem;
using nlohmann::json;

checker::Kind kind_of(const std::string& name, const std::string& word) {
    const auto kinds = checker::parse_kinds(litmus::make_source("kind", name + " " + word + "\n"));
    if (!kinds) throw std::runtime_error(name + ": unknown kind " + word);
    return kinds.value().begin()->second;
}

CatalogueTest recorded_test(const json& entry, const fs::path& folder) {
    CatalogueTest test;
    test.name = entry.at("test");
    test.file = folder / entry.at("file").get<std::string>();
    if (entry.at("herd7") == "ok") {
        const std::string result = entry.at("condition_holds");  // "Ok", "No", "Loop Ok", "Loop No"
        test.herd7 = HerdAnswer{entry.at("states"), entry.at("flags"), entry.at("observation"),
                                result.ends_with("Ok"), result.starts_with("Loop")};
    }
    if (entry.contains("catalogue_kind")) test.kind = kind_of(test.name, entry.at("catalogue_kind"));
    return test;
}

Catalogue recorded(const std::string& name, const fs::path& record, std::vector<std::string> variants) {
    Catalogue catalogue{name, std::move(variants), {}};
    const json document = json::parse(read_text(record));
    for (const json& entry : document.at("tests")) {
        catalogue.tests.push_back(recorded_test(entry, record.parent_path()));
    }
    if (catalogue.tests.empty()) throw std::runtime_error(record.string() + " records no test");
    return catalogue;
}

std::vector<Catalogue> recorded_catalogues(const fs::path& herd) {
    std::vector<Catalogue> all;
    const auto add = [&](const std::string& name, const char* file, std::vector<std::string> variants) {
        if (fs::exists(herd / file)) all.push_back(recorded(name, herd / file, std::move(variants)));
    };
    add("vmsa", "vmsa/expected.json", {"vmsa", "fatal"});
    add("vmsa-ets2", "vmsa/expected-ets2.json", {"vmsa", "fatal", "ets2"});
    add("bbm", "bbm/expected.json", {"vmsa"});
    add("ets2", "ets2/expected.json", {"vmsa"});
    return all;
}

/// The first of these files that `folder` has; herdtools7 has named them differently over time.
checker::Kinds kinds_in(const fs::path& folder, const std::vector<std::string>& names) {
    const auto name = std::ranges::find_if(names, [&](const auto& n) { return fs::exists(folder / n); });
    if (name == names.end()) {
        fmt::print("{}: no kinds ({})\n", folder.string(), fmt::join(names, ", "));
        return {};
    }
    std::string why;
    const auto source = litmus::read_source((folder / *name).string(), why);
    if (!source) throw std::runtime_error((folder / *name).string() + ": " + why);
    auto parsed = checker::parse_kinds(source);
    if (!parsed) throw std::runtime_error(litmus::render(parsed.diagnostics()));
    return std::move(parsed).value();
}

/// What herd7 printed, as the checkout keeps it beside some tests: Test, States N, N states, Ok or No, ...,
/// Flag X, ..., Observation TEST WORD P N.
HerdAnswer printed_answer(const fs::path& file) {
    std::istringstream lines(read_text(file));
    HerdAnswer answer;
    std::size_t states_left = 0;
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        std::string first;
        std::string second;
        std::string third;
        words >> first >> second >> third;
        if (states_left > 0) {
            answer.states.push_back(line);
            --states_left;
        } else if (first == "States") {
            states_left = std::stoul(second);
        } else if (line == "Ok" || line == "Loop Ok") {
            answer.condition_holds = true;
            answer.loop = first == "Loop";
        } else if (line == "Loop No") {
            answer.loop = true;
        } else if (first == "Flag") {
            answer.flags.push_back(second);
        } else if (first == "Observation") {
            answer.observation = third;
        }
    }
    if (answer.observation.empty()) throw std::runtime_error(file.string() + ": no Observation");
    return answer;
}

/// The name in a test's first line, by which kinds files call it; the file may be called otherwise.
std::string name_in(const fs::path& file) {
    std::istringstream text(read_text(file));
    std::string architecture, name;
    text >> architecture >> name;
    return name;
}

/// All tests of `folder`, with the kinds file and the outputs that are there.
std::optional<Catalogue> checked_out(const std::string& name, const fs::path& folder,
                                     const std::vector<std::string>& kinds_files,
                                     std::vector<std::string> variants) {
    if (!fs::is_directory(folder)) return std::nullopt;
    const checker::Kinds kinds = kinds_in(folder, kinds_files);
    Catalogue catalogue{name, std::move(variants), {}};
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        if (entry.path().extension() != ".litmus") continue;
        CatalogueTest test;
        test.name = name_in(entry.path());
        test.file = entry.path();
        const fs::path printed = entry.path().string() + ".expected";
        if (fs::exists(printed)) test.herd7 = printed_answer(printed);
        if (const auto kind = kinds.find(test.name); kind != kinds.end()) test.kind = kind->second;
        catalogue.tests.push_back(std::move(test));
    }
    if (catalogue.tests.empty()) throw std::runtime_error(folder.string() + " holds no test");
    std::ranges::sort(catalogue.tests, {}, &CatalogueTest::file);
    return catalogue;
}

std::vector<Catalogue> checked_out_catalogues(const fs::path& checkout) {
    std::vector<Catalogue> all;
    const fs::path catalogue = checkout / "catalogue";
    const auto add = [&](const std::optional<Catalogue>& found) {
        if (found) all.push_back(*found);
    };
    add(checked_out("vmsa", catalogue / "aarch64-VMSA/tests", {"VMSA-kinds.txt", "kinds.txt"},
                    {"vmsa", "fatal"}));
    add(checked_out("vmsa-ets2", catalogue / "aarch64-VMSA/tests", {"VMSA-ETS2-kinds.txt"},
                    {"vmsa", "fatal", "ets2"}));
    add(checked_out("bbm", catalogue / "aarch64-BBM/tests", {"kinds.txt"}, {"vmsa"}));
    add(checked_out("ets2", catalogue / "aarch64-ETS2/tests", {"kinds.txt"}, {"vmsa"}));
    return all;
}

/// A record says more of a test than a checkout's kind: the checkout adds the tests that have none.
void add_unrecorded(std::vector<Catalogue>& all, std::vector<Catalogue> checkout) {
    for (Catalogue& more : checkout) {
        const auto same = std::ranges::find(all, more.name, &Catalogue::name);
        if (same == all.end()) {
            all.push_back(std::move(more));
            continue;
        }
        std::set<std::string> recorded;
        for (const CatalogueTest& test : same->tests) recorded.insert(test.name);
        std::erase_if(more.tests, [&](const CatalogueTest& test) { return recorded.contains(test.name); });
        std::ranges::move(more.tests, std::back_inserter(same->tests));
    }
}

}  // namespace

std::vector<Catalogue> catalogues() {
    std::vector<Catalogue> all;
    if (const auto shared = shared_dir(); shared && fs::is_directory(*shared / "conformance/herd")) {
        all = recorded_catalogues(*shared / "conformance/herd");
        if (all.empty())
            throw std::runtime_error((*shared / "conformance/herd").string() + " has no catalogue");
    }
    if (const auto checkout = herdtools7_dir()) add_unrecorded(all, checked_out_catalogues(*checkout));
    return all;
}

std::string how_to_get_catalogues() {
    return "no litmus tests to compare with. git clone https://github.com/herd/herdtools7 and set "
           "TLBCHECK_HERDTOOLS7 to the checkout, or TLBCHECK_SHARED to a folder with conformance/herd.";
}

}  // namespace tlbcheck::tests
