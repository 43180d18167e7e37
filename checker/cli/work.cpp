// SPDX-License-Identifier: Apache-2.0
//
// Which of the files are worked on, and how many at once.
#include <atomic>
#include <cstdlib>
#include <mutex>
#include <thread>

#include <fmt/format.h>

#include "checker/cli/common.hpp"

namespace tlbcheck::checker::cli {

void run_in_order(std::size_t count, unsigned jobs, const std::function<void(std::size_t)>& work,
                  const std::function<void(std::size_t)>& done) {
    std::atomic<std::size_t> next{0};
    std::mutex mutex;
    std::vector<bool> finished(count);
    std::size_t reported = 0;
    const auto worker = [&] {
        for (std::size_t i = next++; i < count; i = next++) {
            work(i);
            const std::lock_guard lock(mutex);
            finished[i] = true;
            while (reported < count && finished[reported]) done(reported++);
        }
    };
    if (jobs <= 1 || count <= 1) {
        worker();
        return;
    }
    std::vector<std::jthread> threads;
    for (unsigned t = 0; t < jobs && t < count; ++t) threads.emplace_back(worker);
}

std::optional<Shard> parse_shard(const std::optional<std::string>& given) {
    Shard shard;
    if (!given) {
        const char* index =
            std::getenv("CI_NODE_INDEX");  // NOLINT(concurrency-mt-unsafe): read before threads start
        const char* total = std::getenv("CI_NODE_TOTAL");  // NOLINT(concurrency-mt-unsafe)
        if (index == nullptr || total == nullptr) return shard;
        return parse_shard(std::string(index) + "/" + total);
    }
    const std::string& text = *given;
    const std::size_t slash = text.find('/');
    const auto digits = [](const std::string& s) {
        return !s.empty() && s.size() < 7 && s.find_first_not_of("0123456789") == std::string::npos;
    };
    const std::string first = text.substr(0, std::min(slash, text.size()));
    const std::string second = slash == std::string::npos ? "" : text.substr(slash + 1);
    if (digits(first) && digits(second)) shard = {std::stoul(first), std::stoul(second)};
    if (!digits(first) || !digits(second) || shard.index < 1 || shard.index > shard.total) {
        complain(fmt::format("shard '{}': expected I/N with 1 <= I <= N", litmus::printable(text)));
        return std::nullopt;
    }
    return shard;
}

std::optional<std::vector<std::string>> shard_of(const std::vector<std::string>& files,
                                                 const std::optional<std::string>& given) {
    const auto shard = parse_shard(given);
    if (!shard) return std::nullopt;
    std::vector<std::string> part;
    for (std::size_t i = shard->index - 1; i < files.size(); i += shard->total) part.push_back(files[i]);
    return part;
}

}  // namespace tlbcheck::checker::cli
