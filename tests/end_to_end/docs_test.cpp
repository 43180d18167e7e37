// SPDX-License-Identifier: Apache-2.0
//
// What README.md and docs/*.md show is what the program does. Two kinds of fenced blocks are read:
//   ```console      lines "$ tlbcheck ..." are run, the lines after each are its output (standard output,
//   then standard
//                   error), exactly; a line "..." stands for any lines, none included
//   ```sched NAME   (also litmus, toml): written to NAME, for the commands of the same document
//   ```toml         a configuration of the gate: read, not run
// A block of any other kind shows no command of tlbcheck and no output.
// Commands run in a scratch folder of the document's own, where examples/ and docs/ are as in the source
// tree.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "checker/gate/config.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/program.hpp"

namespace {

namespace fs = std::filesystem;
using namespace tlbcheck::tests;
using Lines = std::vector<std::string>;

struct Block {
    std::string info;  ///< what stands after the opening fence
    std::size_t line = 0;
    Lines lines;
};

Lines lines_of(std::string_view text) {
    Lines lines;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        lines.emplace_back(text.substr(0, end));
        if (end == std::string_view::npos) break;
        text.remove_prefix(end + 1);
    }
    return lines;
}

std::vector<Block> blocks_of(const fs::path& document) {
    constexpr std::string_view fence = "```";
    std::vector<Block> blocks;
    bool inside = false;
    std::size_t number = 0;
    for (const std::string& line : lines_of(read_text(document))) {
        ++number;
        if (line.starts_with(fence)) {
            if (!inside) blocks.push_back({line.substr(fence.size()), number, {}});
            inside = !inside;
        } else if (inside) {
            blocks.back().lines.push_back(line);
        }
    }
    return blocks;
}

std::vector<std::string> words_of(std::string_view text) {
    std::vector<std::string> words;
    while (true) {
        const std::size_t begin = text.find_first_not_of(' ');
        if (begin == std::string_view::npos) return words;
        text.remove_prefix(begin);
        const std::size_t end = std::min(text.find(' '), text.size());
        words.emplace_back(text.substr(0, end));
        text.remove_prefix(end);
    }
}

/// Does `actual` from line `a` match `expected` from line `e`? Where not, `furthest` is the last expected
/// line reached.
bool matches(const Lines& expected, std::size_t e, const Lines& actual, std::size_t a,
             std::size_t& furthest) {
    furthest = std::max(furthest, e);
    if (e == expected.size()) return a == actual.size();
    if (expected[e] == "...") {
        for (std::size_t next = a; next <= actual.size(); ++next) {
            const bool candidate = e + 1 == expected.size()
                                       ? next == actual.size()
                                       : next < actual.size() && actual[next] == expected[e + 1];
            if (candidate && matches(expected, e + 1, actual, next, furthest)) return true;
        }
        return false;
    }
    return a < actual.size() && actual[a] == expected[e] && matches(expected, e + 1, actual, a + 1, furthest);
}

/// One command with the output that the document shows.
struct Shown {
    std::string command;
    std::size_t line = 0;
    Lines output;
};

std::vector<Shown> commands_of(const Block& block) {
    std::vector<Shown> result;
    for (std::size_t i = 0; i < block.lines.size(); ++i) {
        const std::string& line = block.lines[i];
        if (line.starts_with("$ ")) {
            result.push_back({line.substr(2), block.line + i + 1, {}});
        } else if (!result.empty()) {
            result.back().output.push_back(line);
        }
    }
    return result;
}

/// What is wrong with what the document shows; empty when nothing is.
std::string difference(const Shown& shown, const fs::path& folder) {
    std::vector<std::string> words = words_of(shown.command);
    if (words.empty() || words.front() != "tlbcheck") return "not a tlbcheck command: " + shown.command;
    words.erase(words.begin());
    const ProgramResult result = run_tlbcheck(words, {}, folder);
    if (result.status >= 4)
        return fmt::format("{}: exit code {}\n{}", shown.command, result.status, result.err);
    std::size_t furthest = 0;
    if (matches(shown.output, 0, lines_of(result.out + result.err), 0, furthest)) return {};
    const std::string missing = furthest < shown.output.size() ? shown.output[furthest] : "(the end)";
    return fmt::format("{}\nno such output: {}\nit printed:\n{}{}", shown.command, missing,
                       result.out.substr(0, 8000), result.err);
}

bool is_file_block(const std::vector<std::string>& info) {
    static constexpr std::string_view kinds[] = {"sched", "litmus", "toml"};
    return info.size() == 2 && std::ranges::find(kinds, info.front()) != std::end(kinds);
}

