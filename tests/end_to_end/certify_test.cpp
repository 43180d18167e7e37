// SPDX-License-Identifier: Apache-2.0
//
// check --certify, recheck and --smt2 from outside: all examples certify, what was changed or cut short is
// refused, nothing half done is left, and another solver agrees.
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "checker/certificate/certificate.hpp"
#include "tests/end_to_end/examples.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/program.hpp"
#include "tests/support/seeds.hpp"
#include "tests/support/skip.hpp"
#include "tests/support/text.hpp"

using namespace tlbcheck::tests;  // NOLINT(google-build-using-namespace)
namespace fs = std::filesystem;

namespace {

/// Every schedule and every recorded run of the examples, and of the bugs on record where those are there.
std::vector<std::string> all_schedules() {
    std::vector<std::string> files;
    std::vector<fs::path> folders{source_dir() / "examples"};
    if (const auto shared = shared_dir(); shared && fs::exists(*shared / "history"))
        folders.push_back(*shared / "history");
    for (const fs::path& folder : folders) {
        for (const auto& entry : fs::recursive_directory_iterator(folder)) {
            const fs::path kind = entry.path().extension();
            if (kind == ".sched" || kind == ".log") files.push_back(entry.path().string());
        }
    }
    std::ranges::sort(files);
    return files;
}

void write(const fs::path& file, const std::string& text) {
    std::ofstream(file, std::ios::binary) << text;
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
            CHECK(before["certificate"].is_null());
            CHECK(before["verdict"] == after["verdict"]);
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
    std::vector<std::string> extensions{".cnf", ".drat"};
    if (!proofs(certificate, ".lrat").empty()) extensions.emplace_back(".lrat");
    for (const std::string& extension : extensions) {
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

TEST_CASE("a run that is killed at any moment leaves a whole certificate or none", "[long]") {
    const TemporaryFolder folder;
    const std::vector<std::string> files{batched, "examples/break_before_make/fold_with_bbm.sched",
                                         "examples/vmemmap/flush_before_free.sched"};
    const fs::path whole = folder.path() / "whole", certificate = folder.path() / "c";
    const auto command = with({program_path().string(), "check", "--certify", certificate.string()}, files);
    const auto start = std::chrono::steady_clock::now();
    run_tlbcheck(with({"check", "--certify", whole.string()}, files));
    const std::chrono::duration<double> all = std::chrono::steady_clock::now() - start;
    const std::string complete = read_text(whole / "certificate.json");
    const int moments = long_pass() ? 120 : 12;
    int killed = 0;
    for (int k = 0; k < moments; ++k) {
        // Half of the runs replace a certificate that is there.
        if (k % 2 == 0) fs::remove_all(certificate);
        const std::string seconds = std::to_string(all.count() * 1.2 * k / moments + 0.001);
        const ProgramResult run = run_command(with({"timeout", "-s", "KILL", seconds}, command));
        killed += run.status == 0 || run.status == 1 ? 0 : 1;
        for (const auto& entry : fs::directory_iterator(folder.path())) {
            if (run_tlbcheck({"recheck", entry.path().string()}).status != 0) continue;
            CAPTURE(entry.path(), seconds);
            CHECK(read_text(entry.path() / "certificate.json") == complete);
        }
    }
    CHECK(killed > moments / 4);
    // What is there may be what a killed run left: the next one puts a whole certificate in its place.
    run_command(command);
    CHECK(read_text(certificate / "certificate.json") == complete);
}

TEST_CASE("hostile certificates are refused with a message, and nothing outside of them is read") {
    const TemporaryFolder folder;
    const fs::path certificate = folder.path() / "c";
    REQUIRE(run_tlbcheck({"check", "--certify", certificate.string(), batched}).status == 0);
    const fs::path cnf = proofs(certificate, ".cnf").front(), list = certificate / "certificate.json";
    const auto refuses = [&](int status, const std::string& message) {
        const ProgramResult result =
            run_command({"timeout", "20", "sh", "-c", "ulimit -v 2000000; exec \"$0\" recheck \"$1\"",
                         program_path().string(), certificate.string()});
        CAPTURE(result.out, result.err, message);
        CHECK(result.status == status);
        CHECK(has(result.out + result.err, message));
    };
    const auto with_other = [&](const fs::path& file, const auto& put, int status,
                                const std::string& message) {
        const fs::path aside = folder.path() / "aside";
        fs::rename(file, aside);
        put(aside);
        refuses(status, message);
        fs::remove_all(file);
        fs::rename(aside, file);
    };
    const auto link = [&](const fs::path& file) {
        return [file](const fs::path& aside) { fs::create_symlink(aside, file); };
    };
    const auto fifo = [&](const fs::path& file) {
        return [file](const fs::path&) { run_command({"mkfifo", file.string()}); };
    };
    const auto text = [&](const fs::path& file, const std::string& what) {
        return [file, what](const fs::path&) { write(file, what); };
    };
    with_other(cnf, link(cnf), 1, "outside");
    with_other(list, link(list), 2, "outside");
    with_other(certificate / "proofs", link(certificate / "proofs"), 1, "outside");
    with_other(cnf, fifo(cnf), 1, "no regular file");
    with_other(list, fifo(list), 2, "no regular file");
    with_other(
        cnf, [&](const fs::path&) { fs::create_directory(cnf); }, 1, "is a directory");
    with_other(
        cnf, [&](const fs::path&) { fs::create_symlink("/dev/zero", cnf); }, 1, "outside");
    with_other(
        cnf,
        [&](const fs::path&) {
            write(cnf, "");
            fs::resize_file(cnf, 300U << 20U);
        },
        1, "is larger than 256 MiB");
    with_other(cnf, text(cnf, "p cnf 8000000 1\n1 0\n"), 1, "more variables are declared");
    with_other(cnf, text(cnf, "p cnf 99999999999999999999 1\n1 0\n"), 1, "expected `p cnf");
    with_other(cnf, text(cnf, "p cnf 2 1\n-9223372036854775808 0\n"), 1, "not a clause");
    with_other(list, text(list, std::string(2'000'000, '[')), 2, "");
    with_other(list, text(list, R"({"schema": 7})"), 2, "");
    with_other(list,
               text(list, R"({"schema": "tlbcheck.certificate/1", "first_solver": "", "second_solver": "",
        "proved": [{"file": "f", "question": "q", "slice": "s", "observer": "o", "proof": "0123456789abcde/",
        "variables": -1, "clauses": 1e99, "steps": 0, "cnf_digest": "", "proof_digest": "", "lrat_digest": null}]})"),
               2, "a proof's name is not one of ours");
    refuses(0, "all hold");
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
