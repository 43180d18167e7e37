// SPDX-License-Identifier: Apache-2.0
//
// Reading files that nobody vouches for: never more than the limit, nothing that is no regular file (a FIFO
// blocks, /dev/zero has no end), nothing from outside of where includes may be.

#include "litmus/source_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <mutex>
#include <system_error>
#include <utility>

namespace tlbcheck::litmus {
namespace {

namespace fs = std::filesystem;

class Descriptor {
  public:
    explicit Descriptor(int number) : number_(number) {}
    ~Descriptor() {
        if (number_ > STDERR_FILENO) ::close(number_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    Descriptor(Descriptor&&) = delete;
    Descriptor& operator=(Descriptor&&) = delete;
    int number() const { return number_; }

  private:
    int number_;
};

/// At most `most` bytes; nullopt with `why` when there are more, or they cannot be read.
std::optional<std::string> read_bytes(int descriptor, std::size_t most, std::string& why) {
    constexpr std::size_t piece = std::size_t{1} << 16;
    std::string text;
    for (;;) {
        const std::size_t have = text.size();
        text.resize(std::min(have + piece, most + 1));
        const ssize_t got = ::read(descriptor, text.data() + have, text.size() - have);
        if (got < 0 && errno == EINTR) {
            text.resize(have);
            continue;
        }
        if (got < 0) {
            why = "cannot be read";
            return std::nullopt;
        }
        text.resize(have + static_cast<std::size_t>(got));
        if (got == 0) return text;
        if (text.size() > most) {
            why = fmt::format("is larger than {} MiB", most >> 20U);
            return std::nullopt;
        }
    }
}

/// Read once, however often it is named.
Source standard_input(std::string& why) {
    static std::mutex reading;
    static Source source;
    static std::string failure;
    const std::lock_guard lock(reading);
    if (!source && failure.empty()) {
        auto text = read_bytes(STDIN_FILENO, most_source_bytes, failure);
        if (text) source = make_source("<stdin>", std::move(*text));
    }
    why = failure;
    return source;
}

/// Opened without waiting for a writer at the other end, and asked only then what it is.
Source read_file(const std::string& path, const std::string& name, std::size_t most, std::string& why) {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    if (file.number() < 0) {
        why = errno == ENOENT || errno == ENOTDIR ? "no such file" : "cannot be read";
        return nullptr;
    }
    struct stat found {};
    if (::fstat(file.number(), &found) != 0 || S_ISDIR(found.st_mode)) {
        why = S_ISDIR(found.st_mode) ? "is a directory" : "cannot be read";
        return nullptr;
    }
    if (!S_ISREG(found.st_mode)) {
        why = "is no regular file ('-' reads standard input)";
        return nullptr;
    }
    auto text = read_bytes(file.number(), most, why);
    return text ? make_source(name, std::move(*text)) : nullptr;
}

fs::path resolved(const fs::path& path) {
    std::error_code error;
    fs::path result = fs::weakly_canonical(fs::absolute(path, error), error);
    return error ? fs::path() : result;
}

bool lies_below(const fs::path& path, const fs::path& folder) {
    return std::mismatch(folder.begin(), folder.end(), path.begin(), path.end()).first == folder.end();
}

}  // namespace

Source read_source(const std::string& path, std::string& why) {
    if (path == "-") return standard_input(why);
    return read_file(path, path, most_source_bytes, why);
}

Source read_list(const std::string& path, std::string& why) {
    return read_file(path, path, most_list_bytes, why);
}

IncludeRoot::IncludeRoot(const std::string& file, const std::optional<std::string>& more) {
    fs::path own = resolved(fs::path(file).parent_path() / ".");
    if (!own.empty()) folders_.push_back(std::move(own));
    if (more) folders_.push_back(resolved(fs::path(*more) / "."));
    for (fs::path& folder : folders_) {
        if (!folder.has_filename())
            folder = folder.parent_path();  // no empty last part, which nothing matches
    }
}

bool IncludeRoot::holds(const std::string& path) const {
    const fs::path target = resolved(path);
    return !target.empty() &&
           std::ranges::any_of(folders_, [&](const fs::path& folder) { return lies_below(target, folder); });
}

Source IncludeRoot::read(const std::string& path, std::string& why, std::size_t most) const {
    const fs::path target = resolved(path);
    if (!holds(path)) {
        why = outside();
        return nullptr;
    }
    return read_file(target.string(), path, most, why);
}

const char* IncludeRoot::outside() {
    return "it lies outside of the folder of the file that was given; --include-root DIR allows one more";
}

}  // namespace tlbcheck::litmus
