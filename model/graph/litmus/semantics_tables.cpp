// SPDX-License-Identifier: Apache-2.0
//
// Walks over tables that are written out, both stages (Arm ARM D8.2): a descriptor that some instruction
// accesses is a TTD read, any other a constant.
//
//   address -data-> TTD read -data-> TTD read -data-> branch -ctrl-> access or fault
#include <fmt/format.h>

#include <array>

#include "model/graph/litmus/semantics.hpp"
#include "model/graph/translation/descriptor_word.hpp"
#include "model/limits/budget.hpp"

namespace tlbcheck::model {

using translation::decode_descriptor;
using translation::descriptor_address;
using translation::DescriptorWord;
using translation::span_of_level;
using translation::WalkStep;

namespace {

/// No alternative: nothing is known yet of what the value may be.
Alts<ControlFlow> nothing_known(InstructionContext& /*c*/) {
    return {};
}

std::optional<FaultKind> fault_of(translation::Outcome outcome) {
    switch (outcome) {
        case translation::Outcome::translation_fault:
            return FaultKind::translation;
        case translation::Outcome::access_flag_fault:
            return FaultKind::access_flag;
        case translation::Outcome::permission_fault:
            return FaultKind::permission;
        case translation::Outcome::next_table:
        case translation::Outcome::output:
            break;
    }
    return std::nullopt;
}

constexpr std::uint64_t table_bits = 0x0000fffffffff000;
constexpr unsigned tag_shift = 48;  // of ASID and VMID

std::uint64_t number_of(ValueAlgebra& algebra, ValueId value) {
    return algebra.values().value(value).number;
}

}  // namespace

LitmusValue combined_entry_place() {
    return LitmusValue::address(ValueKind::physical, "combined entry");
}

/// One access and the context that its walk is made in.
struct LitmusSemantics::TableWalk {
    Access what;
    bool stage2 = true;
    std::uint64_t vttbr = 0;
    WalkStep step;  ///< regime, va, asid, vmid
    translation::AccessKind kind;
    std::array<InstructionContext::TableBase, 2> bases;  ///< of stage 1 and of stage 2
    std::uint16_t asid_now = 0;                          ///< of the context that the access is made in
    /// Of a context that is over only what it left in the TLB is used, and faults are not cached.
    bool over() const { return bases[0].end != 0 || bases[1].end != 0; }
};

/// The value of a register that operations go by; where a write of it is not synchronised, that or an older
/// one.
Symbolic LitmusSemantics::context_register(RegisterId reg) {
    const auto bases = c_.table_bases(reg);
    Symbolic value = bases.front().value;
    for (std::size_t k = 1; k < bases.size(); ++k) {
        if (!bases[k].pending) continue;
        const Formula chosen = c_.choice(fmt::format("old {} {}", register_name(reg), k));
        value = a_.choose(chosen, bases[k].value, value);
    }
    return value;
}

/// Which of the values that the register has had the walk goes by, one under each formula.
std::vector<std::pair<Formula, InstructionContext::TableBase>> LitmusSemantics::choose_base(RegisterId reg) {
    const auto bases = c_.table_bases(reg);
    std::vector<std::pair<Formula, InstructionContext::TableBase>> result;
    Formula rest = logic::true_formula;
    for (std::size_t k = bases.size(); k-- > 0;) {
        const Formula chosen =
            k == 0 ? logic::true_formula : c_.choice(fmt::format("walk by old {} {}", register_name(reg), k));
        for (const auto& v : bases[k].value.alternatives) {
            const Formula when = a_.pool().conjunction({rest, chosen, v.when});
            if (when.is_false()) continue;
            InstructionContext::TableBase base = bases[k];
            base.value = a_.constant(a_.values().value(v.what));
            result.emplace_back(when, std::move(base));
        }
        rest = a_.pool().both(rest, !chosen);
    }
    return result;
}

/// What follows from each number that the value may be.
Computation<ControlFlow> LitmusSemantics::by_number(const Symbolic& value,
                                                    const std::function<Flow(std::uint64_t)>& next) {
    Flow result = nothing_known;
    for (const auto& alternative : value.alternatives) {
        const std::uint64_t number = number_of(a_, alternative.what);
        const Flow here = lazily([next, number] { return next(number); });
        result = either_by<ControlFlow>(alternative.when, here, result);
    }
    return result;
}

Computation<ControlFlow> LitmusSemantics::access_by_tables(Access what) {
    const Value address_of = what.address;
    return delayed(
        address_of, [this, what = std::move(what)](const Symbolic& address, const Value& made) -> Flow {
            return by_number(address,
                             [this, what, made](std::uint64_t va) { return with_context(what, va, made); });
        });
}

Computation<ControlFlow> LitmusSemantics::with_context(const Access& what, std::uint64_t va,
                                                       const Value& made) {
    const bool hypervisor = site_.exception_level == 2;
    const auto number = [this](const InstructionContext::TableBase& b) {
        return number_of(a_, b.value.alternatives.front().what);
    };
    const auto tag = [](std::uint64_t base) { return static_cast<std::uint16_t>(base >> tag_shift); };
    const auto roots = choose_base(hypervisor ? ttbr0_el2 : ttbr0_el1);
    std::vector<std::pair<Formula, InstructionContext::TableBase>> seconds;
    if (hypervisor)
        seconds.emplace_back(logic::true_formula, InstructionContext::TableBase{a_.number(0), 0, 0, false});
    else
        seconds = choose_base(vttbr_el2);
    const std::uint16_t asid_now = tag(number(roots.back().second));
    const std::uint16_t vmid_now = tag(number(seconds.back().second));
    Flow result = nothing_known;
    for (const auto& [root_when, root] : roots) {
        for (const auto& [second_when, second] : seconds) {
            const Formula when = a_.pool().both(root_when, second_when);
            if (when.is_false()) continue;
            auto walk = std::make_shared<TableWalk>();
            walk->what = what;
            walk->stage2 = !hypervisor;
            walk->vttbr = number(second);
            walk->step.regime = hypervisor ? Regime::el2 : Regime::el10;
            walk->step.va = va;
            walk->bases = {root, second};
            const std::uint64_t ttbr = number(root);
            walk->step.asid = hypervisor ? std::uint16_t{0} : tag(ttbr);
            walk->step.vmid = tag(walk->vttbr);
            walk->asid_now = hypervisor ? std::uint16_t{0} : asid_now;
            walk->kind = {site_.exception_level, what.write};
            // What another VMID left in the TLB is not hit.
            const bool hit = second.end == 0 || walk->step.vmid == vmid_now;
            const Flow here = lazily([this, walk, ttbr, made, hit]() -> Flow {
                return hit ? stage1(walk, 0, ttbr & table_bits, made, Walked{}) : Flow(nothing_known);
            });
            result = either_by<ControlFlow>(when, here, result);
        }
    }
    return result;
}

/// The word at the physical address, then what follows from it.
Computation<ControlFlow> LitmusSemantics::read_word(std::uint64_t place, const WalkStep& step,
                                                    const InstructionContext::TableBase& base, Value made,
                                                    Walked walked, const AfterWord& next) {
    poll();
    if (c_.memory_values(LitmusValue::of(place)).empty())
        return next(site_.translation->word(place), std::move(made), walked);
    walked.any = true;
    walked.stage2 = walked.stage2 || step.stage == 2;
    const auto read = [this, place, step, base](const Symbolic&) {
        LocalEvent e;
        e.role = EventRole::read_memory;
        e.origin = EventOrigin::ttd;
        e.has_location = e.has_value = true;
        e.location = a_.constant(LitmusValue::of(place));
        e.step = step;
        e.context_begin = base.begin;
        e.context_end = base.end;
        return event(std::move(e));
    };
    return delayed(then(std::move(made), read),
                   [this, next, walked](const Symbolic& v, const Value& done) -> Flow {
                       return by_number(
                           v, [next, done, walked](std::uint64_t word) { return next(word, done, walked); });
                   });
}

Computation<ControlFlow> LitmusSemantics::stage1(const SharedWalk& walk, int level, std::uint64_t table,
                                                 Value made, Walked walked) {
    const std::uint64_t place = descriptor_address(table, walk->step.va, level);
    return to_physical(walk, place, level, std::move(made), walked,
                       [this, walk, level](std::uint64_t physical, Value at, Walked w) {
                           WalkStep step = walk->step;
                           step.level = level;
                           step.input = walk->step.va;
                           return read_word(physical, step, walk->bases[0], std::move(at), w,
                                            [this, walk, level](std::uint64_t word, Value read, Walked any) {
                                                return stage1_descriptor(walk, level, word, std::move(read),
                                                                         any);
                                            });
                       });
}

Computation<ControlFlow> LitmusSemantics::stage1_descriptor(const SharedWalk& walk, int level,
                                                            std::uint64_t word, Value made, Walked walked) {
    WalkStep step = walk->step;
    step.level = level;
    step.input = walk->step.va;
    const DescriptorWord d = decode_descriptor(word, 1, level);
    if (d.kind == DescriptorKind::table) return stage1(walk, level + 1, d.address, std::move(made), walked);
    if (d.contiguous) return refused_hint(*walk, step, std::move(made));
    if (const auto fault = fault_of(outcome(d, walk->kind)))
        return faulting(*walk, *fault, step, std::move(made));
    // What another address space left in the TLB is hit where it is global.
    if (walk->over() && d.not_global && walk->step.asid != walk->asid_now) return nothing_known;
    step.combined = true;
    step.global = !d.not_global;
    return to_physical(walk, d.address + walk->step.va % span_of_level(level), 4, std::move(made), walked,
                       [this, walk, step](std::uint64_t physical, const Value& at, Walked w) {
                           return arrived(*walk, step, physical, at, w);
                       });
}

Computation<ControlFlow> LitmusSemantics::to_physical(const SharedWalk& walk, std::uint64_t ipa,
                                                      int for_level, Value made, Walked walked,
                                                      AfterAddress next) {
    if (!walk->stage2) return next(ipa, std::move(made), walked);
    return stage2(walk, 0, walk->vttbr & table_bits, ipa, for_level, std::move(made), walked,
                  std::move(next));
}

Computation<ControlFlow> LitmusSemantics::stage2(const SharedWalk& walk, int level, std::uint64_t table,
                                                 std::uint64_t ipa, int for_level, Value made, Walked walked,
                                                 AfterAddress next) {
    WalkStep step = walk->step;
    step.stage = 2;
    step.level = level;
    step.input = ipa;
    step.for_level = for_level;
    const auto decide = [this, walk, step, ipa, next = std::move(next)](std::uint64_t word, Value at,
                                                                        Walked any) -> Flow {
        const DescriptorWord d = decode_descriptor(word, 2, step.level);
        if (d.kind == DescriptorKind::table)
            return stage2(walk, step.level + 1, d.address, ipa, step.for_level, std::move(at), any, next);
        if (d.contiguous) return refused_hint(*walk, step, std::move(at));
        const translation::AccessKind kind{walk->kind.exception_level,
                                           walk->kind.write && step.for_level == 4};
        if (const auto fault = fault_of(outcome(d, kind)))
            return faulting(*walk, *fault, step, std::move(at));
        return next(d.address + ipa % span_of_level(step.level), std::move(at), any);
    };
    return read_word(descriptor_address(table, ipa, level), step, walk->bases[1], std::move(made), walked,
                     decide);
}

/// An error of the test where a walk comes to a leaf with the Contiguous hint.
Computation<ControlFlow> LitmusSemantics::refused_hint(const TableWalk& walk, const WalkStep& step,
                                                       Value made) {
    return with_fact(
        table_fault(walk.what, FaultKind::translation, step, std::move(made)), logic::false_formula,
        "a descriptor with the Contiguous hint, which is not supported where tables are written out");
}

Computation<ControlFlow> LitmusSemantics::faulting(const TableWalk& walk, FaultKind kind,
                                                   const WalkStep& step, Value made) {
    if (walk.over()) return nothing_known;
    return table_fault(walk.what, kind, step, std::move(made));
}

/// The access itself; where stage 2 was read, after the entry that combines both stages is made.
Computation<ControlFlow> LitmusSemantics::arrived(const TableWalk& walk, const WalkStep& combined,
                                                  std::uint64_t physical, const Value& made, Walked walked) {
    const Symbolic place = a_.number(physical);
    if (!walked.any && !walk.over())
        return next(walk.what.op(false, with_value(made, place), walk.what.data));
    Value done = made;
    if (walked.stage2 || walk.over()) {
        done =
            then(made, [this, combined, base = walk.bases[walk.bases[0].end == 0 ? 1 : 0]](const Symbolic&) {
                LocalEvent e;
                e.role = EventRole::read_memory;
                e.origin = EventOrigin::ttd;
                e.has_location = e.has_value = true;
                e.location = a_.constant(combined_entry_place());
                e.step = combined;
                e.context_begin = base.begin;
                e.context_end = base.end;
                return event(std::move(e));
            });
    }
    const Value checked = then(&data_sequence_keep_output, std::move(done), [this, place](const Symbolic&) {
        return with_value(commit(EventRole::branch_predicate), place);
    });
    return next(walk.what.op(true, checked, walk.what.data));
}

}  // namespace tlbcheck::model
