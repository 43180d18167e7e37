// SPDX-License-Identifier: Apache-2.0
//
// Real signals at the running program: it ends at once with the shell's exit code for them, and writes
// nothing.
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <thread>

#include "tests/support/catch.hpp"
#include "tests/support/program.hpp"

using namespace tlbcheck::tests;  // NOLINT(google-build-using-namespace)
namespace fs = std::filesystem;

namespace {

/// Solved in one piece it takes minutes, nearly all of them within the solver.
std::string endless_schedule() {
    std::string text =
        "include \"linux.sched\";\n"
        "region R { va = 0xffff000000000000; pa = 0x10000000; size = 256K; }\n";
    for (int thread = 0; thread < 3; ++thread)
        text += "thread P" + std::to_string(thread) +
                " { for (l : R) { clear(l); flush_tlb_kernel_range(l); load(l); } }\n";
    return text + "assert no_stale_entry(R);\n";
}

class Running {
  public:
    Running(std::vector<std::string> words, const fs::path& folder) {
        words.insert(words.begin(), program_path().string());
        std::fflush(nullptr);
        child_ = ::fork();
        REQUIRE(child_ >= 0);
        if (child_ != 0) return;
        std::vector<char*> argv;
        for (std::string& word : words) argv.push_back(word.data());
        argv.push_back(nullptr);
        if (::chdir(folder.c_str()) == 0 && std::freopen("out", "w", stdout) != nullptr &&
            std::freopen("err", "w", stderr) != nullptr)
            ::execv(argv[0], argv.data());
        ::_exit(127);
    }

    /// Waits until the program is at work: it has used that much processor time, in clock ticks.
    void at_work(long ticks) const {
        while (used() < ticks) std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    void send(int signal) const { CHECK(::kill(child_, signal) == 0); }
    /// As a shell shows it.
    int status() const {
        int raw = 0;
        REQUIRE(::waitpid(child_, &raw, 0) == child_);
        return WIFEXITED(raw) ? WEXITSTATUS(raw) : 128 + WTERMSIG(raw);
    }

  private:
    /// User time of the child: field 14 of proc(5)'s stat, the twelfth behind the name.
    long used() const {
        std::ifstream stream("/proc/" + std::to_string(child_) + "/stat");
        const std::string text{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
        std::size_t at = text.rfind(')');
        for (int field = 0; field < 12 && at != std::string::npos; ++field) at = text.find(' ', at + 1);
        return at == std::string::npos ? 0 : std::strtol(text.c_str() + at, nullptr, 10);
    }

    pid_t child_ = -1;
};

std::size_t files_in(const fs::path& folder) {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

}  // namespace

TEST_CASE("an interrupt ends every command at once, and nothing is written") {
    const std::vector<std::vector<std::string>> commands{
        {"check", "--no-slicing", "a.sched"},
        {"check", "--no-slicing", "-j", "2", "a.sched", "b.sched"},
        {"check", "--no-slicing", "--json", "a.sched"},
        {"explain", "--no-slicing", "--html", "a.html", "--svg", "a.svg", "a.sched"},
        {"compare", "--no-slicing", "a.sched", "b.sched"},
        {"gate", "--no-slicing", "--junit", "a.xml", "--sarif", "a.sarif", "."}};
    for (const auto& command : commands) {
        for (const long ticks : {1L, 20L, 60L}) {
            const TemporaryFolder folder;
            folder.write("a.sched", endless_schedule());
            folder.write("b.sched", endless_schedule());
            const Running program(command, folder.path());
            program.at_work(ticks);
            program.send(SIGINT);
            INFO(command[0] << " after " << ticks << " ticks");
            CHECK(program.status() == 130);
            CHECK(read_text(folder.path() / "out").empty());
            CHECK(read_text(folder.path() / "err").empty());
            CHECK(files_in(folder.path()) == 4);  // the schedules and what was printed
        }
    }
}

TEST_CASE("what an earlier run wrote stays") {
    const TemporaryFolder folder;
    folder.write("a.sched", endless_schedule());
    folder.write("a.html", "of yesterday");
    const Running program({"explain", "--no-slicing", "--html", "a.html", "a.sched"}, folder.path());
    program.at_work(30);
    program.send(SIGINT);
    CHECK(program.status() == 130);
    CHECK(read_text(folder.path() / "a.html") == "of yesterday");
}

TEST_CASE("a job that is cancelled ends with that signal's code") {
    for (const int signal : {SIGTERM, SIGHUP}) {
        const TemporaryFolder folder;
        folder.write("a.sched", endless_schedule());
        const Running program({"gate", "--no-slicing", "."}, folder.path());
        program.at_work(10);
        program.send(signal);
        CHECK(program.status() == 128 + signal);
    }
}
