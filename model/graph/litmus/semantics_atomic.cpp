// SPDX-License-Identifier: Apache-2.0
//
// Store-exclusives and the atomic read-modify-writes of FEAT_LSE but compare-and-swap.
#include "model/graph/litmus/atomic_parts.hpp"
#include "model/graph/litmus/semantics.hpp"

namespace tlbcheck::model {

namespace {

ValueOp fetch_value_op(FetchOp op) {
    switch (op) {
        case FetchOp::add:
            return ValueOp::add;
        case FetchOp::eor:
            return ValueOp::lxor;
        case FetchOp::set:
            return ValueOp::lor;
        case FetchOp::clear:
            return ValueOp::andnot;
        case FetchOp::smax:
            return ValueOp::max;
        case FetchOp::smin:
            return ValueOp::min;
        case FetchOp::umax:
            return ValueOp::umax;
        case FetchOp::umin:
            break;
    }
    return ValueOp::umin;
}

}  // namespace

EventMarks LitmusSemantics::atomic_read_marks(bool no_return) const {
    EventMarks m;
    m.atomic = true;
    m.no_return = no_return;
    m.acquire = !no_return && i_.ordering.acquire;
    return m;
}

EventMarks LitmusSemantics::atomic_write_marks() const {
    EventMarks m;
    m.atomic = true;
    m.release = i_.ordering.release;
    return m;
}

Computation<ControlFlow> LitmusSemantics::store_exclusive() {
    const EventMarks marks = access_marks();
    const bool pair = i_.op == LitmusOpcode::store_exclusive_pair;
    const auto parts = [this, marks, pair](const Value& place, const Value& data, bool success) -> Effect {
        return [=, this](InstructionContext& c) {
            Alts<NoValue> result;
            for (const Alt<Symbolic>& address : place(c)) {
                AtomicParts run(c);
                run.start(address);
                StoreExclusiveParts p;
                p.address = address.structure;
                auto [reserved, reservation] = run.run(read(exclusive_monitor));
                p.reservation = std::move(reservation);
                auto [value, source] = run.run(data);
                p.data = std::move(source);
                p.clear = run.run(write(exclusive_monitor, a_.number(0))).second;
                p.status = run.run(write(i_.status, a_.number(success ? 0 : 1))).second;
                if (success) {
                    run.facts.push_back({a_.equal(address.value, reserved), nullptr});
                    // Succeeds only on the heels of a load-exclusive of the same size.
                    run.facts.push_back({a_.where(site_.exclusive_size,
                                                  [this](const LitmusValue& v) {
                                                      return v.is_integer(
                                                          static_cast<std::uint64_t>(i_.size));
                                                  }),
                                         nullptr});
                    Effect stores = write_memory(address.value, value, i_.size, marks);
                    if (pair) stores = pair_of_stores(address.value, marks);
                    p.write = run.run(lazily([stores] { return stores; })).second;
                    if (pair) {
                        LocalEvents group;
                        for (const LocalEventId e : p.write.events) {
                            if (c.event(e).is_write()) group.push_back(e);
                        }
                        p.write.atomic_groups.push_back(std::move(group));
                    }
                }
                result.push_back(run.finish(tlbcheck::model::store_exclusive(p)));
            }
            return result;
        };
    };
    Access what;
    what.write = what.update_dirty = true;
    what.marks = marks;
    what.address = read(i_.address.base, 64, EventPort::address);
    what.data = pair ? Value(unit(a_.number(0))) : read(i_.reg[0], i_.size);
    what.op = [parts](bool /*by_ttd*/, const Value& place, const Value& data) -> Effect {
        return either<NoValue>("exclusive store fails", parts(place, data, false), parts(place, data, true));
    };
    return access(std::move(what));
}

Computation<ControlFlow> LitmusSemantics::swap() {
    const bool no_return = i_.reg[1] == zero_register;
    Access what;
    what.write = what.update_dirty = true;
    what.marks.acquire = i_.ordering.acquire;
    what.address = read(i_.address.base, 64, EventPort::address);
    what.data = read(i_.reg[0], i_.size, EventPort::data);
    what.op = [this, no_return](bool by_ttd, const Value& place, const Value& data) -> Effect {
        return [=, this](InstructionContext& c) {
            Alts<NoValue> result;
            for (const Alt<Symbolic>& address : place(c)) {
                AtomicParts run(c);
                run.start(address);
                auto [value, source] = run.run(data);
                auto [old, read_part] =
                    run.run(read_memory(address.value, i_.size, atomic_read_marks(no_return)));
                auto write_part =
                    run.run(write_memory(address.value, value, i_.size, atomic_write_marks())).second;
                auto result_part = run.run(write(i_.reg[1], a_.zero_extend(old, i_.size))).second;
                result.push_back(run.finish(read_modify_write(by_ttd, false, address.structure, read_part,
                                                              source, write_part, result_part)));
            }
            return result;
        };
    };
    return access(std::move(what));
}

Computation<ControlFlow> LitmusSemantics::fetch_and_op() {
    const bool no_return = i_.reg[1] == zero_register;
    const bool is_signed_op = i_.fetch == FetchOp::smax || i_.fetch == FetchOp::smin;
    Access what;
    what.write = what.update_dirty = true;
    what.marks.acquire = i_.ordering.acquire;
    what.address = read(i_.address.base, 64, EventPort::address);
    what.data = read(i_.reg[0], i_.size, EventPort::data);
    what.op = [this, no_return, is_signed_op](bool by_ttd, const Value& place, const Value& data) -> Effect {
        return [=, this](InstructionContext& c) {
            Alts<NoValue> result;
            for (const Alt<Symbolic>& address : place(c)) {
                AtomicParts run(c);
                run.start(address);
                auto [value, source] = run.run(data);
                auto [old, read_part] =
                    run.run(read_memory(address.value, i_.size, atomic_read_marks(no_return)));
                const Symbolic left = is_signed_op ? a_.sign_extend(old, i_.size) : old;
                const Symbolic right = is_signed_op ? a_.sign_extend(value, i_.size) : value;
                const Symbolic changed =
                    a_.zero_extend(a_.apply(fetch_value_op(i_.fetch), left, right), i_.size);
                for (const ValueFault& f : a_.take_faults()) run.facts.push_back({!f.when, f.what});
                auto write_part =
                    run.run(write_memory(address.value, changed, i_.size, atomic_write_marks())).second;
                auto result_part = no_return ? EventStructure{}
                                             : run.run(write(i_.reg[1], a_.zero_extend(old, i_.size))).second;
                result.push_back(run.finish(read_modify_write(by_ttd, true, address.structure, read_part,
                                                              source, write_part, result_part)));
            }
            return result;
        };
    };
    return access(std::move(what));
}

}  // namespace tlbcheck::model
