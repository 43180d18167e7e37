// SPDX-License-Identifier: Apache-2.0
// Texts of growing size, for measuring how cost grows.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace tlbcheck::bench {

/// "P0 invalidates n pages in one batch, P1 after a flag reads all n": a litmus test, n from 1 to 16. herd7
/// takes 20 to 120 s for n = 4 and more than 200 s for n = 5 (issue tracker of this project).
std::string batch_litmus(int pages);

/// How a range is unmapped.
enum class Shape : std::uint8_t {
    per_leaf,      ///< cleared and flushed leaf by leaf
    batched,       ///< cleared first and flushed at once
    tables_after,  ///< batched; then each level's tables are unhooked, level by level
    nested,        ///< leaf by leaf, each table unhooked after its last leaf, on every level
};
std::string to_string(Shape shape);

/// 4K pages, contiguous, `bytes` of them (a multiple of 64K).
std::string unmap_schedule(std::uint64_t bytes, Shape shape);

/// Exponent k of the power law cost = c * size^k that fits best (least squares of the logarithms).
double growth_exponent(const std::vector<double>& sizes, const std::vector<double>& costs);

/// "64K", "2G", "1T".
std::string size_text(std::uint64_t bytes);

}  // namespace tlbcheck::bench
