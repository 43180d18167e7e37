// SPDX-License-Identifier: Apache-2.0
//
// Compare and swap, single and pair. Three outcomes: success; failure that writes back what was read; failure
// without a write. On success the destination register depends on the compared register or on what was read,
// as the PE likes.
#include "model/graph/litmus/atomic_parts.hpp"
#include "model/graph/litmus/semantics.hpp"

namespace tlbcheck::model {

/// Which way a compare and swap goes.
enum class LitmusSemantics::CompareOutcome : std::uint8_t {
    success_from_register,
    success_from_memory,
    failure_writes,
    failure
};

namespace {

/// The values of both halves of a pair, or of the one register.
using Values = std::vector<Symbolic>;

}  // namespace

Alts<NoValue> LitmusSemantics::compare_and_swap_alternatives(InstructionContext& c, bool by_ttd,
                                                             const Value& place, CompareOutcome outcome) {
    Alts<NoValue> result;
    for (const Alt<Symbolic>& address : place(c))
        result.push_back(compare_and_swap_at(c, address, by_ttd, outcome));
    return result;
}

Alt<NoValue> LitmusSemantics::compare_and_swap_at(InstructionContext& c, const Alt<Symbolic>& address,
                                                  bool by_ttd, CompareOutcome outcome) {
    const bool pair = i_.op == LitmusOpcode::compare_and_swap_pair;
    const std::size_t count = pair ? 2 : 1;
    const bool no_return = !pair && i_.reg[0] == zero_register;
    const bool success =
        outcome == CompareOutcome::success_from_register || outcome == CompareOutcome::success_from_memory;
    const bool writes = outcome != CompareOutcome::failure;
    const CompareMode mode = !success ? CompareMode::failure
                             : outcome == CompareOutcome::success_from_register
                                 ? CompareMode::success_from_register
                                 : CompareMode::success_from_memory;
    const auto each = [count](EventStructure& whole, const auto& part_of) {
        for (std::size_t k = 0; k < count; ++k) {
            EventStructure part = part_of(k);
            whole = k == 0 ? std::move(part) : parallel(whole, part);
        }
    };
    AtomicParts run(c);
    run.start(address);
    const auto at = [&](std::size_t k) {
        return add(address.value, static_cast<std::int64_t>(k) * i_.size / 8);
    };
    const auto registers = [&](std::size_t first,
                               EventStructure& whole) {  // `count` of them, side by side
        Values values;
        each(whole, [&](std::size_t k) {
            auto [value, part] = run.run(read(i_.reg.at(first + k), i_.size, EventPort::data));
            values.push_back(value);
            return part;
        });
        return values;
    };
    CompareParts p;
    p.address = address.structure;
    const Values expected = registers(0, p.expected);
    const Values desired = success ? registers(count, p.desired) : Values{};
    EventMarks read_marks = atomic_read_marks(no_return);
    if (!writes && !no_return) read_marks.atomic = false;
    Values old;
    each(p.read, [&](std::size_t k) {
        auto [value, part] = run.run(read_memory(at(k), i_.size, read_marks));
        old.push_back(value);
        return part;
    });
    if (writes) {
        each(p.write, [&](std::size_t k) {
            const Symbolic& stored = success ? desired[k] : old[k];
            return run.run(write_memory(at(k), stored, i_.size, atomic_write_marks(), !success)).second;
        });
    }
    each(p.result,
         [&](std::size_t k) { return run.run(write(i_.reg.at(k), a_.zero_extend(old[k], i_.size))).second; });
    p.branch = run.run(commit(EventRole::branch_predicate)).second;
    Formula equal = logic::true_formula;
    for (std::size_t k = 0; k < count; ++k) equal = c.pool().both(equal, a_.equal(old[k], expected[k]));
    run.facts.push_back({success ? equal : !equal, nullptr});
    for (const ValueFault& f : a_.take_faults()) run.facts.push_back({!f.when, f.what});
    return run.finish(tlbcheck::model::compare_and_swap(by_ttd, mode, p));
}

Computation<ControlFlow> LitmusSemantics::compare_and_swap() {
    const auto parts = [this](bool by_ttd, const Value& place, CompareOutcome outcome) -> Effect {
        return [this, by_ttd, place, outcome](InstructionContext& c) {
            return compare_and_swap_alternatives(c, by_ttd, place, outcome);
        };
    };
    const auto attempt = [=, this](bool update_dirty, std::function<Effect(bool, const Value&)> op) {
        Access what;
        what.write = true;
        what.update_dirty = update_dirty;
        what.marks.acquire = i_.ordering.acquire;
        what.address = read(i_.address.base, 64, EventPort::address);
        what.data = unit(a_.number(0));
        what.op = [op = std::move(op)](bool by_ttd, const Value& place, const Value& /*data*/) {
            return op(by_ttd, place);
        };
        return access(std::move(what));
    };
    const Flow success = attempt(true, [parts](bool by_ttd, const Value& place) {
        return either<NoValue>("compare-and-swap result from register",
                               parts(by_ttd, place, CompareOutcome::success_from_register),
                               parts(by_ttd, place, CompareOutcome::success_from_memory));
    });
    const auto failed = [attempt, parts](bool update_dirty, CompareOutcome outcome) {
        return attempt(update_dirty, [parts, outcome](bool by_ttd, const Value& place) {
            return parts(by_ttd, place, outcome);
        });
    };
    // Without a write it is up to the implementation whether the dirty state is updated.
    const Flow silent = failed(false, CompareOutcome::failure);
    const Flow failing =
        site_.hardware_dirty
            ? either<ControlFlow>("dirty state updated", failed(true, CompareOutcome::failure), silent)
            : silent;
    return either<ControlFlow>("compare-and-swap succeeds", success,
                               either<ControlFlow>("compare-and-swap writes back",
                                                   failed(true, CompareOutcome::failure_writes), failing));
}

}  // namespace tlbcheck::model
