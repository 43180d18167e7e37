// SPDX-License-Identifier: Apache-2.0
//
// Writing files whole or not at all.

#include "checker/atomic_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstring>
#include <mutex>
#include <optional>
#include <system_error>

namespace tlbcheck::checker {
namespace {

namespace fs = std::filesystem;

std::string failure(const fs::path& path, int error) {
    return fmt::format("cannot write {}: {}", path.string(), std::strerror(error));
}

/// 0, or the errno of the write that failed.
int write_all(int fd, std::string_view text) {
    while (!text.empty()) {
        const ssize_t written = ::write(fd, text.data(), text.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return errno;
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    return 0;
}

int write_in_place(const fs::path& path, std::string_view text) {
    const int fd = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
    if (fd < 0) return errno;
    const int error = write_all(fd, text);
    return ::close(fd) != 0 && error == 0 ? errno : error;
}

mode_t mode_for(const std::optional<struct stat>& existing) {
    if (existing) return existing->st_mode & 07777U;
    const mode_t mask = ::umask(0);
    ::umask(mask);
    return 0666U & ~mask;
}

/// The name of the file being written, where a signal handler finds it; one file at a time.
std::mutex writing;
std::array<char, PATH_MAX> unfinished{};
volatile std::sig_atomic_t is_unfinished = 0;

int write_and_rename(const fs::path& target, std::string_view text, mode_t mode) {
    const std::string pattern =
        (target.parent_path() / fmt::format(".{}.XXXXXX", target.filename().string())).string();
    if (pattern.size() >= unfinished.size()) return ENAMETOOLONG;
    const std::lock_guard lock(writing);
    std::memcpy(unfinished.data(), pattern.c_str(), pattern.size() + 1);
    const char* const name = unfinished.data();
    is_unfinished = 1;
    const int fd = ::mkstemp(unfinished.data());
    if (fd < 0) {
        is_unfinished = 0;
        return errno;
    }
    int error = write_all(fd, text);
    if (error == 0 && ::fchmod(fd, mode) != 0) error = errno;
    if (error == 0 && ::fsync(fd) != 0 && errno != EINVAL && errno != EROFS) error = errno;
    if (::close(fd) != 0 && error == 0) error = errno;
    if (error == 0 && ::rename(name, target.c_str()) != 0) error = errno;
    if (error != 0) ::unlink(name);
    is_unfinished = 0;
    return error;
}

}  // namespace

void remove_unfinished_file() noexcept {
    if (is_unfinished != 0) ::unlink(unfinished.data());
}

std::string write_file_atomically(const fs::path& path, std::string_view text) {
    fs::path target = path;
    std::error_code ignored;
    // A link is followed to where it leads, so that it stays a link; one that leads nowhere yet as well.
    for (int hops = 0; fs::is_symlink(target, ignored) && hops < 40; ++hops) {
        const fs::path next = fs::read_symlink(target, ignored);
        target = next.is_absolute() ? next : target.parent_path() / next;
    }
    struct stat found {};
    std::optional<struct stat> existing;
    if (::stat(target.c_str(), &found) == 0) existing = found;
    int error = 0;
    if (existing && S_ISDIR(existing->st_mode))
        error = EISDIR;
    else if (existing && !S_ISREG(existing->st_mode))
        error = write_in_place(target, text);
    else
        error = write_and_rename(target, text, mode_for(existing));
    return error == 0 ? std::string() : failure(path, error);
}

}  // namespace tlbcheck::checker
