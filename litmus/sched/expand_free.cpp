// SPDX-License-Identifier: Apache-2.0
//
// free: memory handed to a new owner (docs/schedule-language.md; docs/formal-model.md section 6).

#include <fmt/format.h>

#include "litmus/sched/thread_expander.hpp"
#include "model/program/guest.hpp"

namespace tlbcheck::litmus::sched {

/// Memory that is not, or no longer, what x maps.
void ThreadExpander::free_memory(const Expression& pa_value, Wide bytes) {
    const Affine pa = plain(number(pa_value));
    const auto page = static_cast<Wide>(model::granule_bytes(geometry_.granule()));
    if (pa.step % page != 0) throw NotUniform{};
    if (pa.base % page != 0 || bytes % page != 0) error(pa_value.spot, "free() takes whole pages");
    const Wide end = pa.at(iterations() - 1) + bytes;
    if (pa.base < 0 || end > static_cast<Wide>(1) << 48) error(pa_value.spot, "this PA is past 48 bits");
    emit(model::Free{std::pair{static_cast<std::uint64_t>(pa.base), static_cast<std::uint64_t>(bytes)}}, {},
         pa);
}

void ThreadExpander::do_free(const Expression& item) {
    const Span of = span(*item.arguments[0].value, "free()");
    if (of.kind == SpanKind::table) {
        const std::uint64_t va = address(of.start, item.spot);
        if (named(item, "pa") != nullptr) error(item.spot, "free() of a table takes no pa");
        emit(model::Free{model::TablePage{of.level, va, of.generation}}, of.start, {});
        return;
    }
    if (const Expression* value = named(item, "pa")) return free_memory(*value, of.size);
    struct Memory {
        Affine pa;
        std::uint64_t bytes;
    };
    std::vector<Memory> parts;
    const auto page = static_cast<Wide>(model::granule_bytes(geometry_.granule()));
    for_pieces(of, item.spot, [&](const Piece& piece) {
        if (piece.va.base % page != 0 || static_cast<Wide>(piece.bytes) % page != 0)
            error(item.spot, "free() takes whole pages");
        use(piece.va, piece.bytes, bit(Field::structure) | bit(Field::pa), 0, item.spot);
        const Affine pa = piece.pa();
        if (!parts.empty() && parts.back().pa.base + static_cast<Wide>(parts.back().bytes) == pa.base)
            parts.back().bytes += piece.bytes;
        else
            parts.push_back({pa, piece.bytes});
    });
    for (const Memory& part : parts) {
        if (of_guest(of.start)) {
            const auto va = static_cast<std::uint64_t>(of.start.base);
            free_of_guest(*model::guest_of(expansion_.program, va), part.pa, part.bytes, item.spot);
            continue;
        }
        emit(model::Free{std::pair{static_cast<std::uint64_t>(part.pa.base), part.bytes}}, {}, part.pa);
    }
}

}  // namespace tlbcheck::litmus::sched
