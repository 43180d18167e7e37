// SPDX-License-Identifier: Apache-2.0
//
// The two tables of a pool of formulas, named as decision diagram packages name theirs: the unique table
// finds the node that already has given operands, the computed table remembers results and may forget them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace tlbcheck::model::logic {

/// Numbers of nodes by the hash of what they are made of; open addressing.
class UniqueTable {
  public:
    /// The first node under `hash` of which `same(node)` holds, or 0 (the constant's node, never in it).
    template <class Same>
    std::uint32_t find(std::uint64_t hash, Same same) const {
        if (slots_.empty()) return 0;
        for (std::size_t i = hash & mask();; i = (i + 1) & mask()) {
            const Slot& s = slots_[i];
            if (s.node == 0) return 0;
            if (s.hash == part(hash) && same(s.node)) return s.node;
        }
    }
    /// Adds a node that `find` did not find.
    void add(std::uint64_t hash, std::uint32_t node) {
        if ((count_ + 1) * 2 > slots_.size()) grow();
        place(slots_, {part(hash), node, hash});
        ++count_;
    }

  private:
    struct Slot {
        std::uint32_t hash = 0;  // its upper half, compared before the operands are
        std::uint32_t node = 0;
        std::uint64_t whole = 0;
    };
    static std::uint32_t part(std::uint64_t hash) { return static_cast<std::uint32_t>(hash >> 32U); }
    std::size_t mask() const { return slots_.size() - 1; }
    static void place(std::vector<Slot>& slots, const Slot& slot) {
        std::size_t i = slot.whole & (slots.size() - 1);
        while (slots[i].node != 0) i = (i + 1) & (slots.size() - 1);
        slots[i] = slot;
    }
    void grow() {
        std::vector<Slot> larger(slots_.empty() ? 256 : slots_.size() * 2);
        for (const Slot& s : slots_) {
            if (s.node != 0) place(larger, s);
        }
        slots_ = std::move(larger);
    }

    std::vector<Slot> slots_;  // a power of two of them
    std::size_t count_ = 0;
};

/// Results of a pure operation on two operands. A result may be displaced by another: whoever does not find
/// one computes it again, and gets the same.
template <class Value>
class ComputedTable {
  public:
    /// The result for `key`, or nullptr. Keys are not 0.
    const Value* find(std::uint64_t key) const {
        if (slots_.empty()) return nullptr;
        const Slot& s = slots_[index(key, slots_.size())];
        return s.key == key ? &s.value : nullptr;
    }
    void put(std::uint64_t key, Value value) {
        if (written_ >= slots_.size() && slots_.size() < most) grow();
        slots_[index(key, slots_.size())] = {key, value};
        ++written_;
    }

  private:
    static constexpr std::size_t most = std::size_t{1} << 20U;
    struct Slot {
        std::uint64_t key = 0;
        Value value{};
    };
    static std::size_t index(std::uint64_t key, std::size_t size) {
        const std::uint64_t mixed =
            key * 0x9e3779b97f4a7c15ULL;  // Fibonacci hashing: the upper bits are good
        return (mixed >> 32U) & (size - 1);
    }
    void grow() {
        std::vector<Slot> larger(slots_.empty() ? 256 : slots_.size() * 2);
        for (const Slot& s : slots_) {
            if (s.key != 0) larger[index(s.key, larger.size())] = s;
        }
        slots_ = std::move(larger);
    }

    std::vector<Slot> slots_;  // a power of two of them
    std::size_t written_ = 0;
};

}  // namespace tlbcheck::model::logic
