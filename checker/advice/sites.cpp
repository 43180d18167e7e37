// SPDX-License-Identifier: Apache-2.0
//
// Groups of stores, TLBIs and waits around an instruction.
#include "checker/advice/sites.hpp"

#include <algorithm>
#include <set>

namespace tlbcheck::checker {

bool is_store(const model::Operation& operation) {
    return std::holds_alternative<model::StoreDescriptor>(operation);
}
bool is_tlbi(const model::Operation& operation) {
    return std::holds_alternative<model::TlbiInstruction>(operation);
}
bool is_free(const model::Operation& operation) {
    return std::holds_alternative<model::Free>(operation);
}
bool is_signal(const model::Operation& operation) {
    const auto* access = std::get_if<model::Access>(&operation);
    return access != nullptr && access->flag &&
           (access->kind == model::AccessKind::store || access->kind == model::AccessKind::store_release);
}
bool is_wait(const model::Operation& operation) {
    const auto* await = std::get_if<model::Await>(&operation);
    if (await != nullptr) return await->flag.has_value();
    return std::holds_alternative<model::Branch>(operation) ||
           std::holds_alternative<model::Otherwise>(operation) ||
           std::holds_alternative<model::EndBranch>(operation);
}
const model::Barrier* barrier_of(const model::Operation& operation) {
    return std::get_if<model::Barrier>(&operation);
}

std::optional<Spot> SiteText::next(Spot spot) const {
    const auto& code = program_.threads[spot.thread].code;
    ++spot.at;
    while (spot.run < code.size() && spot.at >= code[spot.run].body.size()) {
        ++spot.run;
        spot.at = 0;
    }
    if (spot.run >= code.size()) return std::nullopt;
    return spot;
}

std::optional<Spot> SiteText::previous(Spot spot) const {
    const auto& code = program_.threads[spot.thread].code;
    while (spot.at == 0) {
        if (spot.run == 0) return std::nullopt;
        --spot.run;
        spot.at = static_cast<std::uint32_t>(code[spot.run].body.size());
    }
    --spot.at;
    return spot;
}

std::optional<Spot> SiteText::last(std::uint32_t thread) const {
    return previous({thread, static_cast<std::uint32_t>(program_.threads[thread].code.size()), 0});
}

/// The spot's run is a loop whose body is nothing but such instructions.
bool SiteText::alone(const Spot& spot, OperationTest test) const {
    const model::Run& run = program_.threads[spot.thread].code[spot.run];
    return run.count > 1 &&
           std::ranges::all_of(run.body, [&](const model::Instruction& i) { return test(i.operation); });
}

Gap SiteText::behind(Spot spot, OperationTest test) const {
    const auto straight = [&](const Spot& s) {
        return program_.threads[s.thread].code[s.run].count == 1 || alone(s, test);
    };
    while (const auto after = next(spot)) {
        const bool joined = after->run == spot.run || (straight(spot) && straight(*after));
        if (!joined || !test(operation(*after))) break;
        spot = *after;
    }
    if (alone(spot, test)) return {spot.thread, spot.run + 1, std::nullopt};
    return {spot.thread, spot.run, spot.at + 1};
}

Gap SiteText::before(Spot spot, OperationTest test) const {
    const auto straight = [&](const Spot& s) {
        return program_.threads[s.thread].code[s.run].count == 1 || alone(s, test);
    };
    while (const auto earlier = previous(spot)) {
        const bool joined = earlier->run == spot.run || (straight(spot) && straight(*earlier));
        if (!joined || !test(operation(*earlier))) break;
        spot = *earlier;
    }
    if (alone(spot, test)) return {spot.thread, spot.run, std::nullopt};
    return {spot.thread, spot.run, spot.at};
}

Gap SiteText::behind_loop(const Spot& spot, OperationTest test) const {
    if (program_.threads[spot.thread].code[spot.run].count > 1)
        return {spot.thread, spot.run + 1, std::nullopt};
    return behind(spot, test);
}

Gap SiteText::before_loop(const Spot& spot, OperationTest test) const {
    if (program_.threads[spot.thread].code[spot.run].count > 1) return {spot.thread, spot.run, std::nullopt};
    return before(spot, test);
}

Gap SiteText::end_of(std::uint32_t thread) const {
    return {thread, static_cast<std::uint32_t>(program_.threads[thread].code.size()), std::nullopt};
}

model::PlainInstruction SiteText::plain(const Spot& spot) const {
    model::Instruction first = instantiate(instruction_at(program_, spot), 0);
    return {std::move(first.operation), first.place, first.helper_place, 0, first.kernel};
}

std::vector<Spot> sites(const model::ScheduleProgram& program, const model::JudgedSchedule& slice,
                        OperationTest test) {
    std::set<Spot> found;
    for (std::uint32_t t = 0; t < slice.threads.size(); ++t) {
        for (const model::PlainInstruction& i : slice.threads[t].code) {
            if (!test(i.operation)) continue;
            if (const auto spot = spot_of(program, t, i.index)) found.insert(*spot);
        }
    }
    return {found.begin(), found.end()};
}

}  // namespace tlbcheck::checker
