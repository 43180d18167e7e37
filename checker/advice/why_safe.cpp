// SPDX-License-Identifier: Apache-2.0
//
// Each barrier and TLBI is taken out alone and the engine is asked again. Of those that matter the last DSB
// that completes one is where it ends, if the schedule that stops there is safe as well.
#include "checker/advice/why_safe.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "checker/advice/question_verdict.hpp"
#include "checker/advice/sites.hpp"
#include "checker/engine/instruction_text.hpp"
#include "checker/engine/slice_solver.hpp"
#include "model/arch/completion.hpp"
#include "model/break_before_make/bbm.hpp"
#include "model/limits/budget.hpp"
#include "model/slice/slicing.hpp"

namespace tlbcheck::checker {

namespace {

constexpr std::size_t most_sites = 40;   ///< more are not tried one by one
constexpr std::size_t most_slices = 64;  ///< nor is a schedule with more slices asked so often

bool orders(const model::Operation& operation) {
    return barrier_of(operation) != nullptr || is_tlbi(operation);
}

class WhySafe {
  public:
    WhySafe(const model::ScheduleProgram& program, const model::Property& property)
        : program_(program), property_(property), text_(program) {}

    std::string sentence() {
        const model::Slicing slicing = model::slice(program_, property_);
        if (slicing.slices.empty()) return "No translation of the region changes.";
        if (slicing.slices.size() > most_slices) return {};
        for (const model::Slice& slice : slicing.slices)
            known_.add(KnownSlices::key_of(slice, property_), Verdict::safe);
        for (const model::Slice& slice : slicing.slices)
            for (const Spot& spot : sites(program_, slice.schedule, orders))
                if (std::ranges::find(sites_, spot) == sites_.end()) sites_.push_back(spot);
        std::ranges::sort(sites_);
        if (sites_.size() > most_sites) return {};
        for (const Spot& spot : sites_)
            if (!holds(checker::apply(program_, Edit{RemoveStep{spot}}))) needed_.push_back(spot);
        std::string sentence = needed_.empty() ? nothing_alone() : decisive();
        return undecided_ ? std::string{} : sentence;  // what was not decided is neither needed nor not
    }

  private:
    const model::Operation& operation(const Spot& spot) const { return text_.operation(spot); }
    std::string placed(const Spot& spot) const {
        const bool loop = program_.threads[spot.thread].code[spot.run].count > 1;
        return (loop ? "last " : "") + placed_instruction(program_, property_.hardware, last_of(spot));
    }

    /// The instruction of the last iteration.
    model::PlainInstruction last_of(const Spot& spot) const {
        model::PlainInstruction plain = text_.plain(spot);
        const model::Run& run = program_.threads[spot.thread].code[spot.run];
        plain.operation = model::instantiate(run.body[spot.at], run.count - 1).operation;
        return plain;
    }

    /// Most edits leave most slices as they were: those are not solved again.
    bool holds(const model::ScheduleProgram& program) {
        const model::Slicing slicing = model::slice(program, property_);
        std::vector<const model::Slice*> unknown;
        for (const model::Slice& slice : slicing.slices) {
            const auto verdict = known_.find(KnownSlices::key_of(slice, property_));
            if (verdict != nullptr && verdict->verdict == Verdict::unsafe) return false;
            if (!verdict) unknown.push_back(&slice);
        }
        return std::ranges::all_of(unknown, [&](const model::Slice* slice) {
            const Verdict found = verdict_of(slice->schedule);
            known_.add(KnownSlices::key_of(*slice, property_), found);
            undecided_ |= found == Verdict::undecided;
            return found == Verdict::safe;
        });
    }

