// SPDX-License-Identifier: Apache-2.0
// Runs programs for tests: output goes to files in a scratch folder, so that no pipe can fill up and block.

#include "tests/support/program.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <system_error>

namespace tlbcheck::tests {
namespace {

namespace fs = std::filesystem;

std::optional<std::string> environment(const char* name) {
    const char* value = std::getenv(name);
    if (value == nullptr || *value == '\0') return std::nullopt;
    return std::string(value);
}

bool redirect(const fs::path& file, int flags, int descriptor) {
    const int opened = ::open(file.c_str(), flags, 0600);
    return opened >= 0 && ::dup2(opened, descriptor) >= 0 && ::close(opened) == 0;
}

[[noreturn]] void become(std::vector<char*>& argv, const fs::path& scratch, const fs::path& folder) {
    constexpr int create = O_WRONLY | O_CREAT | O_TRUNC;
    if (redirect(scratch / "in", O_RDONLY, STDIN_FILENO) &&
        redirect(scratch / "out", create, STDOUT_FILENO) &&
        redirect(scratch / "err", create, STDERR_FILENO) && ::chdir(folder.c_str()) == 0) {
        ::execvp(argv[0], argv.data());
    }
    ::_exit(127);
}

void wait_for(pid_t child, ProgramResult& result) {
    int status = 0;
    rusage usage{};
    while (::wait4(child, &status, 0, &usage) < 0) {
        if (errno != EINTR) throw std::system_error(errno, std::generic_category(), "wait4");
    }
    result.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    const auto seconds = [](const timeval& t) {
        return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
    };
    result.processor_seconds = seconds(usage.ru_utime) + seconds(usage.ru_stime);
    result.peak_kib = static_cast<std::uint64_t>(usage.ru_maxrss);
}

}  // namespace

fs::path source_dir() {
    const auto set = environment("TLBCHECK_SOURCE_DIR");
    return set ? fs::path(*set) : fs::current_path();
}

std::optional<fs::path> shared_dir() {
    const auto set = environment("TLBCHECK_SHARED");
    const fs::path folder = set ? fs::path(*set) : source_dir() / ".." / "shared";
    if (!fs::is_directory(folder / "conformance")) return std::nullopt;
    return folder.lexically_normal();
}

std::optional<fs::path> herdtools7_dir() {
    auto set = environment("TLBCHECK_HERDTOOLS7");
    if (!set) set = environment("TLBCHECK_HERDTOOLS");
    if (!set) return std::nullopt;
    fs::path folder(*set);
    if (!fs::is_directory(folder / "herd" / "libdir") && !fs::is_directory(folder / "catalogue"))
        throw std::runtime_error(*set + " is no herdtools7 checkout: no herd/libdir, no catalogue");
    return folder;
}

fs::path program_path() {
    const auto set = environment("TLBCHECK_PROGRAM");
    return set ? fs::path(*set) : source_dir() / "build" / "tlbcheck";
}

ProgramResult run_command(const std::vector<std::string>& command, std::string_view input,
                          const fs::path& folder) {
    if (command.empty()) throw std::runtime_error("run_command: no command");
    const TemporaryFolder scratch;
    scratch.write("in", input);
    std::vector<std::string> words = command;
    std::vector<char*> argv;
    argv.reserve(words.size() + 1);
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);

    const auto start = std::chrono::steady_clock::now();
    const pid_t child = ::fork();
    if (child < 0) throw std::system_error(errno, std::generic_category(), "fork");
    if (child == 0) become(argv, scratch.path(), folder);
    ProgramResult result;
    wait_for(child, result);
    result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    result.out = read_text(scratch.path() / "out");
    result.err = read_text(scratch.path() / "err");
    return result;
}

ProgramResult run_tlbcheck(const std::vector<std::string>& arguments, std::string_view input,
                           const fs::path& folder) {
    std::vector<std::string> command = {program_path().string()};
    command.insert(command.end(), arguments.begin(), arguments.end());
    return run_command(command, input, folder);
}

std::string read_text(const fs::path& file) {
    std::ifstream stream(file, std::ios::binary);
    if (!stream) throw std::runtime_error("cannot read " + file.string());
    return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

TemporaryFolder::TemporaryFolder() {
    std::string name = (fs::temp_directory_path() / "tlbcheck-test-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::system_error(errno, std::generic_category(), "mkdtemp");
    path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;  // A test's verdict does not hang on its scratch files.
    fs::remove_all(path_, ignored);
}

fs::path TemporaryFolder::write(std::string_view name, std::string_view text) const {
    fs::path file = path_ / name;
    fs::create_directories(file.parent_path());
    std::ofstream stream(file, std::ios::binary);
    stream.write(text.data(), static_cast<std::streamsize>(text.size()));
    if (!stream.flush()) throw std::runtime_error("cannot write " + file.string());
    return file;
}

}  // namespace tlbcheck::tests