/// Runs the document; returns how many commands it has.
std::size_t run_document(const fs::path& document) {
    const TemporaryFolder scratch;
    for (const char* name : {"examples", "docs"}) {
        fs::create_directory_symlink(fs::absolute(source_dir() / name), scratch.path() / name);
    }
    std::size_t count = 0;
    for (const Block& block : blocks_of(document)) {
        const std::vector<std::string> info = words_of(block.info);
        if (is_file_block(info)) {
            std::string text;
            for (const std::string& line : block.lines) text += line + "\n";
            scratch.write(info[1], text);
        }
        if (info.size() != 1 || info.front() != "console") continue;
        for (const Shown& shown : commands_of(block)) {
            ++count;
            const std::string wrong = difference(shown, scratch.path());
            if (!wrong.empty())
                FAIL_CHECK(document.filename().string() << ":" << shown.line << ": " << wrong);
        }
    }
    return count;
}

std::vector<fs::path> documents() {
    std::vector<fs::path> result{source_dir() / "README.md"};
    for (const auto& entry : fs::directory_iterator(source_dir() / "docs")) {
        if (entry.path().extension() == ".md") result.push_back(entry.path());
    }
    std::ranges::sort(result);
    return result;
}

TEST_CASE("every command in README.md and docs prints what is shown") {
    std::size_t count = 0;
    for (const fs::path& document : documents()) count += run_document(document);
    CHECK(count >= 10);
}

TEST_CASE("every configuration in the documents can be read") {
    std::size_t count = 0;
    for (const fs::path& document : documents()) {
        for (const Block& block : blocks_of(document)) {
            if (!block.info.starts_with("toml")) continue;
            std::string text;
            for (const std::string& line : block.lines) text += line + "\n";
            const auto read = tlbcheck::checker::parse_gate_config(
                tlbcheck::litmus::make_source(document.filename().string(), text));
            CHECK(tlbcheck::litmus::render(read.diagnostics()).empty());
            ++count;
        }
    }
    CHECK(count > 0);
}

TEST_CASE("output is shown in blocks that are run, and nowhere else") {
    for (const fs::path& document : documents()) {
        for (const Block& block : blocks_of(document)) {
            const std::vector<std::string> info = words_of(block.info);
            INFO(document.filename().string() << ":" << block.line);
            const bool run = !info.empty() && (info.front() == "console" || is_file_block(info));
            if (run) continue;
            CHECK((info.empty() || info.front() == "toml" || info.front() == "diff"));
            for (const std::string& line : block.lines) CHECK_FALSE(line.starts_with("$ "));
        }
    }
}

TEST_CASE("the picture in README.md is what explain draws") {
    const auto result = run_tlbcheck({"explain", "--svg", "-", "docs/images/per_leaf_of_two.sched"});
    CHECK(result.status == 0);
    CHECK(result.out == read_text(source_dir() / "docs/images/counterexample.svg"));
}

/// "(target)" of each Markdown link and "src=" of each picture that is no address and no place in the same
/// document.
std::vector<std::string> links_of(const std::string& text) {
    std::vector<std::string> links;
    for (const std::string_view opening : {"](", "src=\""}) {
        for (std::size_t at = text.find(opening); at != std::string::npos; at = text.find(opening, at + 1)) {
            const std::size_t begin = at + opening.size();
            std::string target = text.substr(begin, text.find_first_of(")\"#\n", begin) - begin);
            if (!target.empty() && target.find("://") == std::string::npos)
                links.push_back(std::move(target));
        }
    }
    return links;
}

TEST_CASE("links between the documents lead somewhere") {
    for (const fs::path& document : documents()) {
        for (const std::string& link : links_of(read_text(document))) {
            INFO(document.filename().string() << ": " << link);
            CHECK(fs::exists(document.parent_path() / link));
        }
    }
}

TEST_CASE("an elision stands for any lines, none included") {
    std::size_t reached = 0;
    CHECK(matches({"a", "...", "c"}, 0, {"a", "b", "b", "c"}, 0, reached));
    CHECK(matches({"a", "...", "c"}, 0, {"a", "c"}, 0, reached));
    CHECK(matches({"...", "c", "..."}, 0, {"c", "c"}, 0, reached));
    CHECK_FALSE(matches({"a", "..."}, 0, {"b", "a"}, 0, reached));
    CHECK_FALSE(matches({"a"}, 0, {"a", "b"}, 0, reached));
    CHECK_FALSE(matches({"a", "b"}, 0, {"a"}, 0, reached));
}

}  // namespace
