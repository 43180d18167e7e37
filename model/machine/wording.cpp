// SPDX-License-Identifier: Apache-2.0
//
// Phrases for steps, entries and translations.
#include "model/machine/wording.hpp"
#include "model/arch/hardware_update.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "model/program/context_text.hpp"
#include "model/program/pe_contexts.hpp"
#include "model/program/slot_name.hpp"

namespace tlbcheck::model {

namespace {

using PageRange = std::pair<std::uint64_t, std::uint64_t>;

std::string flag_name(const ScheduleProgram& program, std::uint32_t flag) {
    return flag < program.flags.size() ? program.flags[flag] : fmt::format("flag {}", flag);
}

}  // namespace

std::string Wording::slot(const DescriptorSlot& slot) const {
    return slot_name(*scenario_.schedule().program, scenario_.geometry(), slot);
}

std::string Wording::operation(const Operation& operation) const {
    const ScheduleProgram& program = *scenario_.schedule().program;
    if (const auto* store = std::get_if<StoreDescriptor>(&operation)) {
        return fmt::format("{} = {}{}", slot(store->slot), written_text(store->value, false),
                           store->atomic ? ", atomically" : "");
    }
    if (const auto* tlbi = std::get_if<TlbiInstruction>(&operation))
        return describe_tlbi(tlbi->op, tlbi->operand, scenario_.geometry());
    if (const auto* barrier = std::get_if<Barrier>(&operation)) return to_string(*barrier);
    if (const auto* await = std::get_if<Await>(&operation)) {
        return fmt::format("sees {} = {}", flag_name(program, await->flag.value_or(0)), await->value);
    }
    if (const auto* branch = std::get_if<Branch>(&operation))
        return branch_text(program, scenario_.geometry(), *branch);
    if (std::holds_alternative<Otherwise>(operation)) return "goes on behind the else";
    if (std::holds_alternative<EndBranch>(operation)) return "goes on behind the if";
    if (const auto* free = std::get_if<Free>(&operation)) {
        if (const auto* range = std::get_if<PageRange>(&free->what)) {
            return fmt::format("free {:#x}-{:#x}: the new owner writes it", range->first,
                               range->first + (range->second - 1));
        }
        const auto& page = std::get<TablePage>(free->what);
        return fmt::format("free the level {} table of {:#x}: the new owner writes it", page.level,
                           spaces::plain(page.va_base));
    }
    if (const auto* change = std::get_if<ContextChange>(&operation)) return context_text(program, *change);
    const auto& access = std::get<Access>(operation);
    const bool store = is_store(access.kind);
    const std::string place =
        access.flag ? flag_name(program, *access.flag) : fmt::format("{:#x}", spaces::plain(access.va));
    return store ? fmt::format("{} = {}", place, access.value) : fmt::format("load {}", place);
}

std::string Wording::instruction(const MachineEvent& event) const {
    const std::vector<PlainInstruction>& code = scenario_.schedule().threads[event.thread].code;
    if (event.position >= code.size()) {
        if (event.kind == StepKind::barrier) return "ISB";
        if (event.kind == StepKind::access) return "MSR: the context of the access";
        return "its flag: this thread is done";
    }
    std::string text = operation(code[event.position].operation);
    if (std::holds_alternative<Branch>(code[event.position].operation))
        text += event.taken ? ": it does" : ": it does not";
    return text;
}

bool Wording::is_free(const MachineEvent& event) const {
    const std::vector<PlainInstruction>& code = scenario_.schedule().threads[event.thread].code;
    return event.position < code.size() && std::holds_alternative<Free>(code[event.position].operation);
}

bool Wording::changes_context(const MachineEvent& event) const {
    const std::vector<PlainInstruction>& code = scenario_.schedule().threads[event.thread].code;
    return event.position >= code.size() ||
           std::holds_alternative<ContextChange>(code[event.position].operation);
}

MemoryDescriptor Wording::descriptor(const DescriptorSlot& slot, const Descriptor& value, bool reused) const {
    const std::optional<SpaceId> in = spaces::of(slot.va);
    return {this->slot(slot),
            slot,
            scenario_.geometry().entry_bytes(slot.level),
            value,
            reused,
            in ? scenario_.schedule().program->spaces[*in].name : std::string()};
}

std::optional<MemoryDescriptor> Wording::written(std::uint32_t id) const {
    const MachineStore& store = scenario_.stores()[id];
    const std::vector<PlainInstruction>& code = scenario_.schedule().threads[store.thread].code;
    if (store.position >= code.size()) return std::nullopt;
    if (const auto* write = std::get_if<StoreDescriptor>(&code[store.position].operation)) {
        return descriptor(write->slot, write->value, false);
    }
    if (!store.garbage || store.location < 0) return std::nullopt;
    const MachineLocation& location = scenario_.locations()[static_cast<std::size_t>(store.location)];
    if (location.kind != MachineLocation::Kind::slot) return std::nullopt;
    return descriptor(location.slot, store.value, true);
}

bool Wording::concerns_judged(const MachineTlbi& tlbi) const {
    if (tlbi.scope.nothing) return false;
    if (scenario_.guest()) return true;
    if (!tlbi.scope.stage1) return false;
    if (!tlbi.scope.first) return true;
    const Geometry& geometry = scenario_.geometry();
    std::uint64_t first = geometry.entry_base(scenario_.va(), 3);
    std::uint64_t last = first + (geometry.entry_bytes(3) - 1);
    for (const MachineLocation& location : scenario_.locations()) {
        const int level = location.slot.level;
        if (location.kind != MachineLocation::Kind::slot || location.initial.kind != DescriptorKind::leaf)
            continue;
        first = std::min(first, geometry.set_base(scenario_.va(), level));
        last =
            std::max(last, geometry.set_base(scenario_.va(), level) + (geometry.contiguous_bytes(level) - 1));
    }
    return *tlbi.scope.first <= last && *tlbi.scope.last >= first;
}

std::string Wording::tlbi_detail(const MachineTlbi& tlbi) const {
    if (tlbi.scope.nothing) return "it must remove nothing: " + tlbi.scope.why_nothing;
    if (!tlbi.reaches) return "a local operation: it does not reach the PE of the judged access";
    return {};
}

std::string Wording::removal_detail(const MachineTlbi& tlbi, std::size_t removed, const PeState& left) const {
    if (removed != 0)
        return removed == 1 ? "one entry is removed" : fmt::format("{} entries are removed", removed);
    const CachedEntry& entry = left.tlb.empty() ? left.walk_cache.front() : left.tlb.front();
    if (tlbi.scope.first && (*tlbi.scope.last < entry.first || *tlbi.scope.first > entry.last)) {
        return fmt::format("nothing is removed: the entry held serves {:#x}-{:#x}, filled from {}",
                           entry.first, entry.last, slot(entry.source));
    }
    return "nothing is removed: no entry held is in its scope";
}

CachedEntry Wording::entry(std::size_t w, int level, int location, StoredId id, EntrySpan span) const {
    CachedEntry entry;
    entry.level = level;
    entry.source = scenario_.locations()[static_cast<std::size_t>(location)].slot;
    entry.origin = slot(entry.source);
    entry.value = scenario_.value(location, id);
    entry.reused = scenario_.is_garbage(id);
    entry.span = span;
    entry.walked_for = scenario_.question().targets[w].walked_for;
    const CachedTranslation cached = scenario_.cached(w, level, entry.value, span);
    entry.first = cached.first;
    entry.last = cached.last;
    entry.tags = tags(entry, cached);
    if (span != EntrySpan::table && !entry.reused) {
        const std::uint64_t at =
            scenario_.question().targets[w].under ? scenario_.question().targets[w].va : scenario_.va();
        const Translation result =
            scenario_.translate_for(at, scenario_.from_sibling(w, level), level, entry.value, false);
        entry.value.oa = result.oa - (spaces::plain(at) - entry.first);
    }
    return entry;
}

std::optional<EntryTags> Wording::tags(const CachedEntry& entry, const CachedTranslation& cached) const {
    const std::optional<SpaceId> from = spaces::of(entry.source.va);
    if (!from) return std::nullopt;
    const ScheduleProgram& program = *scenario_.schedule().program;
    const AddressSpace& space = program.spaces[*from];
    EntryTags result;
    result.stage = entry.span == EntrySpan::combined ? CachedTranslation::Stage::combined : cached.stage;
    result.regime = cached.regime;
    result.global = !space.stage2 && cached.leaf && cached.global;
    // Of a VM without spaces only the guest knows the VA and the ASID.
    if (!space.stage2 && !result.global && space.regime != Regime::el2) result.asid = cached.asid;
    result.vmid = vmid_of(program, entry.source.va);
    result.space = space.name;
    return result;
}

std::string Wording::fill(const CachedEntry& entry) const {
    if (entry.span == EntrySpan::table) {
        return fmt::format("a walk caches {}: {}", slot(entry.source),
                           written_text(entry.value, entry.reused));
    }
    if (entry.span == EntrySpan::combined && scenario_.guest()) {
        return fmt::format("both stages make one entry for {:#x}-{:#x} -> {:#x}", entry.first, entry.last,
                           entry.value.oa);
    }
    if (scenario_.guest() && !entry.reused) {
        const bool stage2 = spaces::of(entry.source.va) != spaces::of(scenario_.va()) &&
                            scenario_.schedule().program->spaces[*spaces::of(entry.source.va)].stage2;
        return fmt::format("a walk of stage {} reads {}: an entry for {} {:#x}-{:#x} -> {} {:#x}",
                           stage2 ? 2 : 1, slot(entry.source), stage2 ? "IPA" : "VA", entry.first, entry.last,
                           stage2 ? "PA" : "IPA", entry.value.oa);
    }
    if (entry.span == EntrySpan::combined) {
        return fmt::format("the guest's own translation and {} make one entry -> {:#x}", slot(entry.source),
                           entry.value.oa);
    }
    return fmt::format("a walk reads {}: an entry for {:#x}-{:#x} -> {}", slot(entry.source), entry.first,
                       entry.last,
                       entry.reused ? written_text(entry.value, true) : fmt::format("{:#x}", entry.value.oa));
}

std::string Wording::fill_detail(const CachedEntry& entry) const {
    const bool sibling = !own_slot(entry);
    if (entry.reused) return "the walk reads memory of the new owner as a descriptor";
    if (entry.span == EntrySpan::combined && scenario_.guest())
        return "it uses an entry of each stage, and stays when that of stage 2 is invalidated by IPA";
    if (entry.span == EntrySpan::combined)
        return "it uses the entry of stage 2, and stays when that is invalidated by IPA";
    if (sibling) {
        return fmt::format(
            "the walk is for {:#x}; its descriptor has the Contiguous bit set, so the entry may serve "
            "{} of the contiguous set",
            entry.walked_for, entry.span == EntrySpan::coalesced ? "all" : "another part");
    }
    if (entry.span == EntrySpan::coalesced) return "the Contiguous bit is set: one entry for the whole set";
    const auto from = spaces::of(entry.source.va);
    if (!from || from == spaces::of(scenario_.va())) return {};
    const AddressSpace& space = scenario_.schedule().program->spaces[*from];
    if (scenario_.guest() && space.stage2) return {};
    if (space.stage2)
        return fmt::format("walked in VM {}: it carries VMID {}, and is hit wherever that VMID is",
                           space.name, space.vmid);
    if (!entry.value.not_global)
        return fmt::format("walked in space {}, and global: it is hit in every space", space.name);
    if (space.upper && !(entry.tags && entry.tags->asid))
        return fmt::format("walked in space {}: it carries the ASID of then", space.name);
    const std::uint16_t asid = space.upper ? *entry.tags->asid : space.asid;
    return fmt::format("walked in space {}: it carries ASID {}, and is hit wherever that ASID is", space.name,
                       asid);
}

bool Wording::own_slot(const CachedEntry& entry) const {
    const bool under = scenario_.guest() && entry.walked_for >> 48U != 0 &&
                       scenario_.schedule().program->spaces[*spaces::of(entry.walked_for)].stage2;
    const std::uint64_t va = spaces::plain(under ? entry.walked_for : scenario_.va());
    return spaces::plain(entry.source.va) == scenario_.geometry().entry_base(va, entry.level);
}

std::vector<axioms::RuleName> Wording::fill_rules(const CachedEntry& entry) const {
    if (entry.span == EntrySpan::table) return {"walk-order"};
    if (entry.span == EntrySpan::own || entry.span == EntrySpan::combined) return {"TTD-obs"};
    const bool sibling = !own_slot(entry);
    if (sibling) return {"RNGLXZ", "RJQQTC", "CONTIGUOUS-FILL", "CONTIGUOUS-SPAN"};
    return {"RJQQTC", "CONTIGUOUS-SPAN"};
}

Translation Wording::seen(const WalkState& walk) const {
    const auto level = static_cast<std::size_t>(walk.level);
    const int location = scenario_.slot_location(0, walk.level, walk.generations[level]);
    if (location < 0) return {};
    const StoredId id = walk.reads[level];
    return scenario_.translate(scenario_.from_sibling(0, walk.level), walk.level,
                               scenario_.value(location, id), scenario_.is_garbage(id));
}

std::string Wording::translation(const Translation& translation) const {
    if (translation.garbage) return "is translated by what the new owner of the freed table wrote";
    if (!translation.valid) return "takes a translation fault";
    if (!translation.af) return "takes an access flag fault";
    std::string text =
        fmt::format("translates to {:#x} ({})", translation.oa, translation.writable ? "rw" : "ro");
    if (translation.attributes != Attr::none) text += " " + to_string(translation.attributes);
    return text;
}

Translation Wording::seen(const MachineEvent& event) const {
    return scenario_.guest() ? event.result : seen(event.entry);
}

std::string Wording::latch(const MachineEvent& event) const {
    return fmt::format("the later {} {} early", judged_access(), translation(seen(event)));
}

std::optional<MemoryDescriptor> Wording::updated(const WalkState& walk) const {
    const auto level = static_cast<std::size_t>(walk.level);
    const int location = scenario_.slot_location(0, walk.level, walk.generations[level]);
    if (location < 0 || scenario_.is_garbage(walk.reads[level])) return std::nullopt;
    const auto value =
        hardware_update(scenario_.value(location, walk.reads[level]), scenario_.question().observer.store);
    if (!value) return std::nullopt;
    return descriptor(scenario_.locations()[static_cast<std::size_t>(location)].slot, *value, false);
}

std::string Wording::latch_detail() const {
    if (!scenario_.question().observer.thread)
        return "the access is in flight: it has its translation and waits";
    return "no ISB stands between here and the access, so that it may keep this translation";
}

std::string Wording::judged_access() const {
    return fmt::format("{} {:#x}", scenario_.question().observer.store ? "store" : "load",
                       spaces::plain(scenario_.va()));
}

std::string Wording::outcome(const MachineEvent& hit, const std::vector<CachedEntry>& tlb) const {
    const PropertyKind kind = scenario_.question().kind;
    if (kind == PropertyKind::no_bbm_violation) {
        return fmt::format("{} while the TLB may still hold an entry of the value before", instruction(hit));
    }
    if (kind == PropertyKind::no_tlb_conflict || scenario_.question().amalgam) {
        std::string text = "matches two entries that conflict";
        const bool combined = std::ranges::any_of(
            tlb, [](const CachedEntry& entry) { return entry.span == EntrySpan::combined; });
        for (const CachedEntry& entry : tlb) {
            if (combined && entry.span != EntrySpan::combined) continue;
            text += fmt::format("; {}: {}", slot(entry.source), written_text(entry.value, entry.reused));
        }
        return text;
    }
    if (kind == PropertyKind::no_lost_update) {
        if (hit.store) return instruction(hit) + " overwrites the flag that hardware has set there";
        return "walks to a descriptor in the freed table page, where hardware may set flags";
    }
    std::string text = translation(seen(hit));
    if (kind == PropertyKind::never_invalid && seen(hit).valid) text += ", which may be invalid";
    if (kind == PropertyKind::no_use_after_free && !seen(hit).garbage) {
        text += ", memory that was freed and is the new owner's";
    }
    return text;
}

std::string Wording::expected(const MachineEvent& hit, const std::vector<StoredId>& memory) const {
    switch (scenario_.question().kind) {
        case PropertyKind::no_bbm_violation:
            return "break-before-make asks for an invalid value, DSB, TLBI, DSB in between";
        case PropertyKind::no_tlb_conflict:
            return "at most one entry may match, or entries that agree";
        case PropertyKind::no_use_after_free:
            return "no access may reach freed memory";
        case PropertyKind::never_invalid:
            return scenario_.judged_at_any_time() ? "the region may not fault at any time"
                                                  : "the region may not fault once it is mapped";
        case PropertyKind::no_lost_update:
            return "what hardware sets in a descriptor is read by an atomic instruction, or kept";
        case PropertyKind::no_stale_entry:
            break;
    }
    (void)hit;
    if (scenario_.moment())
        return fmt::format("by the tables at the label the access {}",
                           translation(scenario_.fresh_walk(memory)));
    const std::vector<StoredId>& last = scenario_.final_varies() ? memory : scenario_.final_memory();
    return fmt::format("by the final tables the access {}", translation(scenario_.fresh_walk(last)));
}

std::vector<axioms::RuleName> Wording::hit_rules() const {
    switch (scenario_.question().kind) {
        case PropertyKind::no_bbm_violation:
            return {"BBM", "RWHZWS"};
        case PropertyKind::no_tlb_conflict:
            return {"TLB-conflict", "RFCPSG"};
        case PropertyKind::never_invalid:
            return {"TTD-obs"};
        case PropertyKind::no_lost_update:
            return {"HU"};
        default:
            break;
    }
    if (scenario_.question().amalgam) return {"TLB-conflict", "RFVQCK"};
    return {"TLB-hit"};
}

}  // namespace tlbcheck::model
