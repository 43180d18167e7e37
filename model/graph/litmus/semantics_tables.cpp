// SPDX-License-Identifier: Apache-2.0
//
// Walks over tables that are written out, both stages (Arm ARM D8.2): a descriptor that some instruction
// accesses is a TTD read, any other a constant.
//
//   address -data-> TTD read -data-> TTD read -data-> branch -ctrl-> access or fault
#include <fmt/format.h>

#include "model/graph/litmus/semantics.hpp"
#include "model/graph/translation/descriptor_word.hpp"

namespace tlbcheck::model {

using translation::decode_descriptor;
using translation::descriptor_address;
using translation::DescriptorWord;
using translation::span_of_level;
using translation::WalkStep;

namespace {

constexpr std::uint64_t table_bits = 0x0000fffffffff000;
constexpr unsigned tag_shift = 48;  // of ASID and VMID

std::uint64_t number_of(ValueAlgebra& algebra, ValueId value) {
    return algebra.values().value(value).number;
}

}  // namespace

/// One access and the context that its walk is made in.
struct LitmusSemantics::TableWalk {
    Access what;
    std::uint64_t va = 0;
    bool stage2 = true;
    std::uint64_t vttbr = 0;
    WalkStep step;  ///< regime, va, asid, vmid
    translation::AccessKind kind;
};

/// The value of a register that walks go by; where a write of it is not synchronised, that or an older one.
Symbolic LitmusSemantics::context_register(RegisterId reg) {
    Symbolic value = c_.register_value(reg);
    std::size_t k = 0;
    for (const Symbolic& old : c_.unsynchronised(reg)) {
        const Formula chosen = c_.choice(fmt::format("old {} {}", register_name(reg), ++k));
        value = a_.choose(chosen, old, value);
    }
    return value;
}

Computation<ControlFlow> LitmusSemantics::access_by_tables(Access what) {
    const Value address_of = what.address;
    return delayed(address_of, [this, what = std::move(what)](const Symbolic& address, const Value& made) -> Flow {
        Flow result;
        for (const auto& v : address.alternatives) {
            const std::uint64_t va = number_of(a_, v.what);
            const Flow here = lazily([this, what, va, made] { return with_context(what, va, made); });
            result = result ? either_by<ControlFlow>(v.when, here, result) : here;
        }
        return result;
    });
}

Computation<ControlFlow> LitmusSemantics::with_context(const Access& what, std::uint64_t va, Value made) {
    const bool hypervisor = site_.exception_level == 2;
    const Symbolic roots = context_register(hypervisor ? ttbr0_el2 : ttbr0_el1);
    const Symbolic second = hypervisor ? a_.number(0) : context_register(vttbr_el2);
    Flow result;
    for (const auto& root : roots.alternatives) {
        for (const auto& vttbr : second.alternatives) {
            const Formula when = a_.pool().both(root.when, vttbr.when);
            if (when.is_false()) continue;
            auto walk = std::make_shared<TableWalk>();
            walk->what = what;
            walk->va = va;
            walk->stage2 = !hypervisor;
            walk->vttbr = number_of(a_, vttbr.what);
            walk->step.regime = hypervisor ? Regime::el2 : Regime::el10;
            walk->step.va = va;
            const std::uint64_t ttbr = number_of(a_, root.what);
            walk->step.asid = hypervisor ? std::uint16_t{0} : static_cast<std::uint16_t>(ttbr >> tag_shift);
            walk->step.vmid = static_cast<std::uint16_t>(walk->vttbr >> tag_shift);
            walk->kind = {site_.exception_level, what.write};
            const Flow here =
                lazily([this, walk, ttbr, made] { return stage1(walk, 0, ttbr & table_bits, made, false); });
            result = result ? either_by<ControlFlow>(when, here, result) : here;
        }
    }
    return result;
}

/// The word at the physical address, then what follows from it.
Computation<ControlFlow> LitmusSemantics::read_word(std::uint64_t place, const WalkStep& step, Value made,
                                                    bool walked, const AfterWord& next) {
    if (c_.memory_values(LitmusValue::of(place)).empty())
        return next(site_.translation->word(place), std::move(made), walked);
    const auto read = [this, place, step](const Symbolic&) {
        LocalEvent e;
        e.role = EventRole::read_memory;
        e.origin = EventOrigin::ttd;
        e.has_location = e.has_value = true;
        e.location = a_.constant(LitmusValue::of(place));
        e.step = step;
        return event(std::move(e));
    };
    return delayed(then(std::move(made), read), [this, next](const Symbolic& v, const Value& done) -> Flow {
        Flow result;
        for (const auto& alternative : v.alternatives) {
            const std::uint64_t word = number_of(a_, alternative.what);
            const Flow here = lazily([next, word, done] { return next(word, done, true); });
            result = result ? either_by<ControlFlow>(alternative.when, here, result) : here;
        }
        return result;
    });
}

Computation<ControlFlow> LitmusSemantics::stage1(const std::shared_ptr<const TableWalk>& walk, int level,
                                                 std::uint64_t table, Value made, bool walked) {
    const std::uint64_t place = descriptor_address(table, walk->va, level);
    return to_physical(walk, place, true, std::move(made), walked,
                       [this, walk, level](std::uint64_t physical, Value at, bool w) {
                           WalkStep step = walk->step;
                           step.level = level;
                           step.input = walk->va;
                           return read_word(physical, step, std::move(at), w,
                                            [this, walk, level](std::uint64_t word, Value read, bool any) {
                                                return stage1_descriptor(walk, level, word, std::move(read), any);
                                            });
                       });
}

Computation<ControlFlow> LitmusSemantics::stage1_descriptor(const std::shared_ptr<const TableWalk>& walk,
                                                            int level, std::uint64_t word, Value made,
                                                            bool walked) {
    WalkStep step = walk->step;
    step.level = level;
    step.input = walk->va;
    const DescriptorWord d = decode_descriptor(word, 1, level);
    if (d.kind == DescriptorKind::invalid) return table_fault(walk->what, FaultKind::translation, step, std::move(made));
    if (d.kind == DescriptorKind::table) return stage1(walk, level + 1, d.address, std::move(made), walked);
    if (!d.af) return table_fault(walk->what, FaultKind::access_flag, step, std::move(made));
    if (!permits(d, 1, walk->kind)) return table_fault(walk->what, FaultKind::permission, step, std::move(made));
    return to_physical(walk, d.address + walk->va % span_of_level(level), false, std::move(made), walked,
                       [this, walk](std::uint64_t physical, const Value& at, bool w) {
                           return arrived(*walk, physical, at, w);
                       });
}

Computation<ControlFlow> LitmusSemantics::to_physical(const std::shared_ptr<const TableWalk>& walk,
                                                      std::uint64_t ipa, bool for_descriptor, Value made,
                                                      bool walked, AfterAddress next) {
    if (!walk->stage2) return next(ipa, std::move(made), walked);
    return stage2(walk, 0, walk->vttbr & table_bits, ipa, for_descriptor, std::move(made), walked, std::move(next));
}

Computation<ControlFlow> LitmusSemantics::stage2(const std::shared_ptr<const TableWalk>& walk, int level,
                                                 std::uint64_t table, std::uint64_t ipa, bool for_descriptor,
                                                 Value made, bool walked, AfterAddress next) {
    WalkStep step = walk->step;
    step.stage = 2;
    step.level = level;
    step.input = ipa;
    step.for_descriptor = for_descriptor;
    const auto decide = [this, walk, step, ipa, next = std::move(next)](std::uint64_t word, Value at, bool any) -> Flow {
        const DescriptorWord d = decode_descriptor(word, 2, step.level);
        if (d.kind == DescriptorKind::invalid) return table_fault(walk->what, FaultKind::translation, step, std::move(at));
        if (d.kind == DescriptorKind::table)
            return stage2(walk, step.level + 1, d.address, ipa, step.for_descriptor, std::move(at), any, next);
        if (!d.af) return table_fault(walk->what, FaultKind::access_flag, step, std::move(at));
        const translation::AccessKind kind{walk->kind.exception_level, walk->kind.write && !step.for_descriptor};
        if (!permits(d, 2, kind)) return table_fault(walk->what, FaultKind::permission, step, std::move(at));
        return next(d.address + ipa % span_of_level(step.level), std::move(at), any);
    };
    return read_word(descriptor_address(table, ipa, level), step, std::move(made), walked, decide);
}

/// The access itself.
Computation<ControlFlow> LitmusSemantics::arrived(const TableWalk& walk, std::uint64_t physical, const Value& made,
                                                  bool walked) {
    const Symbolic place = a_.number(physical);
    if (!walked) return next(walk.what.op(false, with_value(made, place), walk.what.data));
    const Value checked = then(&data_sequence_keep_output, made, [this, place](const Symbolic&) {
        return with_value(commit(EventRole::branch_predicate), place);
    });
    return next(walk.what.op(true, checked, walk.what.data));
}

}  // namespace tlbcheck::model
