// SPDX-License-Identifier: Apache-2.0
//
// The conceivable wrong readings of a slice's walk, one by one.
#include "checker/engine/schedule_proof.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "checker/engine/cycle_finder.hpp"
#include "checker/engine/instruction_text.hpp"
#include "model/axioms/schedule_model.hpp"
#include "model/program/slot_name.hpp"

namespace tlbcheck::checker {

namespace {

using model::EventId;
using model::Formula;

std::string observer_text(const model::JudgedSchedule& schedule, const model::ScheduleQuestion& question) {
    const char* access = question.store ? "store" : "load";
    switch (question.observer) {
        case model::ObserverKind::same_pe:
            return fmt::format("{} on {} after the schedule", access,
                               schedule.threads[static_cast<std::size_t>(question.thread)].name);
        case model::ObserverKind::other_pe:
            return fmt::format("{} on another PE after the schedule", access);
        case model::ObserverKind::other_pe_any_time:
            return fmt::format("{} on another PE at any time", access);
    }
    return access;
}

/// A bad reading of the judged walk: the source of one level, for the first address that it concerns.
struct Reading {
    const model::WalkLevel* level;
    const model::WalkSource* source;
    std::uint64_t stands_for;
    bool neighbour;
};

class SliceProof {
  public:
    SliceProof(const model::JudgedSchedule& schedule, const model::ScheduleQuestion& question)
        : schedule_(schedule),
          question_(question),
          definitions_(model::axioms::schedule_definitions(schedule)),
          built_(model::build_schedule_graph(schedule, question)),
          // NOLINTNEXTLINE(clang-analyzer-optin.cplusplus.UninitializedObject): its constructor sets all
          formulas_(built_.graph, definitions_.model) {}

    void run(std::vector<ExcludedReading>& result) {
        const auto text = [this](EventId e, const model::Execution& x) { return event_text(e, x); };
        const auto place = [this](EventId e) { return event_place(e); };
        const CycleSearch search{built_.graph, definitions_, formulas_, text, place};
        const Formula first = built_.judged.front().second;
        for (const Reading& reading : readings()) {
            const std::vector<Formula> assumption{built_.violated, first, reading.source->chosen};
            const FoundCycles found = find_cycles(search, assumption);
            if (found.cycles.empty()) continue;
            ExcludedReading excluded;
            excluded.reading = reading_text(reading);
            excluded.cycles = found.cycles;
            excluded.stands_for = reading.stands_for;
            result.push_back(std::move(excluded));
        }
    }

  private:
    std::vector<Reading> readings() const {
        std::vector<Reading> result;
        const model::Geometry geometry(schedule_.hardware);
        for (const model::WalkLevel& level : built_.accesses.front().walk) {
            std::optional<std::size_t> neighbour;
            for (const model::WalkSource& s : level.sources) {
                const model::DescriptorWrite& w = built_.writes[s.write];
                if (w.value.kind == model::DescriptorKind::table && !w.by_new_owner) continue;
                const bool own = geometry.entry_base(built_.judged.front().first, level.level) == w.slot.va;
                if (!own && neighbour) {
                    ++result[*neighbour].stands_for;
                    continue;
                }
                result.push_back({&level, &s, 1, !own});
                if (!own) neighbour = result.size() - 1;
            }
        }
        return result;
    }

    std::string reading_text(const Reading& reading) const {
        const model::DescriptorWrite& w = built_.writes[reading.source->write];
        const model::Geometry geometry(schedule_.hardware);
        const char* by = w.by_new_owner ? "after the free"
                         : w.thread < 0 ? "the value before the schedule"
                                        : "a store of the schedule";
        return fmt::format(
            "{}: the walk for {:#x} reads {} from {} ({})", observer_text(schedule_, question_),
            model::spaces::plain(built_.judged.front().first), written_text(w.value, w.by_new_owner),
            slot_name(*schedule_.program, geometry, w.slot), by);
    }

    /// "W linear[0] = invalid", "T3: a walk reads linear[0]", "TLBI VAAE1IS, 0x...", "W flag", "R [PA
    /// 0x80000000]".
    std::string what(EventId e, const model::Execution& x) const {
        const std::string& label = built_.graph.event(e).label;
        if (const auto* i = instruction(e)) {
            if (const auto* tlbi = std::get_if<model::TlbiInstruction>(&i->operation)) {
                return describe_tlbi(tlbi->op, tlbi->operand, model::Geometry(schedule_.hardware));
            }
        }
        if (!x.location[e]) return label;
        const std::string& place = built_.graph.location(*x.location[e]).name;
        const auto stored = std::ranges::find_if(built_.writes, [e](const model::DescriptorWrite& w) {
            return w.event == e && w.thread >= 0 && !w.by_new_owner;
        });
        if (stored != built_.writes.end()) return fmt::format("W {} = {}", place, to_string(stored->value));
        if (!built_.graph.in("NExp", e).is_false()) return fmt::format("{}: a walk reads {}", label, place);
        return label.ends_with(place) ? label
                                      : fmt::format("{} [{}]", label, place);  // flags name themselves
    }

    std::string event_text(EventId e, const model::Execution& x) const {
        const model::Event& event = built_.graph.event(e);
        std::string text = what(e, x);
        const auto& threads = schedule_.threads;
        const auto t = static_cast<std::size_t>(event.thread);
        if (event.thread >= 0)
            text += fmt::format(" ({})", t < threads.size() ? threads[t].name : "observer");
        return text;
    }

    const model::PlainInstruction* instruction(EventId e) const {
        const model::Event& event = built_.graph.event(e);
        if (event.thread < 0 || static_cast<std::size_t>(event.thread) >= schedule_.threads.size())
            return nullptr;
        const auto& code = schedule_.threads[static_cast<std::size_t>(event.thread)].code;
        const auto i = static_cast<std::size_t>(built_.index_of(event.thread, event.instruction));
        return i < code.size() ? &code[i] : nullptr;
    }

    Place event_place(EventId e) const {
        const auto* i = instruction(e);
        return i == nullptr ? Place{} : place_of(*schedule_.program, i->place);
    }

    const model::JudgedSchedule& schedule_;
    model::ScheduleQuestion question_;
    model::axioms::Definitions definitions_;
    model::ScheduleGraph built_;
    encoder::ModelFormulas formulas_;
};

}  // namespace

std::vector<ExcludedReading> prove_slice(const model::JudgedSchedule& schedule, model::PropertyKind kind) {
    std::vector<ExcludedReading> result;
    for (const model::ScheduleQuestion& question : questions_for(kind, schedule)) {
        if (question.store && kind != model::PropertyKind::no_use_after_free &&
            kind != model::PropertyKind::no_lost_update)
            continue;  // a store's walk reads the same
        SliceProof(schedule, question).run(result);
    }
    return result;
}

}  // namespace tlbcheck::checker
