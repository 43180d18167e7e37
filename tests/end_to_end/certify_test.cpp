// SPDX-License-Identifier: Apache-2.0
//
// check --certify, recheck and --smt2 from outside: all examples certify, what was changed or cut short is
// refused, nothing half done is left, and another solver agrees.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "checker/certificate/certificate.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/program.hpp"
#include "tests/support/skip.hpp"

using namespace tlbcheck::tests;  // NOLINT(google-build-using-namespace)
namespace fs = std::filesystem;

namespace {

const std::string batched = "examples/unmap_hotplug/batched.sched";

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

/// Every schedule of the examples, and of the bugs on record where those are there.
std::vector<std::string> all_schedules() {
    std::vector<std::string> files;
    std::vector<fs::path> folders{source_dir() / "examples"};
    if (const auto shared = shared_dir(); shared && fs::exists(*shared / "history"))
        folders.push_back(*shared / "history");
    for (const fs::path& folder : folders) {
        for (const auto& entry : fs::recursive_directory_iterator(folder)) {
            if (entry.path().extension() == ".sched") files.push_back(entry.path().string());
        }
    }
    std::ranges::sort(files);
    return files;
}

std::vector<std::string> with(std::vector<std::string> arguments, const std::vector<std::string>& files) {
    arguments.insert(arguments.end(), files.begin(), files.end());
    return arguments;
}

void write(const fs::path& file, const std::string& text) {
    std::ofstream(file, std::ios::binary) << text;
}

nlohmann::json list_of(const fs::path& certificate) {
    return nlohmann::json::parse(read_text(certificate / "certificate.json"));
}

/// The folder's proof files with that ending, sorted.
std::vector<fs::path> proofs(const fs::path& certificate, const std::string& extension) {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(certificate / "proofs")) {
        if (entry.path().extension() == extension) files.push_back(entry.path());
    }
    std::ranges::sort(files);
    return files;
}

}  // namespace

TEST_CASE("every safe answer of the examples and the bugs on record certifies, and checks again") {
    const TemporaryFolder folder;
    const std::string certificate = (folder.path() / "certificate").string();
    const auto files = all_schedules();
    const ProgramResult plain = run_tlbcheck(with({"check", "--json"}, files));
    const ProgramResult certified = run_tlbcheck(with({"check", "--json", "--certify", certificate}, files));
    CHECK(certified.status == plain.status);
    const auto a = nlohmann::json::parse(plain.out), b = nlohmann::json::parse(certified.out);
    std::size_t with_proofs = 0;
    for (std::size_t f = 0; f < files.size(); ++f) {
        for (std::size_t q = 0; q < a["files"][f]["questions"].size(); ++q) {
            const auto& before = a["files"][f]["questions"][q];
            const auto& after = b["files"][f]["questions"][q];
            CAPTURE(files[f], before["text"], after["reason"]);
            CHECK(before["verdict"] == after["verdict"]);
            CHECK(before["certificate"].is_null());
            CHECK(after["certificate"].is_null() == (after["verdict"] != "safe"));
            with_proofs += after["certificate"].is_null() ? 0 : 1;
        }
    }
    CHECK(with_proofs > 30);
    const ProgramResult again = run_tlbcheck({"recheck", certificate});
    CAPTURE(again.out, again.err);
    CHECK(again.status == 0);
    CHECK(has(again.out, "all hold"));
}

TEST_CASE("a certificate is the same each time, whatever the number of threads") {
    const TemporaryFolder folder;
    const std::vector<std::string> files{batched, "examples/page_table_free/after_pgtable_flush.sched",
                                         "examples/vmemmap/free_before_flush.sched"};
    const auto one = folder.path() / "one", two = folder.path() / "two";
    run_tlbcheck(with({"check", "--certify", one.string()}, files));
    run_tlbcheck(with({"check", "-j", "3", "--certify", two.string()}, files));
    CHECK(read_text(one / "certificate.json") == read_text(two / "certificate.json"));
    CHECK(read_text(one / "README") == read_text(two / "README"));
    CHECK(proofs(one, ".cnf").size() == proofs(two, ".cnf").size());
    CHECK(proofs(one, ".cnf").size() > 3);
}

TEST_CASE("what was changed, cut short or taken away is refused") {
    const TemporaryFolder folder;
    const fs::path certificate = folder.path() / "c";
    REQUIRE(run_tlbcheck({"check", "--certify", certificate.string(), batched}).status == 0);
    const auto refused = [&] { return run_tlbcheck({"recheck", certificate.string()}).status == 1; };
    REQUIRE_FALSE(refused());
    for (const std::string extension : {".cnf", ".drat"}) {
        const fs::path file = proofs(certificate, extension).front();
        const std::string text = read_text(file);
        write(file, text.substr(0, text.size() / 2));
        CHECK(refused());
        write(file, text + "0\n");
        CHECK(refused());
        std::string changed = text;
        const auto digit = std::find_if(changed.rbegin(), changed.rend(), [](char c) { return c == '1'; });
        REQUIRE(digit != changed.rend());
        *digit = '2';
        write(file, changed);
        CHECK(refused());
        fs::remove(file);
        CHECK(refused());
        write(file, text);
        CHECK_FALSE(refused());
    }
}

