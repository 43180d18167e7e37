// SPDX-License-Identifier: Apache-2.0
//
// Loads, stores and pairs, on top of translation.
#include "model/graph/litmus/semantics.hpp"

namespace tlbcheck::model {

namespace {

using Pair = std::pair<Symbolic, Symbolic>;

/// Two sources into a third: data from both, control from the branches of the first (a translated store).
template <class F>
Computation<NoValue> store_sequence(Computation<Symbolic> address, Computation<Symbolic> data, F f) {
    return [address = std::move(address), data = std::move(data), f = std::move(f)](InstructionContext& c) {
        Alts<NoValue> result;
        const PathScope outer(c);
        const Alts<Symbolic> addresses = address(c);
        for (const auto& a : addresses) c.use(a.structure.events);
        const Alts<Symbolic> values = data(c);
        for (const auto& a : addresses) {
            for (const auto& v : values) {
                const PathScope scope(c);
                c.use(a.structure.events);
                c.use(v.structure.events);
                for (auto& done : run_step(c, [&] { return f(a.value, v.value); })) {
                    Alt<NoValue> alt;
                    alt.guard = c.pool().conjunction({a.guard, v.guard, done.guard});
                    if (alt.guard.is_false()) continue;
                    alt.facts = a.facts;
                    alt.facts.insert(alt.facts.end(), v.facts.begin(), v.facts.end());
                    alt.facts.insert(alt.facts.end(), done.facts.begin(), done.facts.end());
                    alt.structure = control_data_sequence(a.structure, v.structure, done.structure);
                    result.push_back(std::move(alt));
                }
            }
        }
        return result;
    };
}

}  // namespace

EventMarks LitmusSemantics::access_marks() const {
    EventMarks m;
    m.acquire = i_.ordering.acquire;
    m.acquire_pc = i_.ordering.acquire_pc;
    m.release = i_.ordering.release;
    m.exclusive = i_.ordering.exclusive;
    return m;
}

Computation<Symbolic> LitmusSemantics::read_memory(const Symbolic& location, int size, EventMarks marks) {
    LocalEvent e;
    e.role = EventRole::read_memory;
    e.marks = marks;
    e.size = size;
    e.has_location = e.has_value = true;
    e.location = location;
    return event(std::move(e));
}

Computation<NoValue> LitmusSemantics::write_memory(const Symbolic& location, const Symbolic& value, int size,
                                                   EventMarks marks, bool writes_back) {
    LocalEvent e;
    e.role = EventRole::write_memory;
    e.marks = marks;
    e.size = size;
    e.has_location = e.has_value = true;
    e.location = location;
    e.value = value;
    e.writes_back = writes_back;
    return with_value(event(std::move(e)), NoValue{});
}

Computation<NoValue> LitmusSemantics::load_to_register(const Symbolic& location, RegisterId reg, int size,
                                                       EventMarks marks) {
    return then(read_memory(location, size, marks), [this, reg, size](const Symbolic& v) {
        if (reg == zero_register) return Effect(unit(NoValue{}));
        if (!i_.sign_extend) return write(reg, a_.zero_extend(v, size));
        return write(reg, a_.zero_extend(a_.sign_extend(v, size), i_.width));
    });
}

Computation<ControlFlow> LitmusSemantics::load_with(Value address, EventMarks marks,
                                                    std::function<Effect(const Symbolic&)> op) {
    Access what;
    what.marks = marks;
    what.address = std::move(address);
    what.data = unit(a_.number(0));
    what.op = [op = std::move(op)](bool by_ttd, Value place, const Value& /*data*/) -> Effect {
        return then(by_ttd ? &control_data : &data_sequence, std::move(place), op);
    };
    return access(std::move(what));
}

Computation<ControlFlow> LitmusSemantics::store_with(
    Value address, Value data, EventMarks marks, std::function<Effect(const Symbolic&, const Symbolic&)> op) {
    Access what;
    what.write = what.update_dirty = true;
    what.marks = marks;
    what.address = std::move(address);
    what.data = std::move(data);
    what.op = [op = std::move(op)](bool by_ttd, Value place, Value value) -> Effect {
        if (by_ttd) return store_sequence(std::move(place), std::move(value), op);
        return then(both(std::move(place), std::move(value)),
                    [op](const Pair& p) { return op(p.first, p.second); });
    };
    return access(std::move(what));
}

Computation<ControlFlow> LitmusSemantics::load() {
    const EventMarks marks = access_marks();
    const bool reserve = i_.ordering.exclusive;
    if (i_.address.mode == AddressMode::post_index) {
        return delayed(effective_address(i_.address), [this, marks](const Symbolic& base, Value made) {
            return load_with(std::move(made), marks, [this, base, marks](const Symbolic& place) -> Effect {
                const Effect update = lazily(
                    [this, base] { return write(i_.address.base, add(base, i_.address.offset.immediate)); });
                return with_value(both(update, load_to_register(place, i_.reg[0], i_.size, marks)),
                                  NoValue{});
            });
        });
    }
    return load_with(effective_address(i_.address), marks,
                     [this, marks, reserve](const Symbolic& place) -> Effect {
                         Effect loaded = load_to_register(place, i_.reg[0], i_.size, marks);
                         if (!reserve) return loaded;
                         return with_value(both(write(exclusive_monitor, place), loaded), NoValue{});
                     });
}

Computation<ControlFlow> LitmusSemantics::store() {
    const EventMarks marks = access_marks();
    const Value data = read(i_.reg[0], i_.size, EventPort::data);
    if (i_.address.mode == AddressMode::post_index) {
        return delayed(effective_address(i_.address), [this, marks, data](const Symbolic& base, Value made) {
            return store_with(std::move(made), data, marks,
                              [this, base, marks](const Symbolic& place, const Symbolic& v) -> Effect {
                                  const Effect update = lazily([this, base] {
                                      return write(i_.address.base, add(base, i_.address.offset.immediate));
                                  });
                                  return with_value(both(update, write_memory(place, v, i_.size, marks)),
                                                    NoValue{});
                              });
        });
    }
    return store_with(effective_address(i_.address), data, marks,
                      [this, marks](const Symbolic& place, const Symbolic& v) {
                          return write_memory(place, v, i_.size, marks);
                      });
}

namespace {
/// Accesses of both sides in order (cat iico_order), as LDIAPP and STILP have it.
EventStructure ordered_parallel(const EventStructure& a, const EventStructure& b,
                                const InstructionContext& c) {
    EventStructure s = parallel(a, b);
    const auto memory = [&](const LocalEvents& events) {
        LocalEvents result;
        for (const LocalEventId e : events) {
            if (c.event(e).is_read() || c.event(e).is_write()) result.push_back(e);
        }
        return result;
    };
    add_product(s.order, memory(a.events), memory(b.events));
    return s;
}

/// Two accesses of a pair; `first_ordered`: 1 the first before the second, -1 the second before the first, 0
/// neither.
Computation<NoValue> pair_of(const Computation<NoValue>& first, const Computation<NoValue>& second,
                             int first_ordered) {
    return [=](InstructionContext& c) {
        const PathScope scope(c);
        Alts<NoValue> result;
        const Alts<NoValue> left = first(c);
        for (const auto& a : left) c.use(a.structure.events);
        const Alts<NoValue> right = second(c);
        for (const auto& a : left) {
            for (const auto& b : right) {
                Alt<NoValue> alt;
                alt.guard = c.pool().both(a.guard, b.guard);
                if (alt.guard.is_false()) continue;
                alt.facts = a.facts;
                alt.facts.insert(alt.facts.end(), b.facts.begin(), b.facts.end());
                if (first_ordered == 0)
                    alt.structure = parallel(a.structure, b.structure);
                else if (first_ordered > 0)
                    alt.structure = ordered_parallel(a.structure, b.structure, c);
                else
                    alt.structure = ordered_parallel(b.structure, a.structure, c);
                result.push_back(std::move(alt));
            }
        }
        return result;
    };
}
}  // namespace

Computation<NoValue> LitmusSemantics::pair_of_loads(const Symbolic& location, EventMarks marks) {
    const Effect first = load_to_register(location, i_.reg[0], i_.size, marks);
    const Effect second = lazily([this, location, marks] {
        return load_to_register(add(location, i_.size / 8), i_.reg[1], i_.size, marks);
    });
    return pair_of(first, second, i_.ordering.ordered_pair ? 1 : 0);
}

Computation<NoValue> LitmusSemantics::pair_of_stores(const Symbolic& location, EventMarks marks) {
    const auto one = [this, marks](RegisterId reg, const std::function<Symbolic()>& place) -> Effect {
        const EventPort port =
            i_.op == LitmusOpcode::store_exclusive_pair ? EventPort::none : EventPort::data;
        return then(
            &data_sequence_input_next, read(reg, i_.size, port),
            [this, marks, place](const Symbolic& v) { return write_memory(place(), v, i_.size, marks); });
    };
    const Effect first = one(i_.reg[0], [location] { return location; });
    const Effect second = one(i_.reg[1], [this, location] { return add(location, i_.size / 8); });
    const int order = !i_.ordering.ordered_pair ? 0 : i_.address.mode == AddressMode::offset ? 1 : -1;
    return pair_of(first, second, order);
}

Computation<ControlFlow> LitmusSemantics::load_pair() {
    const EventMarks marks = access_marks();
    if (i_.address.mode == AddressMode::offset) {
        return load_with(effective_address(i_.address), marks,
                         [this, marks](const Symbolic& place) { return pair_of_loads(place, marks); });
    }
    const bool post = i_.address.mode == AddressMode::post_index;
    LitmusAddress plain = i_.address;
    plain.mode = AddressMode::offset;
    if (post) plain.offset.immediate = 0;
    return delayed(effective_address(plain), [this, marks, post](const Symbolic& base, Value made) {
        return load_with(std::move(made), marks, [this, base, marks, post](const Symbolic& place) -> Effect {
            const Effect update = lazily([this, base, post] {
                return write(i_.address.base, post ? add(base, i_.address.offset.immediate) : base);
            });
            return with_value(both(update, pair_of_loads(place, marks)), NoValue{});
        });
    });
}

Computation<ControlFlow> LitmusSemantics::store_pair() {
    const EventMarks marks = access_marks();
    const Value nothing = unit(a_.number(0));
    if (i_.address.mode == AddressMode::offset) {
        return store_with(
            effective_address(i_.address), nothing, marks,
            [this, marks](const Symbolic& place, const Symbolic&) { return pair_of_stores(place, marks); });
    }
    const bool post = i_.address.mode == AddressMode::post_index;
    LitmusAddress plain = i_.address;
    plain.mode = AddressMode::offset;
    if (post) plain.offset.immediate = 0;
    return delayed(effective_address(plain), [this, marks, post, nothing](const Symbolic& base, Value made) {
        return store_with(std::move(made), nothing, marks,
                          [this, base, marks, post](const Symbolic& place, const Symbolic&) -> Effect {
                              const Effect update = lazily([this, base, post] {
                                  return write(i_.address.base,
                                               post ? add(base, i_.address.offset.immediate) : base);
                              });
                              return with_value(both(update, pair_of_stores(place, marks)), NoValue{});
                          });
    });
}

Computation<ControlFlow> LitmusSemantics::load_exclusive_pair() {
    const EventMarks marks = access_marks();
    return load_with(
        read(i_.address.base, 64, EventPort::address), marks, [this, marks](const Symbolic& place) -> Effect {
            const Effect first = with_value(
                both(write(exclusive_monitor, place), load_to_register(place, i_.reg[0], i_.size, marks)),
                NoValue{});
            const Effect second = lazily([this, place, marks] {
                return load_to_register(add(place, i_.size / 8), i_.reg[1], i_.size, marks);
            });
            return [first, second](InstructionContext& c) {
                Alts<NoValue> alts = pair_of(first, second, 0)(c);
                for (auto& alt : alts) {
                    LocalEvents group;
                    for (const LocalEventId e : alt.structure.events) {
                        if (c.event(e).is_read()) group.push_back(e);
                    }
                    alt.structure.atomic_groups.push_back(std::move(group));
                }
                return alts;
            };
        });
}

}  // namespace tlbcheck::model
