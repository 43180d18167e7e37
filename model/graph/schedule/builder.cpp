// SPDX-License-Identifier: Apache-2.0
//
// The order in which a schedule's graph is built: its instructions, the observer with the judged access, what
// relates them, and the question.
#include <fmt/format.h>

#include <set>

#include "model/graph/schedule/events.hpp"
#include "model/graph/schedule/questions.hpp"
#include "model/graph/schedule/walks.hpp"
#include "model/limits/budget.hpp"

namespace tlbcheck::model {

namespace {

/// What the schedule itself accesses by a virtual address.
std::set<std::uint64_t> accessed(const JudgedSchedule& schedule) {
    std::set<std::uint64_t> addresses;
    for (const JudgedThread& thread : schedule.threads) {
        for (const PlainInstruction& i : thread.code) {
            if (const auto* access = std::get_if<Access>(&i.operation); access != nullptr && !access->flag) {
                addresses.insert(access->va);
            }
            if (const auto* await = std::get_if<Await>(&i.operation); await != nullptr && !await->flag) {
                addresses.insert(await->va);
            }
        }
    }
    return addresses;
}

/// What walks of guests' addresses need of stage 2.
void add_ipas(const JudgedSchedule& schedule, std::set<std::uint64_t>& addresses) {
    const ScheduleProgram& program = *schedule.program;
    std::vector<std::uint64_t> guests;
    for (const std::uint64_t va : addresses) {
        if (guest_of(program, va)) guests.push_back(va);
    }
    const ReachableTables tables(schedule, guests);
    const GuestTables pages(program);
    for (const StaticWrite& w : tables.writes()) {
        if (const auto ipa = pages.ipa(w.slot)) addresses.insert(*ipa);
        if (!translates(w.value) || w.by_new_owner) continue;
        for (const std::uint64_t va : guests) {
            if (tables.serves(w, va))
                addresses.insert(
                    spaces::within(spaces::plain(tables.output_address(w, va)), *guest_of(program, va)));
        }
    }
}

std::vector<std::uint64_t> all_addresses(const JudgedSchedule& schedule) {
    std::set<std::uint64_t> addresses(schedule.candidates.begin(), schedule.candidates.end());
    const std::uint64_t page = granule_bytes(schedule.hardware.granule);
    for (const std::uint64_t va : accessed(schedule)) addresses.insert(va / page * page);
    // Entries of one space may be hit in another.
    for (const std::uint64_t va : std::vector<std::uint64_t>(addresses.begin(), addresses.end())) {
        if (!spaces::of(va)) continue;
        const auto guest = guest_of(*schedule.program, va);
        for (SpaceId space = 0; space < schedule.program->spaces.size(); ++space) {
            if (schedule.program->spaces[space].upper != spaces::is_upper(va)) continue;
            if (!guest || schedule.program->spaces[space].vm == guest)
                addresses.insert(spaces::within(spaces::plain(va), space));
        }
    }
    if (uses_guests(*schedule.program)) add_ipas(schedule, addresses);
    return {addresses.begin(), addresses.end()};
}

/// The data pages that a walk for one of the addresses may come to.
std::set<PhysicalPage> reachable_pages(const JudgedSchedule& schedule, const ReachableTables& tables) {
    std::set<std::uint64_t> addresses = accessed(schedule);
    addresses.insert(tables.addresses().begin(), tables.addresses().end());
    std::set<PhysicalPage> pages;
    for (const StaticWrite& w : tables.writes()) {
        if (!translates(w.value)) continue;
        if (w.by_new_owner && uses_guests(*schedule.program)) pages.insert(w.value.oa);
        for (const std::uint64_t va : addresses) {
            if (guest_of(*schedule.program, va)) continue;  // a leaf of it gives an IPA
            if (tables.serves(w, va)) pages.insert(tables.output_address(w, va));
        }
    }
    return pages;
}

std::vector<WalkAddress> choose_address(const JudgedSchedule& schedule, const ScheduleQuestion& question,
                                        ScheduleGraph& out) {
    std::vector<std::uint64_t> judged = schedule.candidates;
    if (!schedule.program->spaces.empty())
        std::erase_if(judged, [&](std::uint64_t va) { return spaces::of(va) != question.space; });
    std::vector<std::string> names;
    for (const std::uint64_t va : judged) names.push_back(fmt::format("judged {:#x}", va));
    const std::vector<Formula> chosen = names.size() == 1 ? std::vector{logic::true_formula}
                                                          : out.graph.choose_one(logic::true_formula, names);
    std::vector<WalkAddress> candidates;
    for (std::size_t i = 0; i < chosen.size(); ++i) {
        candidates.push_back({judged[i], chosen[i], judged[i]});
        out.judged.emplace_back(judged[i], chosen[i]);
    }
    return candidates;
}

}  // namespace

ScheduleGraph build_schedule_graph(const JudgedSchedule& schedule, const ScheduleQuestion& question) {
    // Relations over the events are bit matrices, and there are two at the least before any formula is made.
    std::uint64_t count = 0;
    for (const JudgedThread& thread : schedule.threads) count += thread.code.size();
    need_memory(count * count / 4);

    ScheduleGraph out;
    if (question.position) out.gap = {question.thread, static_cast<int>(*question.position)};
    const ReachableTables tables(schedule, all_addresses(schedule));
    const std::vector<WalkAddress> candidates = choose_address(schedule, question, out);
    ScheduleEvents events(schedule, tables, reachable_pages(schedule, tables), out);
    ScheduleWalks walks(events);
    ScheduleQuestionBuilder asked(events, walks, question, candidates);
    events.add_initial_writes();
    events.add_instructions(question.without_tlbi);
    walks.add_instructions();
    asked.add_observers();
    walks.finish();
    events.finish();
    out.violated = asked.violated();
    return out;
}

}  // namespace tlbcheck::model
