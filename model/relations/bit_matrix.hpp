// SPDX-License-Identifier: Apache-2.0
//
// Square bit matrices and bit rows: static relations and sets over the events of a graph.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace tlbcheck::model {

using Word = std::uint64_t;

/// A set of event numbers below `size()`.
class BitRow {
  public:
    BitRow() = default;
    explicit BitRow(std::size_t size) : size_(size), words_((size + 63) / 64) {}
    std::size_t size() const { return size_; }
    bool test(std::size_t i) const { return (words_[i / 64] >> (i % 64) & 1U) != 0; }
    void set(std::size_t i) { words_[i / 64] |= Word{1} << (i % 64); }
    void reset(std::size_t i) { words_[i / 64] &= ~(Word{1} << (i % 64)); }
    void fill();
    bool any() const;
    std::size_t count() const;
    std::span<Word> words() { return words_; }
    std::span<const Word> words() const { return words_; }
    friend bool operator==(const BitRow&, const BitRow&) = default;

  private:
    std::size_t size_ = 0;
    std::vector<Word> words_;
};

/// A relation over event numbers below `size()`; row i holds the successors of i.
class BitMatrix {
  public:
    BitMatrix() = default;
    explicit BitMatrix(std::size_t size) : size_(size), stride_((size + 63) / 64), words_(size * stride_) {}
    std::size_t size() const { return size_; }
    bool test(std::size_t i, std::size_t j) const {
        return (words_[i * stride_ + j / 64] >> (j % 64) & 1U) != 0;
    }
    void set(std::size_t i, std::size_t j) { words_[i * stride_ + j / 64] |= Word{1} << (j % 64); }
    void reset(std::size_t i, std::size_t j) { words_[i * stride_ + j / 64] &= ~(Word{1} << (j % 64)); }
    std::span<Word> row(std::size_t i) { return std::span(words_).subspan(i * stride_, stride_); }
    std::span<const Word> row(std::size_t i) const { return std::span(words_).subspan(i * stride_, stride_); }
    bool any() const;
    std::size_t count() const;
    BitMatrix transposed() const;
    /// this := transitive closure (Warshall).
    void close();
    friend bool operator==(const BitMatrix&, const BitMatrix&) = default;

  private:
    std::size_t size_ = 0;
    std::size_t stride_ = 0;
    std::vector<Word> words_;
};

inline void or_into(std::span<Word> target, std::span<const Word> source) {
    for (std::size_t w = 0; w < target.size(); ++w) target[w] |= source[w];
}
inline void and_into(std::span<Word> target, std::span<const Word> source) {
    for (std::size_t w = 0; w < target.size(); ++w) target[w] &= source[w];
}
inline void remove_from(std::span<Word> target, std::span<const Word> source) {
    for (std::size_t w = 0; w < target.size(); ++w) target[w] &= ~source[w];
}
/// target |= a & b.
inline void or_common(std::span<Word> target, std::span<const Word> a, std::span<const Word> b) {
    for (std::size_t w = 0; w < target.size(); ++w) target[w] |= a[w] & b[w];
}

/// S * T.
BitMatrix product(const BitRow& s, const BitRow& t);
/// [S].
BitMatrix identity(const BitRow& s);
/// a; b.
BitMatrix compose(const BitMatrix& a, const BitMatrix& b);
/// [S]; r.
BitMatrix restrict_domain(const BitRow& s, const BitMatrix& r);
/// r; [S].
BitMatrix restrict_range(BitMatrix r, const BitRow& s);

/// Calls f(i) for each set bit, ascending.
template <class F>
void for_each_bit(std::span<const Word> words, F&& f) {
    for (std::size_t w = 0; w < words.size(); ++w) {
        for (Word bits = words[w]; bits != 0; bits &= bits - 1) {
            f(w * 64 + static_cast<std::size_t>(std::countr_zero(bits)));
        }
    }
}

}  // namespace tlbcheck::model
