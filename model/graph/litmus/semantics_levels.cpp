// SPDX-License-Identifier: Apache-2.0
//
// Walks of two levels over symbolic tables (variant mlpt): the level 2 descriptor of a symbol leads to its
// page's descriptor or, as a block, to memory (docs/formal-model.md section 11).
//
//   address -data-> level 2 TTD read [-data-> level 3 TTD read] -data-> branch -ctrl-> access or fault
#include "model/graph/litmus/semantics.hpp"

namespace tlbcheck::model {

namespace {

using Type = LitmusDescriptorType;

std::optional<LitmusValue> level2_location(const LitmusValue& v) {
    if (v.kind != ValueKind::address) return std::nullopt;
    return LitmusValue::address(ValueKind::ttd2, v.symbol);
}

/// The descriptor, where one of this kind may stand at level 2.
std::optional<LitmusValue> of_level2(const LitmusValue& v) {
    if (v.kind != ValueKind::descriptor) return std::nullopt;
    if (v.descriptor.valid != 0 && v.descriptor.type == Type::page) return std::nullopt;
    return v;
}

std::optional<LitmusValue> of_level3(const LitmusValue& v) {
    if (v.kind != ValueKind::descriptor) return std::nullopt;
    if (v.descriptor.valid != 0 && v.descriptor.type != Type::page) return std::nullopt;
    return v;
}

std::optional<LitmusValue> level3_location(const LitmusValue& v) {
    if (v.descriptor.type != Type::table) return std::nullopt;
    return LitmusValue::address(ValueKind::pte, v.descriptor.oa);
}

}  // namespace

Computation<LitmusSemantics::Ttd> LitmusSemantics::read_level(int level, Value made, const Symbolic& address,
                                                              const Symbolic& location) {
    return then(&data_sequence, std::move(made), [level, address, location](const Symbolic&) {
        LocalEvent e;
        e.role = EventRole::read_memory;
        e.origin = EventOrigin::ttd;
        e.has_location = e.has_value = true;
        e.location = location;
        e.walk_level = level;
        e.walked = address;
        return then(&data_sequence_keep_output, event(std::move(e)), [location](const Symbolic& v) {
            return unit(Ttd{v, location});
        });
    });
}

Computation<ControlFlow> LitmusSemantics::translate_by_levels(const Access& what, const Symbolic& address,
                                                              Value made) {
    const Symbolic location =
        a_.map(address, level2_location, "access to an address that has no translation");
    return delayed(
        read_level(2, std::move(made), address, location),
        [this, what, address](const Ttd& read, const Computation<Ttd>& walked) {
            const Ttd upper{a_.map(read.whole, of_level2, "a page descriptor at level 2"), read.location};
            return level2_read(what, address, upper, walked);
        });
}

Computation<ControlFlow> LitmusSemantics::level2_read(const Access& what, const Symbolic& address,
                                                      const Ttd& upper, const Computation<Ttd>& made) {
    const Formula table = a_.where(upper.whole, [](const LitmusValue& v) {
        return v.descriptor.valid != 0 && v.descriptor.type == Type::table;
    });
    const Flow by_table = lazily([this, what, address, upper, made] {
        const Symbolic location = a_.map(upper.whole, level3_location, "a table descriptor");
        static_cast<void>(a_.take_faults());  // other values of level 2 do not come here
        return delayed(read_level(3, with_value(made, address), address, location),
                       [this, what, address](const Ttd& read, const Computation<Ttd>& walked) {
                           const Ttd lower{
                               a_.map(read.whole, of_level3, "a table or block descriptor at level 3"),
                               read.location};
                           return translated(what, address, lower, walked);
                       });
    });
    const Flow directly =
        lazily([this, what, address, upper, made] { return translated(what, address, upper, made); });
    return either_by<ControlFlow>(table, by_table, directly);
}

}  // namespace tlbcheck::model