    Verdict verdict_of(const model::JudgedSchedule& slice) const {
        if (property_.kind == model::PropertyKind::no_bbm_violation) {
            const model::BbmVerdict found = model::find_bbm_violation(slice).verdict;
            if (found == model::BbmVerdict::undecided) return Verdict::undecided;
            return found == model::BbmVerdict::safe ? Verdict::safe : Verdict::unsafe;
        }
        SolveOptions options;
        options.all_candidates = false;
        options.verdict_only = true;
        return solve_slice(slice, property_.kind, options).verdict;
    }

    std::optional<Spot> first_of(std::uint32_t thread) const {
        const std::vector<model::Run>& code = program_.threads[thread].code;
        for (std::uint32_t r = 0; r < code.size(); ++r)
            if (!code[r].body.empty()) return Spot{thread, r, 0};
        return std::nullopt;
    }

    /// No instruction is needed by itself.
    std::string nothing_alone() {
        Edit all, tlbis;  // of the whole program: slices leave out what another flush makes unnecessary
        for (std::uint32_t t = 0; t < program_.threads.size(); ++t) {
            for (std::optional<Spot> spot = first_of(t); spot; spot = text_.next(*spot)) {
                if (!orders(operation(*spot))) continue;
                all.emplace_back(RemoveStep{*spot});
                if (is_tlbi(operation(*spot))) tlbis.emplace_back(RemoveStep{*spot});
            }
        }
        if (holds(checker::apply(program_, all)))
            return "Nothing in it needs a TLBI or a barrier: with all of them taken out it still holds.";
        if (!tlbis.empty() && holds(checker::apply(program_, tlbis)))
            return "It does not need its TLBIs: with all of them taken out the barriers that are left "
                   "suffice.";
        return "No single TLBI or barrier decides it: each can be taken out by itself, because another does "
               "the "
               "same.";
    }

    bool completes(const Spot& dsb, const Spot& tlbi) const {
        const model::Barrier* barrier = barrier_of(operation(dsb));
        if (barrier == nullptr || dsb.thread != tlbi.thread || dsb < tlbi) return false;
        return model::completes_elsewhere(*barrier, std::get<model::TlbiInstruction>(operation(tlbi)).op);
    }

    /// The last needed TLBI that the needed DSB completes.
    std::optional<Spot> completed_by(const Spot& dsb) const {
        std::optional<Spot> result;
        for (const Spot& spot : needed_)
            if (is_tlbi(operation(spot)) && completes(dsb, spot)) result = spot;
        return result;
    }

    /// Asked of every PE and every entry, after the schedule.
    bool plain() const {
        return property_.kind == model::PropertyKind::no_stale_entry && property_.judging == model::Judging{};
    }

    std::string decisive() {
        std::optional<Spot> end, flush;
        for (const Spot& spot : needed_) {
            const auto tlbi = barrier_of(operation(spot)) != nullptr ? completed_by(spot) : std::nullopt;
            if (!tlbi) continue;
            end = spot;
            flush = tlbi;
        }
        if (!end) {
            return fmt::format("It takes the {}: without it {}.{}", placed(needed_.back()), failure(),
                               others(needed_.back()));
        }
        const std::string because =
            fmt::format("it completes the {}{}", placed(*flush), visible_before(*flush));
        if (property_.kind == model::PropertyKind::no_use_after_free) {
            if (const auto freed = first_free_behind(*end))
                return fmt::format("No PE can reach freed memory: the {} comes before \"{}\", and {}.",
                                   placed(*end), placed(*freed), because);
        }
        if (plain() && ends_there(*end))
            return fmt::format("After the {} no other PE can use an old entry, because {}.{}", placed(*end),
                               because, own_pe(*end));
        return fmt::format("It takes the {}, because {}: without it {}.", placed(*end), because, failure());
    }

    /// ", after the DSB ISHST (line 10) made the stores before it visible".
    std::string visible_before(const Spot& tlbi) const {
        std::optional<Spot> dsb;
        for (const Spot& spot : needed_) {
            const model::Barrier* barrier = barrier_of(operation(spot));
            if (barrier != nullptr && spot.thread == tlbi.thread && spot < tlbi &&
                model::completes_stores(*barrier))
                dsb = spot;
        }
        if (!dsb) return {};
        return fmt::format(", which came after the {} had made the stores visible to walks", placed(*dsb));
    }

