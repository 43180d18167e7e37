// SPDX-License-Identifier: Apache-2.0
//
// The questions about a guest's addresses, whose accesses are translated by both stages
// (docs/formal-model.md section 14).
#include "model/arch/hardware_update.hpp"
#include "model/graph/schedule/questions.hpp"

namespace tlbcheck::model {

using logic::true_formula;

bool ScheduleQuestionBuilder::of_guest() const {
    const std::vector<WalkAddress>& addresses = out_.accesses.front().addresses;
    return !addresses.empty() && guest_of(*schedule_.program, addresses.front().va).has_value();
}

/// What a walk of the final tables of both stages gives, case by case.
std::vector<ScheduleQuestionBuilder::FinalResult> ScheduleQuestionBuilder::guest_results(std::uint64_t va) {
    std::vector<FinalResult> results;
    const Geometry& g = tables_.geometry();
    std::map<std::uint32_t, Formula> pages{{0, true_formula}};
    for (int level = g.start_level(); level <= 3; ++level) {
        std::map<std::uint32_t, Formula> next;
        for (auto& [generation, when] : pages) {
            const auto ipa = walks_.guest_tables().ipa({g.entry_base(va, level), level, generation});
            if (!ipa) continue;
            std::vector<Formula> mapped;
            for (const FinalResult& table : final_results(*ipa)) {
                const Formula here = pool_.both(when, table.when);
                if (table.valid && !table.by_new_owner)
                    mapped.push_back(here);
                else
                    results.push_back({table.valid, 0, {}, table.by_new_owner, here});
            }
            when = pool_.disjunction(mapped);
        }
        for (std::size_t i = 0; i < out_.writes.size(); ++i) {
            const StaticWrite& w = out_.writes[i];
            if (w.slot.level != level || !tables_.is_own(w, va) || !pages.contains(w.slot.generation))
                continue;
            const Formula when = pool_.both(pages.at(w.slot.generation), final_write(i));
            if (when.is_false()) continue;
            if (w.value.kind == DescriptorKind::table) {
                auto& f = next.try_emplace(static_cast<std::uint32_t>(w.value.oa), logic::false_formula)
                              .first->second;
                f = pool_.either(f, when);
            } else if (!translates(w.value) || w.by_new_owner) {
                results.push_back({w.by_new_owner, 0, {}, w.by_new_owner, when});
            } else {
                const std::uint64_t ipa = walks_.ipa_of(w, va);
                for (const FinalResult& f : final_results(ipa)) {
                    FinalResult both{f.valid, f.page, {}, f.by_new_owner, pool_.both(when, f.when), {}};
                    if (f.valid)
                        both.value =
                            combined_leaf(*schedule_.program, {w.value, level}, {f.value, 3}, va, ipa, f.page)
                                .value;
                    if (f.valid && !f.by_new_owner) both.leaves = FinalLeaves{w.value, f.value, ipa};
                    results.push_back(both);
                }
            }
        }
        pages = std::move(next);
    }
    return results;
}

Formula ScheduleQuestionBuilder::guest_stale() {
    const JudgedAccess& access = out_.accesses.front();
    std::map<std::uint64_t, std::vector<FinalResult>> finals;
    for (const WalkAddress& a : access.addresses) finals.try_emplace(a.accessed, guest_results(a.accessed));
    std::vector<Formula> terms;
    const auto add = [&](const FinalResult& seen, std::uint64_t accessed) {
        std::vector<Formula> agreeing;
        for (const FinalResult& f : finals.at(accessed)) {
            if (agrees(seen, f)) agreeing.push_back(f.when);
        }
        terms.push_back(pool_.both(seen.when, !pool_.disjunction(agreeing)));
    };
    const auto add_end = [&](const WalkLevel& level) {  // a walk that comes to no entry
        for (const WalkSource& s : level.sources) {
            const StaticWrite& w = out_.writes[s.write];
            if (w.value.kind == DescriptorKind::table || (translates(w.value) && !w.by_new_owner)) continue;
            for (const WalkAddress& a : access.addresses)
                add({w.by_new_owner, 0, {}, w.by_new_owner, pool_.both(s.chosen, a.chosen)}, a.accessed);
        }
    };
    for (const WalkLevel& level : access.walk) add_end(level);
    for (const Stage2Walk& under : access.under) {
        for (const WalkLevel& level : under.levels) add_end(level);
    }
    for (const EntryOfGuest& entry : guest_entries(access)) {
        add({true, entry.leaf.output, entry.leaf.value, false, entry.when}, entry.accessed);
        if (manages_flags(schedule_.hardware))
            terms.push_back(pool_.both(entry.when, guest_leaves_clear(entry, finals.at(entry.accessed))));
    }
    return pool_.disjunction(terms);
}

/// Which of a guest's and of a hypervisor's frees count is a matter of whose tables lead there: a
/// translation by a leaf, of that stage, that was stored after the free is another owner's.
Formula ScheduleQuestionBuilder::guest_used_after_free() {
    const JudgedAccess& access = out_.accesses.front();
    std::vector<Formula> terms;
    const auto add_rewritten = [&](const WalkLevel& level) {
        for (const WalkSource& s : level.sources) {
            if (out_.writes[s.write].by_new_owner) terms.push_back(s.chosen);
        }
    };
    for (const WalkLevel& level : access.walk) add_rewritten(level);
    for (const Stage2Walk& under : access.under) {
        for (const WalkLevel& level : under.levels) add_rewritten(level);
    }
    for (const EntryOfGuest& entry : guest_entries(access)) {
        std::vector<Formula> met;
        for (const auto& [write, instruction, by_guest] : events_.new_owner_writes()) {
            const Event& freed = graph_.event(write);
            const Event& source = graph_.event((by_guest ? entry.stage1 : entry.stage2)->event);
            if (source.thread == freed.thread && source.instruction > instruction) continue;
            met.push_back(meets(write));
        }
        terms.push_back(pool_.both(entry.when, pool_.disjunction(met)));
    }
    return pool_.disjunction(terms);
}

Formula ScheduleQuestionBuilder::guest_met_fault() {
    const JudgedAccess& access = out_.accesses.front();
    std::vector<Formula> terms;
    const auto add = [&](const WalkLevel& level) {
        for (const WalkSource& s : level.sources) {
            const StaticWrite& w = out_.writes[s.write];
            const bool unknown = w.by_new_owner ||
                                 (w.thread == initial_thread && unknown_at_start(*schedule_.program, w.slot));
            if (unknown || !w.value.valid()) terms.push_back(s.chosen);
        }
    };
    for (const WalkLevel& level : access.walk) add(level);
    for (const Stage2Walk& under : access.under) {
        for (const WalkLevel& level : under.levels) add(level);
    }
    return pool_.disjunction(terms);
}

std::vector<ScheduleQuestionBuilder::EntryOfGuest> ScheduleQuestionBuilder::guest_entries(
    const JudgedAccess& access) const {
    std::vector<EntryOfGuest> result;
    walks_.for_each_output(
        access, [&](const StaticWrite& leaf, std::uint64_t va, const StaticWrite& output, Formula when) {
            if (!translates(output.value) || output.by_new_owner) return;
            const std::uint64_t ipa = walks_.ipa_of(leaf, va);
            const PhysicalPage pa = tables_.output_address(output, ipa);
            const StageLeaf both = combined_leaf(*schedule_.program, {leaf.value, leaf.slot.level},
                                                 {output.value, output.slot.level}, va, ipa, pa);
            for (const WalkAddress& a : access.addresses) {
                if (a.va != va) continue;
                result.push_back({{both.value, both.level, pa, spaces::plain(va)},
                                  &leaf,
                                  &output,
                                  va,
                                  a.accessed,
                                  pool_.both(when, a.chosen)});
            }
        });
    return result;
}

Formula ScheduleQuestionBuilder::guest_conflict(
    const std::vector<WalkAddress>& addresses,
    const std::function<bool(const StaticWrite&, const StaticWrite&)>& which) {
    const auto first = guest_entries(out_.accesses[0]), second = guest_entries(out_.accesses[1]);
    std::vector<Formula> terms;
    for (const EntryOfGuest& a : first) {
        for (const EntryOfGuest& b : second) {
            if (a.accessed != b.accessed) continue;
            const bool judged =
                std::ranges::any_of(addresses, [&](const WalkAddress& at) { return at.va == a.accessed; });
            const AddressSpace &x = schedule_.program->spaces[*spaces::of(a.va)],
                               &y = schedule_.program->spaces[*spaces::of(b.va)];
            const bool hit = x.asid == y.asid || !a.stage1->value.not_global || !b.stage1->value.not_global;
            const bool counts = which(*a.stage1, *b.stage1) || which(*a.stage2, *b.stage2);
            if (judged && hit && counts && conflicting(a.leaf, b.leaf, schedule_.hardware.contiguous_fill))
                terms.push_back(pool_.both(a.when, b.when));
        }
    }
    // What a new owner wrote to a table page is like no other translation.
    for (const auto& [x, y] : {std::pair(0U, 1U), std::pair(1U, 0U)}) {
        for (const EntryOfGuest& a : x == 0 ? first : second) {
            const bool judged =
                std::ranges::any_of(addresses, [&](const WalkAddress& at) { return at.va == a.accessed; });
            if (judged) terms.push_back(pool_.both(a.when, ends_in_garbage(out_.accesses[y], a.accessed)));
        }
    }
    return pool_.disjunction(terms);
}

Formula ScheduleQuestionBuilder::ends_in_garbage(const JudgedAccess& access, std::uint64_t accessed) {
    std::vector<Formula> met;
    const auto add = [&](const WalkLevel& level) {
        for (const WalkSource& s : level.sources) {
            if (out_.writes[s.write].by_new_owner) met.push_back(s.chosen);
        }
    };
    for (const WalkLevel& level : access.walk) add(level);
    for (const Stage2Walk& under : access.under) {
        for (const WalkLevel& level : under.levels) add(level);
    }
    std::vector<Formula> here;
    for (const WalkAddress& a : access.addresses) {
        if (a.accessed == accessed) here.push_back(a.chosen);
    }
    return pool_.both(pool_.disjunction(met), pool_.disjunction(here));
}

}  // namespace tlbcheck::model
