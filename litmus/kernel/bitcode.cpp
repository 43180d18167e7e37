// SPDX-License-Identifier: Apache-2.0
//
// The module lies beside the program in a build tree, in TLBCHECK_MODULE_DIR when it is installed.

#include "litmus/kernel/bitcode.hpp"

#include <dlfcn.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <optional>

#include "model/limits/budget.hpp"

namespace tlbcheck::litmus::kernel {
namespace {

constexpr const char* module_name = "tlbcheck-kernel.so";

std::vector<std::filesystem::path> module_places() {
    std::error_code failure;
    const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", failure);
    if (failure) return {};
    const std::filesystem::path folder = program.parent_path();
    // The build tree's tests lie a folder below the program.
    return {folder / module_name, folder.parent_path() / module_name,
            folder.parent_path() / TLBCHECK_MODULE_DIR / module_name};
}

/// Loaded once and kept: LLVM cannot be unloaded.
ir::Entry entry(std::string& error) {
    static ir::Entry loaded = nullptr;
    if (loaded != nullptr) return loaded;
    for (const std::filesystem::path& place : module_places()) {
        std::error_code failure;
        if (!std::filesystem::is_regular_file(place, failure)) continue;
        void* const library = dlopen(place.c_str(), RTLD_NOW | RTLD_LOCAL);
        if (library == nullptr) {
            error = fmt::format("this build cannot read LLVM bitcode: {}", dlerror());
            return nullptr;
        }
        void* const symbol = dlsym(library, TLBCHECK_MODULE_ENTRY);
        if (symbol == nullptr) {
            error =
                fmt::format("this build cannot read LLVM bitcode: {} is of another version than the program",
                            place.string());
            dlclose(library);
            continue;
        }
        error.clear();
        loaded = reinterpret_cast<ir::Entry>(symbol);
        return loaded;
    }
    if (error.empty())
        error =
            "this build cannot read LLVM bitcode (it has no tlbcheck-kernel.so; the package tlbcheck-kernel "
            "brings it)";
    return nullptr;
}

/// In the child: reads, says what is wrong on `out`, and ends without running what the program would run at
/// its end.
[[noreturn]] void read_in_child(ir::Entry read, const std::vector<ir::BitcodeFile>& files, int out) {
    constexpr rlim_t most_seconds = 60;
    const rlimit no_core{0, 0};
    const rlimit time{most_seconds, most_seconds};
    setrlimit(RLIMIT_CORE, &no_core);
    setrlimit(RLIMIT_CPU, &time);
    for (const int each : {SIGABRT, SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGINT, SIGTERM})
        std::signal(each, SIG_DFL);
    const int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (nowhere >= 0) {
        dup2(nowhere, STDOUT_FILENO);
        dup2(nowhere, STDERR_FILENO);
    }
    Image image;
    std::string error;
    read(files, image, error);
    const char* at = error.data();
    for (std::size_t left = error.size(); left > 0;) {
        const ssize_t written = write(out, at, left);
        if (written <= 0) _exit(1);
        at += written;
        left -= static_cast<std::size_t>(written);
    }
    _exit(0);
}

std::string all_of(int in) {
    std::string result;
    std::array<char, 512> part{};
    for (;;) {
        const ssize_t got = read(in, part.data(), part.size());
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return result;
        result.append(part.data(), static_cast<std::size_t>(got));
    }
}

std::string names_of(const std::vector<ir::BitcodeFile>& files) {
    std::string result;
    for (const ir::BitcodeFile& file : files) result += (result.empty() ? "" : ", ") + file.name;
    return result;
}

/// What reading the files in a child process says; empty when it went well.
std::string try_in_child(ir::Entry read, const std::vector<ir::BitcodeFile>& files) {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0)
        return fmt::format("cannot read bitcode: {}", std::strerror(errno));
    const pid_t child = fork();
    if (child < 0) {
        close(ends[0]);
        close(ends[1]);
        return fmt::format("cannot read bitcode: {}", std::strerror(errno));
    }
    if (child == 0) read_in_child(read, files, ends[1]);
    close(ends[1]);
    const std::string said = all_of(ends[0]);
    close(ends[0]);
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
    if (WIFSIGNALED(status))
        return fmt::format("{}: LLVM cannot read it: it ended by signal {} ({})", names_of(files),
                           WTERMSIG(status), strsignal(WTERMSIG(status)));
    // LLVM's fatal errors end a process by exit.
    if (WEXITSTATUS(status) != 0 && said.empty())
        return fmt::format("{}: LLVM cannot read it", names_of(files));
    return said;
}

}  // namespace

Image load_bitcode(const std::vector<ir::BitcodeFile>& files, std::string& error) {
    error.clear();
    auto uncounted = std::make_optional<model::UncountedScope>();
    const ir::Entry read = entry(error);
    if (read == nullptr) return {};
    error = try_in_child(read, files);
    if (!error.empty()) return {};
    Image image;
    read(files, image, error);
    uncounted.reset();
    // What is kept is charged, and only what was charged is given back.
    Image result(image);
    uncounted.emplace();
    image = Image();
    return result;
}

}  // namespace tlbcheck::litmus::kernel
