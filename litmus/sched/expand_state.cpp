// SPDX-License-Identifier: Apache-2.0
//
// How a thread's statements reach the tracked tables: within a window only the window's own addresses, so
// that one iteration can stand for all; and the record of what was read and changed, by which threads are
// kept independent.

#include <fmt/format.h>

#include <algorithm>

#include "litmus/sched/thread_expander.hpp"

namespace tlbcheck::litmus::sched {

Affine ThreadExpander::Piece::pa() const {
    return {static_cast<Wide>(slot.leaf->pa), va.step};
}

std::uint64_t ThreadExpander::address(const Affine& value, const Spot& spot) const {
    constexpr Wide end = static_cast<Wide>(1) << 64;
    for (const Wide at : {value.base, value.at(iterations() - 1)}) {
        if (at < 0 || at >= end) error(spot, fmt::format("{} is no 64-bit address", to_string(at)));
    }
    return static_cast<std::uint64_t>(value.base);
}

/// Throws NotUniform unless all iterations may look at their own `at`: each in its own window, or all outside
/// of every window.
void ThreadExpander::check_window(const Affine& at) const {
    if (!window_) return;
    const auto first = static_cast<Wide>(window_->first);
    const Wide end = static_cast<Wide>(window_->last()) + 1;
    if (at.constant()) {
        if (at.base >= first && at.base < end) throw NotUniform{};
        return;
    }
    const bool inside = at.base >= first && at.base < first + static_cast<Wide>(window_->stride);
    if (at.step != static_cast<Wide>(window_->stride) || !inside) throw NotUniform{};
}

/// Cuts what was found at `at` to the window, or to what is outside of it.
WalkEnd ThreadExpander::clip(WalkEnd end, const Affine& at) const {
    if (!window_) return end;
    if (!at.constant()) {
        end.first = std::max(end.first, window_->first);
        end.last = std::min(end.last, window_->first + (window_->stride - 1));
    } else if (at.base < static_cast<Wide>(window_->first)) {
        end.last = std::min(end.last, window_->first - 1);
    } else {
        end.first = std::max(end.first, window_->last() + 1);
    }
    return end;
}

WalkEnd ThreadExpander::walk(const Affine& at, const Spot& spot) {
    const std::uint64_t va = address(at, spot);
    check_window(at);
    return clip(state_.walk(va), at);
}

std::optional<WalkEnd> ThreadExpander::page_at(const Affine& at, int level, const Spot& spot) {
    const std::uint64_t va = address(at, spot);
    check_window(at);
    return state_.page_at(va, level);
}

void ThreadExpander::for_pieces(const Span& span, const Spot& spot,
                                const std::function<void(const Piece&)>& each) {
    const Affine end = span.end();
    for (Affine at = span.start; at.base < end.base;) {
        step(spot);
        Piece piece;
        piece.va = at;
        piece.slot = walk(at, spot);
        if (!piece.slot.leaf) {
            error(spot, fmt::format("nothing is mapped at {}", to_string(at.base)),
                  state_.region_of(static_cast<std::uint64_t>(at.base)) == nullptr
                      ? "no region holds this address"
                      : "");
        }
        const Wide stop = std::min<Wide>(end.base, static_cast<Wide>(piece.slot.last) + 1);
        piece.bytes = static_cast<std::uint64_t>(stop - at.base);
        each(piece);
        at.base = stop;
    }
}

void ThreadExpander::for_leaf_pieces(const Span& span, const Spot& spot, const std::string& what,
                                     const std::function<void(const Piece&)>& each) {
    for_pieces(span, spot, [&](const Piece& piece) {
        const auto bytes = static_cast<Wide>(geometry_.entry_bytes(piece.slot.level));
        if (piece.va.step % bytes != 0) throw NotUniform{};
        if (piece.va.base % bytes != 0 || static_cast<Wide>(piece.bytes) % bytes != 0) {
            const Wide inside =
                piece.va.base % bytes != 0 ? piece.va.base : piece.va.base + static_cast<Wide>(piece.bytes);
            error(spot, fmt::format("{} lies inside a leaf of {}", to_string(inside), to_string(bytes)),
                  fmt::format("{} takes whole leaves", what));
        }
        each(piece);
    });
}

void ThreadExpander::assign(TableState::Key key, const Affine& va, std::uint64_t bytes,
                            const TableEntry& entry, const Affine& pa, const Spot& spot) {
    const std::uint64_t first = address(va, spot);
    if (window_) {
        check_window(va);
        const bool inside =
            !va.constant() && bytes <= window_->stride && first - window_->first <= window_->stride - bytes;
        if (!inside || (!entry.table && pa.step != va.step)) throw NotUniform{};
    }
    state_.assign(key, first, first + (bytes - 1), entry);
}

void ThreadExpander::use(const Affine& va, std::uint64_t bytes, FieldSet reads, FieldSet writes,
                         const Spot& spot) {
    if (tree().threads.size() < 2) return;
    const auto first = static_cast<std::uint64_t>(va.base);
    const auto growth = static_cast<std::uint64_t>(va.step) * (iterations() - 1);
    const PendingUse pending{first, first + growth + (bytes - 1), reads, writes, spot};
    if (window_) {
        window_uses_.push_back(pending);
    } else {
        commit_use(pending);
    }
}

void ThreadExpander::commit_use(const PendingUse& pending) {
    for (std::size_t field = 0; field < field_count; ++field) {
        const auto mask = static_cast<FieldSet>(1U << field);
        if ((pending.reads & mask) != 0)
            uses_.reads[field].assign(pending.first, pending.last, UsePlace{pending.spot});
        if ((pending.writes & mask) != 0)
            uses_.writes[field].assign(pending.first, pending.last, UsePlace{pending.spot});
    }
}

bool ThreadExpander::covers_sets(const Affine& va, std::uint64_t bytes, int level) const {
    if (!geometry_.contiguous_slots(level)) return false;
    const auto set = static_cast<Wide>(geometry_.contiguous_bytes(level));
    return va.base % set == 0 && va.step % set == 0 && static_cast<Wide>(bytes) % set == 0;
}

}  // namespace tlbcheck::litmus::sched
