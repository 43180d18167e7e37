// SPDX-License-Identifier: Apache-2.0
// Bitcode with bits and bytes changed at random: an error with a message, or a module that runs to an answer.

#include <algorithm>
#include <random>

#include "tests/support/catch.hpp"
#include "tests/support/program.hpp"
#include "tests/support/run_bitcode.hpp"

using namespace tlbcheck::tests;

namespace {

std::string example() {
    return read_text(source_dir() / "examples/kernel_code/hot_remove.bc");
}

bool reads_bitcode() {
    const BitcodeRun run = run_bitcode(example(), 1000);
    if (run.error.empty()) {
        CHECK(run.finished + run.refused >= 8);
        return true;
    }
    CHECK(run.error.find("this build cannot read LLVM bitcode") != std::string::npos);
    return false;
}

/// A few bits flipped, a byte set, a stretch copied elsewhere, or the end cut off.
std::string mutated(std::string bytes, std::mt19937_64& random) {
    const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
    const std::size_t changes = 1 + below(3);
    for (std::size_t i = 0; i < changes; ++i) {
        // Not the first words, which say that it is bitcode.
        const std::size_t at = 8 + below(bytes.size() - 8);
        switch (below(8)) {
            case 0:
                bytes[at] = static_cast<char>(random());
                break;
            case 1: {
                const std::size_t count = std::min<std::size_t>(1 + below(16), bytes.size() - at);
                const std::size_t from = below(bytes.size() - count);
                std::copy_n(std::string(bytes).begin() + static_cast<std::ptrdiff_t>(from), count,
                            bytes.begin() + static_cast<std::ptrdiff_t>(at));
                break;
            }
            case 2:
                if (below(4) == 0) bytes.resize(at / 4 * 4);
                break;
            default:
                bytes[at] = static_cast<char>(static_cast<unsigned char>(bytes[at]) ^ (1U << below(8)));
        }
        if (bytes.size() < 64) break;
    }
    return bytes;
}

void mutate(std::size_t times, std::uint64_t seed) {
    if (!reads_bitcode()) return;
    std::mt19937_64 random(seed);
    const std::string whole = example();
    std::size_t errors = 0;
    std::size_t read = 0;
    for (std::size_t i = 0; i < times; ++i) {
        const BitcodeRun run = run_bitcode(mutated(whole, random), 50);
        if (run.error.empty()) {
            ++read;
            continue;
        }
        ++errors;
        CAPTURE(run.error, i);
        CHECK(run.error.find('\n') == std::string::npos);
        CHECK(run.error.find("mutated.bc") != std::string::npos);
    }
    CHECK(errors > times / 10);
    CHECK(read > 0);
}

}  // namespace

TEST_CASE("mutated bitcode never brings the program down") {
    mutate(60, 1);
}

TEST_CASE("mutated bitcode by thousands", "[.long]") {
    mutate(4000, 2);
}