    std::optional<Spot> first_free_behind(const Spot& dsb) const {
        for (auto spot = text_.next(dsb); spot; spot = text_.next(*spot))
            if (is_free(operation(*spot))) return spot;
        return std::nullopt;
    }

    /// " On the PE itself from the ISB (line 13) on."
    std::string own_pe(const Spot& dsb) const {
        for (const Spot& spot : needed_) {
            const model::Barrier* barrier = barrier_of(operation(spot));
            if (barrier != nullptr && barrier->kind == model::BarrierKind::isb && spot.thread == dsb.thread &&
                dsb < spot)
                return fmt::format(" On {} itself that holds from the {} on.",
                                   program_.threads[dsb.thread].name, placed(spot));
        }
        return {};
    }

    std::string others(const Spot& but) const {
        std::string names;
        for (const Spot& spot : needed_)
            if (spot != but) names += (names.empty() ? "" : ", the ") + placed(spot);
        return names.empty() ? "" : " Needed as well: the " + names + ".";
    }

    std::string failure() const {
        if (property_.kind == model::PropertyKind::no_stale_entry && property_.judging.restrictive)
            return "an access could use an old entry that allows more than the tables";
        if (property_.kind == model::PropertyKind::no_stale_entry) return "an access could use an old entry";
        if (property_.kind == model::PropertyKind::no_use_after_free)
            return "an access could reach freed memory";
        if (property_.kind == model::PropertyKind::no_bbm_violation)
            return "a store could meet an entry that break-before-make has to remove first";
        if (property_.kind == model::PropertyKind::no_tlb_conflict)
            return "two conflicting entries could be held at the same time";
        if (property_.kind == model::PropertyKind::no_lost_update)
            return "a flag that hardware sets could be lost";
        return "the property fails";
    }

    /// The schedule that stops behind the DSB and the ISBs after it is safe, and what is cut off changes
    /// nothing that another thread or the tables would see.
    bool ends_there(const Spot& dsb) {
        model::ScheduleProgram cut = program_;
        std::vector<model::Run>& code = cut.threads[dsb.thread].code;
        const model::Run loop = code[dsb.run];
        Spot end = dsb;
        for (auto spot = text_.next(dsb); spot; spot = text_.next(*spot)) {
            const model::Operation& o = operation(*spot);
            const model::Barrier* barrier = barrier_of(o);
            if (barrier != nullptr && barrier->kind == model::BarrierKind::isb && end.run == spot->run &&
                end.at + 1 == spot->at)
                end = *spot;
            if (is_store(o) || is_free(o) || is_signal(o)) return false;
        }
        for (std::uint32_t at = 0; at < end.at && loop.count > 1; ++at)
            if (at > dsb.at && is_store(loop.body[at].operation)) return false;
        code.resize(dsb.run);
        if (loop.count > 1) code.push_back({loop.count - 1, loop.body});
        model::Run last{1, {}};
        for (std::uint32_t at = 0; at <= end.at; ++at)
            last.body.push_back(model::instantiate(loop.body[at], loop.count - 1));
        code.push_back(std::move(last));
        return holds(cut);
    }

    const model::ScheduleProgram& program_;
    const model::Property& property_;
    SiteText text_;
    std::vector<Spot> sites_, needed_;
    KnownSlices known_;
    bool undecided_ = false;
};

}  // namespace

std::string why_safe(const model::ScheduleProgram& program, const model::Property& property) {
    try {
        return WhySafe(program, property).sentence();
    } catch (...) {
        model::limit_that_was_reached();
        // The answer stands without its sentence, if there is time for the rest.
        model::poll_now();
        return {};
    }
}

}  // namespace tlbcheck::checker
