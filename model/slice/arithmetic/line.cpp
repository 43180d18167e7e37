// SPDX-License-Identifier: Apache-2.0
//
// Lines of a compact schedule, and the interval tree over them.
#include "model/slice/arithmetic/line.hpp"

#include <algorithm>
#include <limits>
#include <tuple>

#include <fmt/format.h>

namespace tlbcheck::model {

namespace {

__extension__ typedef __int128 Wide;

constexpr std::uint64_t top = std::numeric_limits<std::uint64_t>::max();

Wide floor_divide(Wide a, Wide b) {
    const Wide q = a / b;
    return (a % b != 0 && (a < 0) != (b < 0)) ? q - 1 : q;
}
Wide ceil_divide(Wide a, Wide b) {
    return -floor_divide(-a, b);
}

/// True iff first + i * step .. + length - 1 stays within 64 bits for every iteration.
bool fits(const Line& line) {
    const Wide last =
        static_cast<Wide>(line.first) + static_cast<Wide>(line.step) * static_cast<Wide>(line.count - 1);
    const Wide low = std::min(static_cast<Wide>(line.first), last);
    const Wide high = std::max(static_cast<Wide>(line.first), last) + static_cast<Wide>(line.length - 1);
    return low >= 0 && high <= static_cast<Wide>(top);
}

}  // namespace

AddressRange Line::at(std::uint64_t iteration) const {
    const std::uint64_t start = first + static_cast<std::uint64_t>(step) * iteration;
    return {start, start + (length - 1)};
}

AddressRange Line::hull() const {
    const AddressRange a = at(0);
    const AddressRange b = at(count - 1);
    return {std::min(a.first, b.first), std::max(a.last, b.last)};
}

std::optional<Iterations> Line::touching(const AddressRange& range) const {
    if (step == 0) {
        if (!at(0).meets(range)) return std::nullopt;
        return Iterations{0, count - 1};
    }
    // first + i * step <= range.last and first + i * step + length - 1 >= range.first
    const Wide upper = static_cast<Wide>(range.last) - static_cast<Wide>(first);
    const Wide lower =
        static_cast<Wide>(range.first) - static_cast<Wide>(first) - static_cast<Wide>(length - 1);
    Wide from = step > 0 ? ceil_divide(lower, step) : ceil_divide(upper, step);
    Wide to = step > 0 ? floor_divide(upper, step) : floor_divide(lower, step);
    from = std::max<Wide>(from, 0);
    to = std::min(to, static_cast<Wide>(count - 1));
    if (from > to) return std::nullopt;
    return Iterations{static_cast<std::uint64_t>(from), static_cast<std::uint64_t>(to)};
}

void RangeIndex::build() {
    std::sort(nodes_.begin(), nodes_.end(), [](const Node& a, const Node& b) {
        return std::tie(a.range.first, a.id) < std::tie(b.range.first, b.id);
    });
    if (!nodes_.empty()) build(0, nodes_.size());
}

std::uint64_t RangeIndex::build(std::size_t from, std::size_t to) {
    const std::size_t middle = from + (to - from) / 2;
    std::uint64_t greatest = nodes_[middle].range.last;
    if (from < middle) greatest = std::max(greatest, build(from, middle));
    if (middle + 1 < to) greatest = std::max(greatest, build(middle + 1, to));
    nodes_[middle].greatest_last = greatest;
    return greatest;
}

void RangeIndex::find(const AddressRange& range, std::vector<std::uint32_t>& ids) const {
    find(0, nodes_.size(), range, ids);
}

void RangeIndex::find(std::size_t from, std::size_t to, const AddressRange& range,
                      std::vector<std::uint32_t>& ids) const {
    if (from >= to) return;
    const std::size_t middle = from + (to - from) / 2;
    const Node& node = nodes_[middle];
    if (node.greatest_last < range.first) return;
    find(from, middle, range, ids);
    if (node.range.first > range.last) return;
    if (node.range.meets(range)) ids.push_back(node.id);
    find(middle + 1, to, range, ids);
}

namespace {

/// Decodes one line after another out of the runs.
class Reader {
  public:
    Reader(const Geometry& geometry, LineTlbis tlbis, Lines& lines)
        : geometry_(geometry), tlbis_(tlbis), lines_(lines) {}

    void read(const Line& place, const Instruction& instruction) {
        Line line = place;
        line.instruction = &instruction;
        const Operation& operation = instruction.operation;
        if (const auto* store = std::get_if<StoreDescriptor>(&operation)) {
            line.kind = LineKind::store;
            line.level = store->slot.level;
            line.length = geometry_.entry_bytes(line.level);
            add(line, store->slot.va, instruction.va_step,
                lines_.stores[static_cast<std::size_t>(line.level)]);
        } else if (const auto* tlbi = std::get_if<TlbiInstruction>(&operation)) {
            read_tlbi(line, *tlbi);
        } else if (const auto* access = std::get_if<Access>(&operation)) {
            read_access(line, access->flag.has_value(), access->va);
        } else if (const auto* await = std::get_if<Await>(&operation)) {
            read_access(line, await->flag.has_value(), await->va);
        } else if (const auto* free = std::get_if<Free>(&operation)) {
            read_free(line, *free);
        }
    }

