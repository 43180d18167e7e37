// SPDX-License-Identifier: Apache-2.0
//
// Translation of an address by the descriptor of its page: the TTD read, the checks, faults, and hardware
// updates of access flag and dirty state (Arm ARM D8; cat tr-ib runs over the edges made here).
//
//   address -data-> TTD read -data-> branch -ctrl-> access, hardware update, or fault
#include "model/graph/litmus/semantics.hpp"

namespace tlbcheck::model {

using translation::Outcome;

namespace {

std::optional<LitmusValue> descriptor_location(const LitmusValue& v) {
    if (v.kind != ValueKind::address) return std::nullopt;
    return LitmusValue::address(ValueKind::pte, v.symbol);
}

}  // namespace

/// Where a page's descriptor takes the address.
std::optional<LitmusValue> LitmusSemantics::output_of_page(const LitmusValue& virtual_address,
                                                           const LitmusValue& ttd) {
    if (virtual_address.kind != ValueKind::address || ttd.kind != ValueKind::descriptor) return std::nullopt;
    if (ttd.descriptor.oa_is_pte) return LitmusValue::address(ValueKind::pte, ttd.descriptor.oa);
    return LitmusValue::address(ValueKind::physical, ttd.descriptor.oa, virtual_address.offset);
}

LocalEvent LitmusSemantics::ttd_read(const Symbolic& location) const {
    LocalEvent e;
    e.role = EventRole::read_memory;
    e.origin = !site_.hardware_af     ? EventOrigin::ttd
               : site_.hardware_dirty ? EventOrigin::ttd_af_db
                                      : EventOrigin::ttd_af;
    e.marks.atomic = site_.hardware_af;
    e.has_location = e.has_value = true;
    e.location = location;
    return e;
}

Formula LitmusSemantics::field(const Symbolic& ttd, int LitmusDescriptor::*field) {
    return a_.where(ttd, [field](const LitmusValue& v) { return v.descriptor.*field != 0; });
}

/// By what hardware manages.
translation::ReadDescriptor LitmusSemantics::as_read(const LitmusValue& value) const {
    const LitmusDescriptor& d = value.descriptor;
    translation::ReadDescriptor read;
    if (d.valid != 0)
        read.kind = d.type == LitmusDescriptorType::table ? DescriptorKind::table : DescriptorKind::leaf;
    read.accessed = d.af != 0 || site_.hardware_af;
    read.contiguous = d.contig != 0;
    read.writable = d.db != 0 || (site_.hardware_dirty && d.dbm != 0);
    read.user = d.el0 != 0;
    return read;
}

/// "The access comes to this by the descriptor, or to one of those behind it."
Formula LitmusSemantics::comes_to(translation::Outcome least, const Access& what, const Symbolic& ttd) {
    const translation::AccessKind kind{site_.user && !site_.in_handler ? 0 : 1, what.write};
    return a_.where(ttd,
                    [&](const LitmusValue& v) { return translation::outcome(as_read(v), kind) >= least; });
}

LocalEvent LitmusSemantics::fault_event(const Access& what, Symbolic address, FaultKind kind) {
    LocalEvent e;
    e.role = EventRole::fault;
    e.fault = kind;
    e.fault_writes = what.write;
    e.marks = what.marks;
    e.has_location = true;
    e.location = std::move(address);
    return e;
}

Computation<NoValue> LitmusSemantics::fault_events(const Access& what, const Symbolic& address,
                                                   FaultKind kind) {
    return with_value(both(write(elr_el1, site_.own_address), event(fault_event(what, address, kind))),
                      NoValue{});
}

Computation<ControlFlow> LitmusSemantics::fault(const Access& what, const Symbolic& address, FaultKind kind,
                                                Computation<Ttd> made) {
    ControlFlow raised;
    raised.kind = ControlFlow::Kind::fault;
    const auto branch_and_fault = [this, what, address, kind](const Ttd&) {
        return then(
            &control_sequence, commit(EventRole::branch_predicate),
            [this, what, address, kind](const NoValue&) { return fault_events(what, address, kind); });
    };
    return with_value(then(&data_to_minimals, std::move(made), branch_and_fault), raised);
}

Computation<LitmusSemantics::Ttd> LitmusSemantics::with_hardware_update(const Access& what, const Ttd& ttd,
                                                                        Computation<Ttd> made) {
    const bool dirty = site_.hardware_dirty && what.update_dirty;
    if (!dirty && !site_.hardware_af) return made;
    Formula needed = !field(ttd.whole, &LitmusDescriptor::af);
    if (dirty) needed = a_.pool().either(needed, !field(ttd.whole, &LitmusDescriptor::db));
    const auto update = [this, ttd, dirty](const Ttd&) {
        return then(&control_sequence, commit(EventRole::branch_predicate),
                    [this, ttd, dirty](const NoValue&) {
                        LocalEvent e;
                        e.role = EventRole::write_memory;
                        e.origin = dirty ? EventOrigin::ttd_af_db : EventOrigin::ttd_af;
                        e.marks.atomic = true;
                        e.has_location = e.has_value = true;
                        e.location = ttd.location;
                        e.value = a_.map(
                            ttd.whole,
                            [dirty](const LitmusValue& v) -> std::optional<LitmusValue> {
                                if (v.kind != ValueKind::descriptor) return std::nullopt;
                                LitmusDescriptor d = v.descriptor;
                                d.af = 1;
                                if (dirty) d.db = 1;
                                return LitmusValue::of(d);
                            },
                            "a descriptor that is none");
                        return with_value(event(std::move(e)), NoValue{});
                    });
    };
    const Computation<Ttd> updated = with_value(then(&control_data_keep_outputs, made, update), ttd);
    return either_by<Ttd>(needed, updated, std::move(made));
}

Computation<ControlFlow> LitmusSemantics::translated(const Access& what, const Symbolic& address,
                                                     const Ttd& ttd, const Computation<Ttd>& made) {
    const Formula valid = comes_to(Outcome::access_flag_fault, what, ttd.whole);
    const Formula flag = comes_to(Outcome::permission_fault, what, ttd.whole);
    const Flow permission = fault(what, address, FaultKind::permission, made);
    const Flow access_flag = fault(what, address, FaultKind::access_flag, made);
    const Flow mapped =
        site_.hardware_af ? permission : either_by<ControlFlow>(flag, permission, access_flag);
    const Flow faulting =
        either_by<ControlFlow>(valid, mapped, fault(what, address, FaultKind::translation, made));

    const Computation<Ttd> checked = then(&data_sequence_keep_output, made, [this, ttd](const Ttd&) {
        return with_value(commit(EventRole::branch_predicate), ttd);
    });
    const auto go_on = [this, what, address, ttd, checked](InstructionContext& c) {
        if (site_.layout != nullptr)
            return run_step(c, [&] { return go_on_by_layout(what, address, ttd, checked); });
        const Value physical = lazily([=, this] {
            const Symbolic oa = a_.map(address, ttd.whole, output_of_page, "a descriptor that is none");
            return with_value(with_hardware_update(what, ttd, checked), oa);
        });
        return next(what.op(true, physical, what.data))(c);
    };
    return either_by<ControlFlow>(!comes_to(Outcome::output, what, ttd.whole), faulting, go_on);
}

Computation<ControlFlow> LitmusSemantics::translate(const Access& what, const Symbolic& address,
                                                    Computation<Symbolic> made) {
    if (site_.layout != nullptr) return translate_by_levels(what, address, std::move(made));
    const auto walk = [this](const Symbolic& a) {
        const Symbolic location =
            a_.map(a, descriptor_location, "access to an address that has no translation");
        return then(&data_sequence_keep_output, event(ttd_read(location)), [location](const Symbolic& v) {
            return unit(Ttd{v, location});
        });
    };
    return delayed(then(std::move(made), walk),
                   [this, what, address](const Ttd& ttd, const Computation<Ttd>& walked) {
                       return translated(what, address, ttd, walked);
                   });
}

Computation<ControlFlow> LitmusSemantics::access(Access what) {
    if (site_.translation != nullptr) return access_by_tables(std::move(what));
    const Value address_of = what.address;
    return delayed(
        address_of, [this, what = std::move(what)](const Symbolic& address, const Value& made) -> Flow {
            const Formula is_virtual =
                a_.where(address, [](const LitmusValue& v) { return v.kind == ValueKind::address; });
            const Flow by_ttd =
                lazily([this, what, address, made] { return translate(what, address, made); });
            // Descriptors are accessed by their own address, untranslated; not from EL0.
            const Flow direct = lazily([this, what, address, made]() -> Flow {
                if (site_.user) {
                    const Computation<Ttd> as_ttd = with_value(made, Ttd{});
                    return fault(what, address, FaultKind::permission_at_el0, as_ttd);
                }
                return next(what.op(false, made, what.data));
            });
            return either_by<ControlFlow>(is_virtual, by_ttd, direct);
        });
}

}  // namespace tlbcheck::model
