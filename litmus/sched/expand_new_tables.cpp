// SPDX-License-Identifier: Apache-2.0
//
// Table pages that do not map anything at the start: prepared before the schedule, or written by it
// (docs/formal-model.md section 3, X3 and X4).

#include <fmt/format.h>

#include "litmus/sched/thread_expander.hpp"
#include "model/arch/hardware_update.hpp"

namespace tlbcheck::litmus::sched {

/// Adds `count` pages, `stride` bytes of VA apart (times the iterations of the window), all of one
/// generation, which is returned.
std::uint32_t ThreadExpander::add_pages(int level, const Affine& va, std::uint64_t stride,
                                        std::uint64_t count, bool garbage,
                                        const std::optional<model::Region>& leaves, const Affine& pa,
                                        std::uint64_t pa_stride, const Spot& spot) {
    const std::uint64_t times = iterations();
    auto& tables = expansion_.program.new_tables;
    if (count > max_new_tables || times > max_new_tables || tables.size() + count * times > max_new_tables) {
        error(spot, fmt::format("this makes more than {} new tables", max_new_tables),
              "make the region smaller");
    }
    const std::uint64_t first = address(va, spot);
    const auto page_va = [&](std::uint64_t i, std::uint64_t k) {
        return first + static_cast<std::uint64_t>(va.step) * i + stride * k;
    };
    std::uint32_t generation = 1;
    for (std::uint64_t i = 0; i < times; ++i) {
        for (std::uint64_t k = 0; k < count; ++k) {
            const auto known = expansion_.generations.find({level, page_va(i, k)});
            if (known != expansion_.generations.end()) generation = std::max(generation, known->second);
        }
    }
    for (std::uint64_t i = 0; i < times; ++i) {
        for (std::uint64_t k = 0; k < count; ++k) {
            model::NewTable table;
            table.page = {level, page_va(i, k), generation};
            table.garbage = garbage;
            if (leaves) {
                table.leaves.push_back(*leaves);
                table.leaves.back().va += static_cast<std::uint64_t>(va.step) * i + stride * k;
                table.leaves.back().pa += static_cast<std::uint64_t>(pa.step) * i + pa_stride * k;
            }
            expansion_.generations[{level, table.page.va_base}] = generation + 1;
            tables.push_back(std::move(table));
        }
    }
    return generation;
}

/// Forgets pages past the first `keep`: those of an attempt that was given up.
void ThreadExpander::remove_pages(std::size_t keep) {
    auto& tables = expansion_.program.new_tables;
    while (tables.size() > keep) {
        // A generation may stay skipped; it is only a name. It must not be given twice, so it only shrinks to
        // what was made here.
        expansion_.generations[{tables.back().page.level, tables.back().page.va_base}] =
            tables.back().page.generation;
        tables.pop_back();
    }
}

Value ThreadExpander::new_table(const Expression& item) {
    const Span of = span(*item.arguments[0].value, "new_table()");
    const Expression* const level_value = named(item, "level");
    if (level_value == nullptr)
        error(item.spot, "new_table() needs the level of the table", "write new_table(x, level = 3)");
    const int level = static_cast<int>(constant(*level_value, 0, 3, "a level"));
    if (level <= geometry_.start_level()) {
        error(level_value->spot, fmt::format("a new table is at level {} to 3, below the first of the walk",
                                             geometry_.start_level() + 1));
    }
    const auto bytes = static_cast<Wide>(geometry_.table_bytes(level));
    Span table;
    table.kind = SpanKind::table;
    table.level = level;
    table.size = bytes;
    if (of.start.step % bytes != 0) throw NotUniform{};
    table.start = {of.start.base - of.start.base % bytes, of.start.step};
    table.inner_start = of.kind == SpanKind::table ? of.inner_start : of.start;
    table.inner_size = of.kind == SpanKind::table ? of.inner_size : of.size;
    if (table.inner_start.base < table.start.base ||
        table.inner_start.base + table.inner_size > table.start.base + bytes) {
        error(item.spot, fmt::format("one table at level {} covers {}, not all of {} .. {}", level,
                                     to_string(bytes), to_string(of.start.base), to_string(of.end().base)));
    }
    if (table.inner_size == 0) error(item.spot, "this range is empty");
    std::string contents = "garbage";
    if (const Expression* value = named(item, "contents")) contents = word(*value);
    if (contents != "garbage" && contents != "empty" && contents != "mapped")
        error(named(item, "contents")->spot, "contents is garbage, empty or mapped");
    Mapping changes = mapping(item);
    changes.level.reset();
    if (contents != "mapped") {
        if (changes.any()) error(item.spot, "only a table with contents = mapped takes properties of leaves");
        table.generation =
            add_pages(level, table.start, 0, 1, contents == "garbage", std::nullopt, {}, 0, item.spot);
        return table;
    }
    prepare_leaves(table, of, changes, item.spot);
    return table;
}

/// Makes the page of `table`, with leaves for its inner part prepared before the schedule starts.
void ThreadExpander::prepare_leaves(Span& table, const Span& of, const Mapping& changes, const Spot& spot) {
    if (!geometry_.has_leaf(table.level))
        error(spot, fmt::format("there are no leaves at level {} with this granule", table.level));
    Piece piece;
    piece.va = table.inner_start;
    piece.bytes = static_cast<std::uint64_t>(table.inner_size);
    piece.slot = walk(piece.va, spot);
    if (!piece.slot.leaf) error(spot, fmt::format("nothing is mapped at {}", to_string(piece.va.base)));
    if (!changes.pa && static_cast<Wide>(piece.slot.last) < piece.va.base + table.inner_size - 1) {
        error(spot, "the leaves of this range are not one mapping",
              "say which memory the table maps: pa = ...");
    }
    const auto leaf_bytes = static_cast<Wide>(geometry_.entry_bytes(table.level));
    if (piece.va.base % leaf_bytes != 0 || table.inner_size % leaf_bytes != 0)
        error(spot, fmt::format("a table at level {} holds whole leaves of {}", table.level,
                                to_string(leaf_bytes)));
    const Affine pa = changed_pa(of, changes, piece, geometry_.entry_bytes(table.level));
    Leaf leaf = *piece.slot.leaf;
    leaf.pa = static_cast<std::uint64_t>(pa.base);
    leaf = changed(leaf, changes, piece, table.level, spot);
    use(piece.va, piece.bytes, all_fields, 0, spot);
    const model::Region leaves{"",
                               static_cast<std::uint64_t>(piece.va.base),
                               leaf.pa,
                               piece.bytes,
                               table.level,
                               leaf.contiguous,
                               leaf.writable,
                               leaf.attributes,
                               leaf.global,
                               leaf.asid,
                               {},
                               true,
                               leaf.accessed,
                               leaf.dbm};
    table.generation = add_pages(table.level, table.start, 0, 1, false, leaves, pa, 0, spot);
    TableEntry entry;
    entry.leaf = leaf;
    assign({table.level, table.generation}, piece.va, piece.bytes, entry, pa, spot);
}

Span ThreadExpander::table_argument(const Expression& item) {
    const Expression& argument = *item.arguments[0].value;
    const Value value = evaluate(argument);
    const Span* const table = std::get_if<Span>(&value);
    if (table == nullptr || table->kind != SpanKind::table) {
        error(argument.spot, fmt::format("{}() needs a table, not {}", item.text, describe(value)),
              "new_table(x, level = 3) makes one; table(x, 3) is the one that maps x");
    }
    return *table;
}

/// An invalid descriptor to each slot of the page, ascending.
void ThreadExpander::do_zero(const Expression& item) {
    const Span table = table_argument(item);
    const std::uint64_t bytes = geometry_.entry_bytes(table.level);
    model::StoreDescriptor store;
    store.slot = {address(table.start, item.spot), table.level, table.generation};
    emit_run(static_cast<std::uint64_t>(table.size) / bytes, store, table.start, bytes, {}, 0);
}

/// Valid leaves for x into the slots of a table, whether a walk reaches it or not.
void ThreadExpander::do_fill(const Expression& item) {
    const Span table = table_argument(item);
    Span of = span(*item.arguments[1].value, "fill()");
    if (of.kind == SpanKind::table) {
        of.start = of.inner_start;
        of.size = of.inner_size;
        of.kind = SpanKind::range;
    }
    if (of.start.step != table.start.step) throw NotUniform{};
    if (of.start.base < table.start.base || of.end().base > table.end().base) {
        error(item.arguments[1].spot, fmt::format("{} .. {} is not within the table's {} .. {}",
                                                  to_string(of.start.base), to_string(of.end().base),
                                                  to_string(table.start.base), to_string(table.end().base)));
    }
    if (!geometry_.has_leaf(table.level))
        error(item.spot, fmt::format("there are no leaves at level {} with this granule", table.level));
    const Mapping changes = mapping(item);
    const std::uint64_t bytes = geometry_.entry_bytes(table.level);
    for_pieces(of, item.spot, [&](const Piece& piece) {
        if (piece.va.base % static_cast<Wide>(bytes) != 0 || piece.bytes % bytes != 0) {
            error(item.spot, fmt::format("a table at level {} holds whole leaves of {}", table.level,
                                         to_string(static_cast<Wide>(bytes))));
        }
        const Affine pa = changed_pa(of, changes, piece, bytes);
        Leaf leaf = *piece.slot.leaf;
        leaf.pa = static_cast<std::uint64_t>(pa.base);
        leaf = changed(leaf, changes, piece, table.level, item.spot);
        use(piece.va, piece.bytes, all_fields, all_fields, item.spot);
        model::StoreDescriptor store;
        store.slot = {static_cast<std::uint64_t>(piece.va.base), table.level, table.generation};
        store.value.kind = model::DescriptorKind::leaf;
        store.value.oa = leaf.pa;
        store.value.db = leaf.writable;
        store.value.contiguous = leaf.contiguous;
        store.value.not_global = !leaf.global;
        store.value.nt = leaf.nt;
        store.value.attributes = leaf.attributes;
        model::set_flags(store.value, leaf.accessed, leaf.dbm, managed(piece.va));
        TableEntry entry;
        entry.leaf = leaf;
        assign({table.level, table.generation}, piece.va, piece.bytes, entry, pa, item.spot);
        emit_run(piece.bytes / bytes, store, piece.va, bytes, pa, bytes);
    });
}

void ThreadExpander::do_hook(const Expression& item) {
    const Span table = table_argument(item);
    model::Descriptor pointer;
    pointer.kind = model::DescriptorKind::table;
    pointer.oa = table.generation;
    store_pointer(table, pointer, item.spot);
    const auto parent = page_at(table.inner_start, table.level - 1, item.spot);
    use(table.start, static_cast<std::uint64_t>(table.size), 0, all_fields, item.spot);
    TableEntry entry;
    entry.table = table.generation;
    assign({table.level - 1, parent->generation}, table.start, static_cast<std::uint64_t>(table.size), entry,
           {}, item.spot);
}

}  // namespace tlbcheck::litmus::sched
