// SPDX-License-Identifier: Apache-2.0
//
// clear, set: stores to descriptors (docs/schedule-language.md; docs/formal-model.md section 6).

#include <fmt/format.h>

#include <algorithm>

#include "litmus/sched/declarations.hpp"
#include "litmus/sched/thread_expander.hpp"
#include "model/arch/hardware_update.hpp"
#include "model/program/guest.hpp"

namespace tlbcheck::litmus::sched {
namespace {

model::Descriptor leaf_descriptor(const Leaf& leaf, const model::ManagedFlags& managed) {
    model::Descriptor descriptor;
    descriptor.kind = model::DescriptorKind::leaf;
    descriptor.oa = leaf.pa;
    descriptor.db = leaf.writable;
    descriptor.contiguous = leaf.contiguous;
    descriptor.not_global = !leaf.global;
    descriptor.nt = leaf.nt;
    descriptor.attributes = leaf.attributes;
    descriptor.contents = leaf.contents;
    model::set_flags(descriptor, leaf.accessed, leaf.dbm, managed);
    return descriptor;
}

model::Descriptor table_descriptor(std::uint32_t generation) {
    model::Descriptor descriptor;
    descriptor.kind = model::DescriptorKind::table;
    descriptor.oa = generation;
    return descriptor;
}

FieldSet differences(const Leaf& a, const Leaf& b) {
    FieldSet fields = 0;
    if (a.pa != b.pa || a.contents != b.contents) fields |= bit(Field::pa);
    if (a.contiguous != b.contiguous) fields |= bit(Field::contiguous);
    if (a.writable != b.writable || a.accessed != b.accessed || a.dbm != b.dbm) fields |= bit(Field::ap);
    if (a.attributes != b.attributes) fields |= bit(Field::attr);
    if (a.nt != b.nt) fields |= bit(Field::nt);
    return fields;
}

/// A stretch of leaves: for a table, the part that belongs to what it was asked for.
Span inner(const Span& span) {
    Span result = span;
    if (span.kind == SpanKind::table) {
        result.kind = SpanKind::range;
        result.start = span.inner_start;
        result.size = span.inner_size;
    }
    return result;
}

}  // namespace

FieldSet ThreadExpander::Mapping::given() const {
    FieldSet fields = 0;
    if (pa) fields |= bit(Field::pa);
    if (contiguous) fields |= bit(Field::contiguous);
    // What keeps one of the three goes by it.
    if (writable && accessed && dbm) fields |= bit(Field::ap);
    if (attributes || exec) fields |= bit(Field::attr);
    if (nt) fields |= bit(Field::nt);
    return fields;
}

void ThreadExpander::do_clear(const Expression& item) {
    const std::string name = item.text + "()";
    const Span of = span(*item.arguments[0].value, name.c_str());
    const bool atomic = item.text == "fetch_and_clear";
    if (of.kind == SpanKind::table) {
        if (atomic)
            error(item.spot, "hardware updates leaves, not table descriptors", "clear(table) takes it away");
        return store_pointer(of, {}, item.spot);
    }
    for_leaf_pieces(of, item.spot, name.c_str(), [&](const Piece& piece) {
        const std::uint64_t bytes = geometry_.entry_bytes(piece.slot.level);
        use(piece.va, piece.bytes, bit(Field::structure), 0, item.spot);
        model::StoreDescriptor store;
        store.slot = {static_cast<std::uint64_t>(piece.va.base), piece.slot.level, piece.slot.generation};
        store.atomic = atomic;
        emit_run(piece.bytes / bytes, store, piece.va, bytes, {}, 0);
    });
}

/// Stores to the descriptor that points to a table.
void ThreadExpander::store_pointer(const Span& table, const model::Descriptor& value, const Spot& spot) {
    const auto parent = page_at(table.inner_start, table.level - 1, spot);
    if (!parent)
        error(spot, fmt::format("there is no table at level {} to hold the descriptor of this table",
                                table.level - 1));
    const std::uint64_t va = address(table.start, spot);
    use(table.start, static_cast<std::uint64_t>(table.size), bit(Field::structure), 0, spot);
    emit(model::StoreDescriptor{{va, table.level - 1, parent->generation}, value}, table.start, {});
}

ThreadExpander::Mapping ThreadExpander::mapping(const Expression& item) {
    Mapping result;
    const auto flag = [&](const char* name) -> std::optional<bool> {
        const Expression* const value = named(item, name);
        if (value == nullptr) return std::nullopt;
        return truth(*value);
    };
    for (const char* key : {"pa", "ipa"}) {
        const Expression* const value = named(item, key);
        if (value == nullptr) continue;
        if (result.pa) error(value->spot, "pa and ipa cannot both be given");
        result.pa = plain(number(*value));
        result.pa_spot = value->spot;
        result.ipa = key == std::string("ipa");
        address(*result.pa, value->spot);
    }
    result.contiguous = flag("contiguous");
    if (const Expression* value = named(item, "contiguous")) result.contiguous_spot = value->spot;
    result.nt = flag("nt");
    result.exec = flag("exec");
    result.accessed = flag("af");
    result.dbm = flag("dbm");
    result.same_contents = flag("same_contents");
    if (const Expression* value = named(item, "same_contents")) result.same_contents_spot = value->spot;
    if (const Expression* value = named(item, "ap")) {
        const std::string name = word(*value);
        if (name != "rw" && name != "ro") error(value->spot, "ap is rw or ro");
        result.writable = name == "rw";
    }
    if (const Expression* value = named(item, "attr")) {
        result.attributes = memory_attributes(word(*value));
        if (!result.attributes) error(value->spot, "attr is normal, normal_nc or device");
    }
    if (const Expression* value = named(item, "level")) {
        result.level = static_cast<int>(constant(*value, 0, 3, "a level"));
        result.level_spot = value->spot;
    }
    return result;
}

void ThreadExpander::do_set(const Expression& item) {
    const std::string name = item.text + "()";
    const Span of = span(*item.arguments[0].value, name.c_str());
    Mapping changes = mapping(item);
    changes.atomic = item.text == "cmpxchg";
    if (changes.atomic && of.kind == SpanKind::table)
        error(item.spot, "hardware updates leaves, not table descriptors",
              "set(table) stores a table descriptor");
    if (changes.atomic && changes.level) error(changes.level_spot, "cmpxchg() keeps the level");
    if (of.kind == SpanKind::table) return set_table(of, changes, item.spot);
    if (of.size == 0) return;
    const int now = walk(of.start, item.spot).level;
    if (changes.level && *changes.level < now) return fold(of, changes, *changes.level, item.spot);
    for_leaf_pieces(of, item.spot, name.c_str(), [&](const Piece& piece) {
        if (!changes.level || *changes.level == piece.slot.level)
            return store_leaves(of, changes, piece, item.spot);
        if (*changes.level != piece.slot.level + 1) {
            error(
                changes.level_spot,
                fmt::format("level changes by one at a time; the leaves are at level {}", piece.slot.level));
        }
        split_blocks(of, changes, piece, item.spot);
    });
}

void ThreadExpander::set_table(const Span& span, const Mapping& mapping, const Spot& spot) {
    if (mapping.level && *mapping.level == span.level - 1) return fold(span, mapping, *mapping.level, spot);
    no_same_contents(mapping);
    if (mapping.level || mapping.any()) {
        error(spot, "a table descriptor has none of these properties",
              fmt::format("set(table) stores the table descriptor again; set(table, level = {}, ...) puts a "
                          "block in its place",
                          span.level - 1));
    }
    store_pointer(span, table_descriptor(span.generation), spot);
    const auto parent = page_at(span.inner_start, span.level - 1, spot);
    TableEntry entry;
    entry.table = span.generation;
    assign({span.level - 1, parent->generation}, span.start, static_cast<std::uint64_t>(span.size), entry, {},
           spot);
}

/// The PA for the first slot of `piece` after the change.
Affine ThreadExpander::changed_pa(const Span& span, const Mapping& mapping, const Piece& piece,
                                  std::uint64_t leaf_bytes) const {
    check_output_key(mapping, piece.va);
    const Affine pa = mapping.pa
                          ? Affine(mapping.pa->base + (piece.va.base - span.start.base), mapping.pa->step)
                          : piece.pa();
    const auto bytes = static_cast<Wide>(leaf_bytes);
    const Spot spot = mapping.pa ? mapping.pa_spot : current_->spot;
    if (pa.step % bytes != 0) throw NotUniform{};
    if (pa.base % bytes != 0)
        error(spot,
              fmt::format("the PA {} is not aligned to a leaf of {}", to_string(pa.base), to_string(bytes)));
    constexpr Wide pa_end = static_cast<Wide>(1) << 48;
    if (pa.base < 0 || pa.at(iterations() - 1) + static_cast<Wide>(piece.bytes) > pa_end)
        error(spot, "this PA is past 48 bits");
    return pa;
}

Leaf ThreadExpander::changed(Leaf leaf, const Mapping& mapping, const Piece& piece, int level,
                             const Spot& spot) const {
    if (mapping.writable) leaf.writable = *mapping.writable;
    if (mapping.accessed) leaf.accessed = *mapping.accessed;
    if (mapping.dbm) leaf.dbm = *mapping.dbm;
    if (mapping.nt) leaf.nt = *mapping.nt;
    if (mapping.attributes) leaf.attributes = *mapping.attributes | (leaf.attributes & model::execute_rights);
    if (mapping.exec)
        leaf.attributes = model::memory_type(leaf.attributes) |
                          (*mapping.exec ? model::execute_right(leaf.global) : model::Attr::none);
    if (level != piece.slot.level)
        leaf.contiguous = leaf.contiguous && covers_sets(piece.va, piece.bytes, level);
    if (mapping.contiguous) leaf.contiguous = *mapping.contiguous;
    if (!leaf.contiguous) return leaf;
    const Spot& where = mapping.contiguous ? mapping.contiguous_spot : spot;
    if (!geometry_.contiguous_slots(level))
        error(where, fmt::format("there are no contiguous sets at level {}", level));
    const std::uint64_t set = geometry_.contiguous_bytes(level);
    if ((leaf.pa - static_cast<std::uint64_t>(piece.va.base)) % set != 0) {
        error(mapping.pa ? mapping.pa_spot : where,
              fmt::format("VA {} and PA {} of a contiguous mapping differ in their place within a set of {}",
                          to_string(piece.va.base), to_string(static_cast<Wide>(leaf.pa)),
                          to_string(static_cast<Wide>(set))));
    }
    return leaf;
}

model::ManagedFlags ThreadExpander::managed(const Affine& va) const {
    const auto at = static_cast<std::uint64_t>(va.base);
    return model::managed_flags(expansion_.program.hardware, model::of_stage2(expansion_.program, at));
}

/// What the page holds that the piece maps now, as model::Descriptor has it.
std::uint64_t ThreadExpander::contents_of(const Piece& piece) const {
    const Affine pa = piece.pa();
    if (pa.step != piece.va.step) throw NotUniform{};
    return piece.slot.leaf->contents.value_or(static_cast<std::uint64_t>(pa.base) -
                                              static_cast<std::uint64_t>(piece.va.base));
}

void ThreadExpander::no_same_contents(const Mapping& mapping) const {
    if (mapping.same_contents)
        error(mapping.same_contents_spot, "same_contents goes with leaves that keep their level");
}

void ThreadExpander::store_leaves(const Span& span, const Mapping& mapping, const Piece& piece,
                                  const Spot& spot) {
    const std::uint64_t bytes = geometry_.entry_bytes(piece.slot.level);
    const Affine pa = changed_pa(span, mapping, piece, bytes);
    Leaf leaf = *piece.slot.leaf;
    leaf.pa = static_cast<std::uint64_t>(pa.base);
    leaf = changed(leaf, mapping, piece, piece.slot.level, spot);
    const bool same_contents = mapping.same_contents.value_or(false);
    if (mapping.pa) leaf.contents.reset();
    if (same_contents) leaf.contents = contents_of(piece);
    if (leaf.writable || leaf.dbm) leaf.contents.reset();  // who may write it may change it
    const auto reads = static_cast<FieldSet>((all_fields & ~mapping.given()) |
                                             (same_contents ? bit(Field::pa) : FieldSet{0}));
    use(piece.va, piece.bytes, reads, differences(leaf, *piece.slot.leaf), spot);
    model::StoreDescriptor store;
    store.slot = {static_cast<std::uint64_t>(piece.va.base), piece.slot.level, piece.slot.generation};
    store.value = leaf_descriptor(leaf, managed(piece.va));
    store.atomic = mapping.atomic;
    TableEntry entry;
    entry.leaf = leaf;
    assign({piece.slot.level, piece.slot.generation}, piece.va, piece.bytes, entry, pa, spot);
    emit_run(piece.bytes / bytes, store, piece.va, bytes, pa, bytes);
}

/// Each block becomes a table, prepared before the schedule, of leaves one level down; only the hook is a
/// store.
void ThreadExpander::split_blocks(const Span& span, const Mapping& mapping, const Piece& piece,
                                  const Spot& spot) {
    no_same_contents(mapping);
    const int level = piece.slot.level + 1;
    const std::uint64_t block = geometry_.entry_bytes(piece.slot.level);
    const Affine pa = changed_pa(span, mapping, piece, geometry_.entry_bytes(level));
    Leaf leaf = *piece.slot.leaf;
    leaf.pa = static_cast<std::uint64_t>(pa.base);
    leaf = changed(leaf, mapping, piece, level, spot);
    use(piece.va, piece.bytes, all_fields, all_fields, spot);

    model::Region leaves;
    leaves.pa = leaf.pa;
    leaves.va = static_cast<std::uint64_t>(piece.va.base);
    leaves.size = block;
    leaves.level = level;
    leaves.contiguous = leaf.contiguous;
    leaves.writable = leaf.writable;
    leaves.attributes = leaf.attributes;
    leaves.global = leaf.global;
    leaves.asid = leaf.asid;
    leaves.accessed = leaf.accessed;
    leaves.dbm = leaf.dbm;
    const std::uint64_t count = piece.bytes / block;
    const std::uint32_t generation = add_pages(level, piece.va, block, count, false, leaves, pa, block, spot);

    TableEntry table;
    table.table = generation;
    assign({piece.slot.level, piece.slot.generation}, piece.va, piece.bytes, table, {}, spot);
    TableEntry entry;
    entry.leaf = leaf;
    assign({level, generation}, piece.va, piece.bytes, entry, pa, spot);
    model::StoreDescriptor store;
    store.slot = {leaves.va, piece.slot.level, piece.slot.generation};
    store.value = table_descriptor(generation);
    emit_run(count, store, piece.va, block, {}, 0);
}

/// Blocks at `level` in place of the tables below.
void ThreadExpander::fold(const Span& span, const Mapping& mapping, int level, const Spot& spot) {
    no_same_contents(mapping);
    const auto block = static_cast<Wide>(geometry_.entry_bytes(level));
    if (!geometry_.has_leaf(level))
        error(mapping.level_spot, fmt::format("there are no blocks at level {} with this granule", level));
    const Span part = inner(span);
    if (part.start.step % block != 0) throw NotUniform{};
    if (part.start.base % block != 0 || part.size % block != 0) {
        error(spot,
              fmt::format("a block of {} would map more than {} .. {}", to_string(block),
                          to_string(part.start.base), to_string(part.end().base)),
              fmt::format("the tables that are folded must be mapped whole: align the region to {}",
                          to_string(block)));
    }
    const Affine end = part.end();
    for (Affine at = part.start; at.base < end.base;) {
        step(spot);
        const WalkEnd slot = walk(at, spot);
        if (slot.level <= level)
            error(spot, fmt::format("the leaf at {} is at level {}, not below {}", to_string(at.base),
                                    slot.level, level));
        const Wide alike = std::min<Wide>(end.base, static_cast<Wide>(slot.last) + 1) - at.base;
        Wide bytes = alike - alike % block;
        if (bytes == 0) {
            if (!mapping.pa) {
                error(spot,
                      fmt::format("what is mapped from {} on does not make one block", to_string(at.base)),
                      "say which memory the block maps: pa = ...");
            }
            bytes = block;
        }
        fold_one_kind(part, mapping, at, static_cast<std::uint64_t>(bytes), level, spot);
        at.base += bytes;
    }
}

void ThreadExpander::fold_one_kind(const Span& span, const Mapping& mapping, const Affine& at,
                                   std::uint64_t bytes, int level, const Spot& spot) {
    Piece piece;
    piece.va = at;
    piece.bytes = bytes;
    piece.slot = walk(at, spot);
    if (!piece.slot.leaf) error(spot, fmt::format("nothing is mapped at {}", to_string(at.base)));
    const auto page = page_at(at, level, spot);
    if (!page) error(spot, fmt::format("there is no table at level {} for {}", level, to_string(at.base)));
    const std::uint64_t block = geometry_.entry_bytes(level);
    const Affine pa = changed_pa(span, mapping, piece, block);
    Leaf leaf = *piece.slot.leaf;
    leaf.pa = static_cast<std::uint64_t>(pa.base);
    leaf = changed(leaf, mapping, piece, level, spot);
    use(at, bytes, all_fields, all_fields, spot);
    TableEntry entry;
    entry.leaf = leaf;
    assign({level, page->generation}, at, bytes, entry, pa, spot);
    model::StoreDescriptor store;
    store.slot = {static_cast<std::uint64_t>(at.base), level, page->generation};
    store.value = leaf_descriptor(leaf, managed(at));
    emit_run(bytes / block, store, at, block, pa, block);
}

}  // namespace tlbcheck::litmus::sched
