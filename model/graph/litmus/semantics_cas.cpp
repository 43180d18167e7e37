// SPDX-License-Identifier: Apache-2.0
//
// Compare and swap, single and pair. Three outcomes: success; failure that writes back what was read; failure
// without a write. On success the destination register depends on the compared register or on what was read,
// as the PE likes.
#include "model/graph/litmus/atomic_parts.hpp"
#include "model/graph/litmus/semantics.hpp"

namespace tlbcheck::model {

namespace {

enum class Outcome : std::uint8_t { success_from_register, success_from_memory, failure_writes, failure };

CompareMode mode_of(Outcome outcome) {
    if (outcome == Outcome::success_from_register) return CompareMode::success_from_register;
    if (outcome == Outcome::success_from_memory) return CompareMode::success_from_memory;
    return CompareMode::failure;
}

/// The values of both halves of a pair, or of the one register.
using Values = std::vector<Symbolic>;

}  // namespace

Computation<ControlFlow> LitmusSemantics::compare_and_swap() {
    const bool pair = i_.op == LitmusOpcode::compare_and_swap_pair;
    const std::size_t count = pair ? 2 : 1;
    const bool no_return = !pair && i_.reg[0] == zero_register;

    // Reads `count` registers side by side.
    const auto registers = [this, count](std::size_t first, AtomicParts& run) {
        std::pair<Values, EventStructure> result;
        for (std::size_t k = 0; k < count; ++k) {
            auto [value, structure] = run.run(read(i_.reg.at(first + k), i_.size, EventPort::data));
            result.first.push_back(value);
            result.second = k == 0 ? structure : parallel(result.second, structure);
        }
        return result;
    };
    const auto at = [this](const Symbolic& address, std::size_t k) {
        return add(address, static_cast<std::int64_t>(k) * i_.size / 8);
    };

    const auto parts = [=, this](bool by_ttd, Value place, Outcome outcome) -> Effect {
        return [=, this](InstructionContext& c) {
            Alts<NoValue> result;
            const bool success =
                outcome == Outcome::success_from_register || outcome == Outcome::success_from_memory;
            const bool writes = outcome != Outcome::failure;
            for (const Alt<Symbolic>& address : place(c)) {
                AtomicParts run(c);
                run.start(address);
                CompareParts p;
                p.address = address.structure;
                auto [expected, expected_part] = registers(0, run);
                p.expected = std::move(expected_part);
                Values desired;
                if (success) {
                    auto [values, part] = registers(count, run);
                    desired = std::move(values);
                    p.desired = std::move(part);
                }
                Values old;
                EventMarks read_marks = atomic_read_marks(no_return);
                if (!writes && !no_return) read_marks.atomic = false;
                for (std::size_t k = 0; k < count; ++k) {
                    auto [value, part] = run.run(read_memory(at(address.value, k), i_.size, read_marks));
                    old.push_back(value);
                    p.read = k == 0 ? part : parallel(p.read, part);
                }
                for (std::size_t k = 0; writes && k < count; ++k) {
                    const Symbolic& stored = success ? desired[k] : old[k];
                    auto part = run.run(write_memory(at(address.value, k), stored, i_.size,
                                                     atomic_write_marks(), !success))
                                    .second;
                    p.write = k == 0 ? part : parallel(p.write, part);
                }
                for (std::size_t k = 0; k < count; ++k) {
                    auto part = run.run(write(i_.reg.at(k), a_.zero_extend(old[k], i_.size))).second;
                    p.result = k == 0 ? part : parallel(p.result, part);
                }
                p.branch = run.run(commit(EventRole::branch_predicate)).second;
                Formula equal = logic::true_formula;
                for (std::size_t k = 0; k < count; ++k)
                    equal = c.pool().both(equal, a_.equal(old[k], expected[k]));
                run.facts.push_back({success ? equal : !equal, nullptr});
                for (const ValueFault& f : a_.take_faults()) run.facts.push_back({!f.when, f.what});
                result.push_back(run.finish(tlbcheck::model::compare_and_swap(by_ttd, mode_of(outcome), p)));
            }
            return result;
        };
    };

    const auto attempt = [=, this](bool update_dirty, std::function<Effect(bool, Value)> op) {
        Access what;
        what.write = true;
        what.update_dirty = update_dirty;
        what.marks.acquire = i_.ordering.acquire;
        what.address = read(i_.address.base, 64, EventPort::address);
        what.data = unit(a_.number(0));
        what.op = [op = std::move(op)](bool by_ttd, Value place, Value /*data*/) {
            return op(by_ttd, std::move(place));
        };
        return access(std::move(what));
    };
    const Flow success = attempt(true, [parts](bool by_ttd, Value place) {
        return either<NoValue>("compare-and-swap result from register",
                               parts(by_ttd, place, Outcome::success_from_register),
                               parts(by_ttd, place, Outcome::success_from_memory));
    });
    const Flow writing = attempt(
        true, [parts](bool by_ttd, Value place) { return parts(by_ttd, place, Outcome::failure_writes); });
    const auto silent = [=](bool update_dirty) {
        return attempt(update_dirty,
                       [parts](bool by_ttd, Value place) { return parts(by_ttd, place, Outcome::failure); });
    };
    // Without a write it is up to the implementation whether the dirty state is updated.
    const Flow failing = site_.hardware_dirty
                             ? either<ControlFlow>("dirty state updated", silent(true), silent(false))
                             : Flow(silent(false));
    return either<ControlFlow>("compare-and-swap succeeds", success,
                               either<ControlFlow>("compare-and-swap writes back", writing, failing));
}

}  // namespace tlbcheck::model