  private:
    void add(Line line, std::uint64_t first, std::uint64_t step, RangeIndex& index) {
        line.first = first;
        line.step = line.count > 1 ? static_cast<std::int64_t>(step) : 0;
        if (!fits(line)) {
            refuse(line, "wraps around the address space");
            return;
        }
        index.add(line.hull(), static_cast<std::uint32_t>(lines_.all.size()));
        lines_.all.push_back(line);
    }

    void add_everywhere(Line line) {
        line.everywhere = true;
        lines_.everywhere.push_back(static_cast<std::uint32_t>(lines_.all.size()));
        lines_.all.push_back(line);
    }

    void read_access(Line line, bool flag, std::uint64_t va) {
        line.kind = flag ? LineKind::flag : LineKind::access;
        if (flag) {
            add_everywhere(line);
        } else {
            add(line, va, line.instruction->va_step, lines_.accesses);
        }
    }

    void read_free(Line line, const Free& free) {
        if (const auto* pages = std::get_if<std::pair<std::uint64_t, std::uint64_t>>(&free.what)) {
            if (pages->second == 0) return;
            line.kind = LineKind::free_pages;
            line.length = pages->second;
            add(line, pages->first, line.instruction->pa_step, lines_.free_pages);
            return;
        }
        const TablePage& page = std::get<TablePage>(free.what);
        line.kind = LineKind::free_table;
        line.level = page.level;
        line.length = geometry_.table_bytes(page.level);
        if (line.length == 0) {
            add_everywhere(line);
        } else {
            add(line, page.va_base, line.instruction->va_step, lines_.free_tables);
        }
    }

    // The address field of the operand advances; the other fields must not.
    void read_tlbi(Line line, const TlbiInstruction& tlbi) {
        line.kind = LineKind::tlbi;
        const TlbiScope scope = decode_tlbi(tlbi.op, tlbi.operand, geometry_);
        const std::uint64_t step = line.count > 1 ? line.instruction->va_step : 0;
        const bool range = is_range(tlbi.op.base);
        if (range && scope.level_hint) line.alignment = geometry_.entry_bytes(*scope.level_hint);
        if (tlbis_ == LineTlbis::stage1_el10 && (!scope.stage1 || scope.regime != Regime::el10)) return;
        if (scope.nothing && (line.alignment == 0 || step == 0)) return;
        line.last_level = scope.last_level_only;
        if (!scope.first) {
            if (step == 0) {
                add_everywhere(line);
            } else {
                refuse(line, "changes its operand from one iteration to the next");
            }
            return;
        }
        const int field_bits = range ? 37 : 44;
        const Wide field = static_cast<Wide>(tlbi.operand & ((std::uint64_t{1} << field_bits) - 1));
        const Wide half = Wide{1} << (field_bits - 1);
        const Wide last =
            field + static_cast<Wide>(static_cast<std::int64_t>(step)) * static_cast<Wide>(line.count - 1);
        if (last < 0 || last >= 2 * half || (field < half) != (last < half)) {
            refuse(line, "changes other fields of its operand than the address");
            return;
        }
        if (scope.nothing && line.alignment == 0) return;
        const int shift = range ? granule_bits(geometry_.granule()) : 12;
        line.length = *scope.last - *scope.first + 1;
        if (line.length == 0) {
            add_everywhere(line);
            return;
        }
        RangeIndex& index = line.last_level ? lines_.leaf_tlbis : lines_.tlbis;
        std::uint64_t first = *scope.first;
        // A VA operand need not be a multiple of the granule; its address is then rounded down, each
        // iteration anew.
        if (const std::uint64_t granule = geometry_.entry_bytes(3); (step << shift) % granule != 0) {
            line.alignment = granule;
            first -= granule - 1;
            line.length += 2 * (granule - 1);
        }
        add(line, first, step << shift, index);
    }

    void refuse(const Line& line, const std::string& why) {
        if (!lines_.irregular.empty()) return;
        lines_.irregular =
            fmt::format("an instruction in a loop {} (line {})", why, line.instruction->place.line);
    }

    const Geometry& geometry_;
    const LineTlbis tlbis_;
    Lines& lines_;
};

}  // namespace

Lines lines_of(const ScheduleProgram& program, const Geometry& geometry, LineTlbis tlbis) {
    Lines lines;
    Reader reader(geometry, tlbis, lines);
    for (std::size_t t = 0; t < program.threads.size(); ++t) {
        const std::vector<Run>& code = program.threads[t].code;
        for (std::size_t r = 0; r < code.size(); ++r) {
            if (code[r].count == 0) continue;
            for (std::size_t k = 0; k < code[r].body.size(); ++k) {
                Line place;
                place.thread = static_cast<std::uint32_t>(t);
                place.run = static_cast<std::uint32_t>(r);
                place.position = static_cast<std::uint32_t>(k);
                place.count = code[r].count;
                reader.read(place, code[r].body[k]);
            }
        }
    }
    for (RangeIndex& index : lines.stores) index.build();
    for (RangeIndex* index :
         {&lines.tlbis, &lines.leaf_tlbis, &lines.accesses, &lines.free_pages, &lines.free_tables}) {
        index->build();
    }
    return lines;
}

}  // namespace tlbcheck::model
