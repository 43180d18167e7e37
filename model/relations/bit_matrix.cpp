// SPDX-License-Identifier: Apache-2.0
//
// Closures and cycles on rows of 64 bits.
#include "model/relations/bit_matrix.hpp"

#include <algorithm>
#include <utility>

#include "model/limits/budget.hpp"

namespace tlbcheck::model {

void BitRow::fill() {
    std::ranges::fill(words_, ~Word{0});
    if (size_ % 64 != 0) words_.back() &= (Word{1} << (size_ % 64)) - 1;
}

bool BitRow::any() const {
    return std::ranges::any_of(words_, [](Word w) { return w != 0; });
}

std::size_t BitRow::count() const {
    std::size_t n = 0;
    for (const Word w : words_) n += static_cast<std::size_t>(std::popcount(w));
    return n;
}

bool BitMatrix::any() const {
    return std::ranges::any_of(words_, [](Word w) { return w != 0; });
}

std::size_t BitMatrix::count() const {
    std::size_t n = 0;
    for (const Word w : words_) n += static_cast<std::size_t>(std::popcount(w));
    return n;
}

BitMatrix BitMatrix::transposed() const {
    BitMatrix result(size_);
    for (std::size_t i = 0; i < size_; ++i) {
        poll();
        for_each_bit(row(i), [&](std::size_t j) { result.set(j, i); });
    }
    return result;
}

void BitMatrix::close() {
    for (std::size_t k = 0; k < size_; ++k) {
        poll_now();
        for (std::size_t i = 0; i < size_; ++i) {
            if (i != k && test(i, k)) or_into(row(i), std::as_const(*this).row(k));
        }
    }
}

BitMatrix product(const BitRow& s, const BitRow& t) {
    BitMatrix result(s.size());
    for_each_bit(s.words(), [&](std::size_t i) { or_into(result.row(i), t.words()); });
    return result;
}

BitMatrix identity(const BitRow& s) {
    BitMatrix result(s.size());
    for_each_bit(s.words(), [&](std::size_t i) { result.set(i, i); });
    return result;
}

BitMatrix compose(const BitMatrix& a, const BitMatrix& b) {
    BitMatrix result(a.size());
    for (std::size_t i = 0; i < a.size(); ++i) {
        poll();
        const auto row = result.row(i);
        for_each_bit(a.row(i), [&](std::size_t k) { or_into(row, b.row(k)); });
    }
    return result;
}

BitMatrix restrict_domain(const BitRow& s, const BitMatrix& r) {
    BitMatrix result(r.size());
    for_each_bit(s.words(), [&](std::size_t i) { or_into(result.row(i), r.row(i)); });
    return result;
}

BitMatrix restrict_range(BitMatrix r, const BitRow& s) {
    for (std::size_t i = 0; i < r.size(); ++i) and_into(r.row(i), s.words());
    return r;
}

}  // namespace tlbcheck::model