TEST_CASE("a proof that is well formed and listed, and does not hold, is refused") {
    const std::string fold = "examples/break_before_make/fold_with_bbm.sched";  // no propagation refutes it
    const TemporaryFolder folder;
    const fs::path certificate = folder.path() / "c";
    REQUIRE(run_tlbcheck({"check", "--certify", certificate.string(), fold}).status == 0);
    // Only the last step is left, and the list is made to fit.
    const fs::path list = certificate / "certificate.json";
    std::string text = read_text(list);
    for (const fs::path& file : proofs(certificate, ".drat")) {
        const std::string digest = tlbcheck::checker::fingerprint(read_text(file));
        write(file, "0\n");
        for (std::size_t at; (at = text.find(digest)) != std::string::npos;)
            text.replace(at, digest.size(), tlbcheck::checker::fingerprint("0\n"));
    }
    write(list, text);
    const ProgramResult result = run_tlbcheck({"recheck", certificate.string()});
    CHECK(result.status == 1);
    CHECK(has(result.out, "refused: " + fold));
    CHECK(has(result.out, "step 1: does not follow"));
}

TEST_CASE("what is no certificate is an error, and is not overwritten") {
    const TemporaryFolder folder;
    folder.write("mine.txt", "mine");
    const ProgramResult result = run_tlbcheck({"check", "--certify", folder.path().string(), batched});
    CHECK(result.status == 2);
    CHECK(has(result.err, "it is left as it is"));
    CHECK(read_text(folder.path() / "mine.txt") == "mine");
    CHECK(run_tlbcheck({"recheck", folder.path().string()}).status == 2);
    folder.write("certificate.json", "{\"schema\": \"tlbcheck.certificate/1\"");
    CHECK(run_tlbcheck({"recheck", folder.path().string()}).status == 2);
    folder.write("certificate.json",
                 R"({"schema": "tlbcheck.certificate/1", "proved": [{"proof": "../../x"}]})");
    CHECK(run_tlbcheck({"recheck", folder.path().string()}).status == 2);
}

TEST_CASE("an earlier certificate is replaced whole") {
    const TemporaryFolder folder;
    const fs::path certificate = folder.path() / "c";
    run_tlbcheck({"check", "--certify", certificate.string(), batched});
    const std::string first = read_text(certificate / "certificate.json");
    run_tlbcheck({"check", "--certify", certificate.string(), "examples/vmemmap/free_before_flush.sched"});
    CHECK(first != read_text(certificate / "certificate.json"));
    CHECK(run_tlbcheck({"recheck", certificate.string()}).status == 0);
    CHECK(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()) == 1);
}

TEST_CASE("a run that is killed leaves nothing that checks") {
    const TemporaryFolder folder;
    for (int k = 0; k < 12; ++k) {
        const fs::path certificate = folder.path() / ("c" + std::to_string(k));
        const std::string seconds = "0.0" + std::to_string(1 + k % 9);
        const ProgramResult run = run_command(with({"timeout", "-s", "KILL", seconds, program_path().string(),
                                                    "check", "--certify", certificate.string()},
                                                   all_schedules()));
        if (run.status == 0 || run.status == 1) continue;
        CHECK(run_tlbcheck({"recheck", certificate.string()}).status == 2);
        for (const auto& entry : fs::directory_iterator(folder.path())) {
            const std::string name = entry.path().filename().string();
            if (name.starts_with(certificate.filename().string() + ".")) {
                CHECK(run_tlbcheck({"recheck", entry.path().string()}).status == 2);
            }
        }
    }
}

TEST_CASE("the proofs' files are read by another checker as well") {
    if (run_command({"sh", "-c", "command -v drat-trim"}).status != 0) {
        tlbcheck::tests::skip("no drat-trim here");
        return;
    }
    const TemporaryFolder folder;
    const fs::path certificate = folder.path() / "c";
    REQUIRE(run_tlbcheck({"check", "--certify", certificate.string(), batched}).status == 0);
    for (const fs::path& cnf : proofs(certificate, ".cnf")) {
        fs::path proof = cnf;
        proof.replace_extension(".drat");
        CHECK(has(run_command({"drat-trim", cnf.string(), proof.string()}).out, "s VERIFIED"));
    }
}

TEST_CASE("cvc5 answers the questions of all schedules as Z3 does") {
    if (run_command({"sh", "-c", "command -v cvc5"}).status != 0) {
        tlbcheck::tests::skip("no cvc5 here");
        return;
    }
    const TemporaryFolder folder;
    std::size_t unsat = 0, sat = 0;
    for (const std::string& file : all_schedules()) {
        const std::string script = (folder.path() / "questions.smt2").string();
        const ProgramResult run = run_tlbcheck({"check", "--json", "--smt2", script, file});
        const auto questions = nlohmann::json::parse(run.out)["files"][0]["questions"];
        // cvc5 itself refuses an answer that contradicts a part's (set-info :status unsat).
        const ProgramResult other = run_command({"cvc5", script});
        CAPTURE(file, other.out, other.err);
        CHECK(other.status == 0);
        std::istringstream answers(other.out);
        std::size_t sat_here = 0;
        for (std::string answer; answers >> answer;) {
            CHECK((answer == "sat" || answer == "unsat"));
            sat_here += answer == "sat" ? 1 : 0;
            ++(answer == "sat" ? sat : unsat);
        }
        const auto unsafe = [](const auto& q) { return q["verdict"] == "unsafe"; };
        CHECK((sat_here > 0) == std::ranges::any_of(questions, unsafe));
    }
    CHECK(unsat > 100);
    CHECK(sat > 50);
}
