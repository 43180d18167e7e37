// SPDX-License-Identifier: Apache-2.0
//
// A page that is a table once more is another table: the use before has ended with a free, which is judged.
#include "litmus/casemate/pages.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "model/graph/translation/descriptor_word.hpp"
#include "model/limits/budget.hpp"

namespace tlbcheck::litmus::casemate {

using model::DescriptorKind;
using model::SpaceId;
using model::TablePage;
using model::translation::address_of;
using model::translation::kind_of;

namespace {

constexpr std::uint32_t unsettled = ~std::uint32_t{0};

std::uint64_t page_of(std::uint64_t address) {
    return address & ~(page_bytes - 1);
}
std::uint64_t index_of(std::uint64_t address) {
    return address % page_bytes / 8;
}

void must_be_pages(std::uint64_t address, std::uint64_t bytes, const char* what) {
    if (address % page_bytes != 0 || bytes % page_bytes != 0 || bytes == 0)
        throw Refused{fmt::format("{} of what is not whole pages of 4K", what), {}};
    if (address + bytes < address || (address + bytes - 1) >> 48U != 0 || bytes > std::uint64_t{1} << 30U)
        throw Refused{fmt::format("{} of more than 1G, or past 48 bits of PA", what), {}};
}

}  // namespace

Pages::Pages(model::ScheduleProgram& program, const WordFormat& format)
    : program_(program), geometry_(program.hardware), format_(format) {}

const model::AddressSpace& Pages::space_at(std::uint64_t va) const {
    return program_.spaces[*model::spaces::of(va)];
}

void Pages::emit(const Where& where, model::Operation operation) {
    model::Instruction instruction;
    instruction.operation = std::move(operation);
    instruction.place = instruction.helper_place = where.place;
    program_.threads[where.thread].code.front().body.push_back(std::move(instruction));
}

std::uint64_t Pages::read(std::uint64_t address) const {
    const auto page = pages_.find(page_of(address));
    if (page == pages_.end()) return 0;
    const auto word = page->second.words.find(index_of(address));
    return word == page->second.words.end() ? 0 : word->second;
}

bool Pages::is_known(std::uint64_t address) const {
    const auto page = pages_.find(page_of(address));
    return page != pages_.end() && (page->second.zeroed || page->second.words.contains(index_of(address)));
}

void Pages::write(const Where& where, std::uint64_t address, std::uint64_t value) {
    if (address % 8 != 0) throw Refused{"a write that is not aligned to 8 bytes", {}};
    if (address >> 48U != 0) throw Refused{"a write past 48 bits of PA", {}};
    Page& page = pages_[page_of(address)];
    page.words[index_of(address)] = value;
    if (page.table) {
        const model::StoreDescriptor store = store_of(where, *page.table, index_of(address), value);
        emit(where, store);
        return;
    }
    auto& code = program_.threads[where.thread].code.front().body;
    page.pending.push_back({where.thread, code.size(), index_of(address), value});
    emit(where, model::StoreDescriptor{{0, 0, unsettled}, {}});
}

/// What is hooked by the store becomes a table.
model::StoreDescriptor Pages::store_of(const Where& where, const TablePage& table, std::uint64_t index,
                                       std::uint64_t value) {
    model::StoreDescriptor store;
    store.slot = {table.va_base + index * geometry_.entry_bytes(table.level), table.level, table.generation};
    store.value = descriptor_of(value, table.level, space_at(table.va_base), format_, geometry_);
    if (store.value.kind == DescriptorKind::table)
        store.value.oa = attach(where, store.value.oa, table.level + 1, store.slot.va);
    return store;
}

std::uint32_t Pages::attach(const Where& where, std::uint64_t pa, int level, std::uint64_t va_base) {
    model::poll();
    Page& page = pages_[pa];
    if (page.table && page.table->level == level && page.table->va_base == va_base)
        return page.table->generation;
    if (page.table && in_tree(pa))
        throw Refused{fmt::format("the page 0x{:x} is a table in two places", pa),
                      "tables that share a page are not supported"};
    if (page.table) leave(where, pa, page);
    if (page.left_over)
        throw Refused{
            fmt::format("the page 0x{:x} becomes a table and still holds what it had as another", pa),
            "mem-init or mem-set says that it was cleared"};
    page.table = TablePage{level, va_base, ++generations_[{level, va_base}]};
    program_.new_tables.push_back({*page.table, !page.zeroed, {}});
    settle(where, page);
    return page.table->generation;
}

void Pages::settle(const Where& where, Page& page) {
    const std::vector<Pending> pending = std::exchange(page.pending, {});
    const TablePage table = *page.table;
    for (const Pending& each : pending) {
        const model::StoreDescriptor store = store_of(where, table, each.index, each.value);
        program_.threads[each.thread].code.front().body[each.instruction].operation = store;
    }
}

/// The page's use as a table has ended.
void Pages::leave(const Where& where, std::uint64_t /*pa*/, Page& page) {
    emit(where, model::Free{*page.table});
    detach(page);
}

void Pages::detach(Page& page) {
    page.table.reset();
    page.pending.clear();
    page.left_over = std::ranges::any_of(page.words, [](const auto& word) { return word.second != 0; });
}

/// Some root leads to it by the tables as they are.
bool Pages::in_tree(std::uint64_t pa) const {
    for (const Root& root : roots_) {
        if (root.dead) continue;
        for (std::uint64_t k = 0; k < root.start.pages; ++k) {
            std::vector<std::uint64_t> pages;
            below(root.pa + k * page_bytes, pages);
            if (std::ranges::find(pages, pa) != pages.end()) return true;
        }
    }
    return false;
}

/// The table and those below it, by what memory holds.
void Pages::below(std::uint64_t pa, std::vector<std::uint64_t>& pages) const {
    model::poll();
    const auto found = pages_.find(pa);
    if (found == pages_.end() || !found->second.table) return;
    pages.push_back(pa);
    const TablePage& table = *found->second.table;
    for (const auto& [index, word] : found->second.words) {
        if (kind_of(word, table.level) != DescriptorKind::table) continue;
        const std::uint64_t pa_below = address_of(word, table.level, geometry_);
        const auto next = pages_.find(pa_below);
        const std::uint64_t va = table.va_base + index * geometry_.entry_bytes(table.level);
        if (next != pages_.end() && next->second.table && next->second.table->level == table.level + 1 &&
            next->second.table->va_base == va)
            below(pa_below, pages);
    }
}

std::optional<SpaceId> Pages::root_at(std::uint64_t pa) const {
    for (std::size_t s = 0; s < roots_.size(); ++s) {
        const Root& root = roots_[s];
        if (!root.dead && pa >= root.pa && pa - root.pa < root.start.pages * page_bytes)
            return static_cast<SpaceId>(s);
    }
    return std::nullopt;
}

void Pages::zero(const Where& where, std::uint64_t address, std::uint64_t bytes) {
    must_be_pages(address, bytes, "a mem-init");
    for (std::uint64_t at = address; at < address + bytes; at += page_bytes) {
        model::poll();
        Page& page = pages_[at];
        if (page.table && in_tree(at))
            throw Refused{fmt::format("the page 0x{:x} is a translation table in use", at), {}};
        if (page.table) leave(where, at, page);
        page = {};
        page.zeroed = true;
    }
}

void Pages::set(const Where& where, std::uint64_t address, std::uint64_t bytes, std::uint8_t byte) {
    if (address % 8 != 0 || bytes % 8 != 0 || bytes == 0)
        throw Refused{"a mem-set of what is not whole words of 8 bytes", {}};
    if (address + bytes < address || bytes > std::uint64_t{1} << 30U)
        throw Refused{"a mem-set of more than 1G", {}};
    const std::uint64_t word = 0x0101'0101'0101'0101U * byte;
    for (std::uint64_t at = address; at < address + bytes; at += 8) {
        model::poll();
        const std::uint64_t page = page_of(at);
        const auto known = pages_.find(page);
        const bool table = known != pages_.end() && known->second.table;
        if (byte == 0 && !table && at == page && address + bytes - at >= page_bytes) {
            zero(where, page, page_bytes);
            at += page_bytes - 8;
        } else if (!is_known(at) || read(at) != word) {
            write(where, at, word);
        }
    }
}

void Pages::free(const Where& where, std::uint64_t address, std::uint64_t bytes) {
    must_be_pages(address, bytes, "a mem-free");
    bool tables = false;
    for (std::uint64_t at = address; at < address + bytes; at += page_bytes) {
        const auto page = pages_.find(at);
        if (page == pages_.end()) continue;
        tables = tables || page->second.table.has_value();
        if (page->second.table) leave(where, at, page->second);
        pages_.erase(page);
    }
    if (!tables) emit(where, model::Free{std::pair(address, bytes)});
}

void Pages::release(const Where& where, std::uint64_t address, const std::function<bool(SpaceId)>& in_use) {
    const auto found = pages_.find(page_of(address));
    if (found == pages_.end() || !found->second.table) return;
    std::vector<std::uint64_t> pages;
    bool used = true;
    if (const auto space = root_at(found->first)) {
        Root& root = roots_[*space];
        for (std::uint64_t k = 0; k < root.start.pages; ++k) below(root.pa + k * page_bytes, pages);
        used = in_use(*space);
        root.dead = true;
    } else {
        below(found->first, pages);
    }
    // Where a whole tree goes that no PE is in, nobody walks its tables any more.
    for (const std::uint64_t pa : pages) {
        Page& page = pages_.at(pa);
        if (used)
            leave(where, pa, page);
        else
            detach(page);
    }
}

SpaceId Pages::space_of(const Where& where, std::uint64_t root, model::AddressSpace as,
                        const WalkStart& start) {
    if (const auto known = root_at(root)) {
        const Root& before = roots_[*known];
        const model::AddressSpace& space = program_.spaces[*known];
        if (space.base() != as.base())
            throw Refused{
                fmt::format("the tables at 0x{:x} are of stage {} already", root, space.stage2 ? 2 : 1), {}};
        const auto tag = [](const model::AddressSpace& of) { return of.stage2 ? of.vmid : of.asid; };
        if (const char* const name = as.stage2 ? "VMID" : "ASID"; tag(space) != tag(as))
            throw Refused{fmt::format("the tables at 0x{:x} have the {} {} already", root, name, tag(space)),
                          fmt::format("one set of tables under two {}s is not supported", name)};
        if (before.pa == root && before.start.level == start.level) return *known;
        throw Refused{fmt::format("0x{:x} is the root of other tables already", root), {}};
    }
    const auto space = static_cast<SpaceId>(program_.spaces.size());
    if (space >= 128) throw Refused{"the log has more than 128 roots", {}};
    const std::string tag = as.stage2                         ? fmt::format("VMID {}", as.vmid)
                            : as.regime == model::Regime::el2 ? "EL2"
                                                              : fmt::format("EL2&0, ASID {}", as.asid);
    as.name = fmt::format("{} at 0x{:x}", tag, root);
    program_.spaces.push_back(std::move(as));
    roots_.push_back({root, start, false});
    for (std::uint64_t k = 0; k < start.pages; ++k) {
        const std::uint64_t pa = root + k * page_bytes;
        Page& page = pages_[pa];
        if (page.table) {
            if (in_tree(pa)) throw Refused{fmt::format("the page 0x{:x} is a table of another tree", pa), {}};
            leave(where, pa, page);
        }
        if (!page.zeroed || page.left_over)
            throw Refused{fmt::format("what the root table at 0x{:x} holds is not known", pa),
                          "the log has to begin before the tables are made, with mem-init"};
        page.table =
            TablePage{start.level, model::spaces::within(k * geometry_.table_bytes(start.level), space), 0};
        settle(where, page);
    }
    return space;
}

}  // namespace tlbcheck::litmus::casemate
