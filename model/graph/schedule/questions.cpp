// SPDX-License-Identifier: Apache-2.0
//
// The questions of model.md section 6 as formulas over the choices, and the builder's order of work.
#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "model/graph/schedule/builder.hpp"
#include "model/limits/budget.hpp"

namespace tlbcheck::model {

using logic::false_formula;
using logic::true_formula;

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

std::vector<std::uint64_t> all_addresses(const JudgedSchedule& schedule) {
    std::set<std::uint64_t> addresses(schedule.candidates.begin(), schedule.candidates.end());
    const std::uint64_t page = granule_bytes(schedule.hardware.granule);
    for (const std::uint64_t va : accessed(schedule)) addresses.insert(va / page * page);
    return {addresses.begin(), addresses.end()};
}

/// Permissions, output address and attributes as a fresh walk would give them; not the Contiguous bit, not
/// the level.
bool same_translation(const Descriptor& a, PhysicalPage pa, const Descriptor& b, PhysicalPage pb) {
    return pa == pb && a.db == b.db && a.dbm == b.dbm && a.el0 == b.el0 && a.not_global == b.not_global &&
           a.attributes == b.attributes;
}

bool translates(const Descriptor& d) {
    return d.kind == DescriptorKind::leaf && d.af;
}

}  // namespace

ScheduleGraphBuilder::ScheduleGraphBuilder(const JudgedSchedule& schedule, const ScheduleQuestion& question)
    : schedule_(schedule),
      question_(question),
      graph_(out_.graph),
      pool_(out_.graph.pool()),
      tables_(schedule, all_addresses(schedule)) {}

void ScheduleGraphBuilder::collect_pages() {
    std::set<std::uint64_t> addresses = accessed(schedule_);
    addresses.insert(tables_.addresses().begin(), tables_.addresses().end());
    for (const StaticWrite& w : tables_.writes()) {
        if (!translates(w.value)) continue;
        for (const std::uint64_t va : addresses) {
            if (tables_.serves(w, va)) pages_[tables_.output_address(w, va)] = true;
        }
    }
}

void ScheduleGraphBuilder::add_judged_access() {
    out_.accesses.push_back(add_access(candidates_, question_.store, 1));
}

/// Reads every other thread's flag as set (model.md section 6, observers). Load-acquires: the access comes
/// after the whole schedule, though nothing but the thread's own barriers orders its translation.
void ScheduleGraphBuilder::add_flag_handshake(int except_thread) {
    for (std::size_t t = 0; t < schedule_.threads.size(); ++t) {
        if (static_cast<int>(t) == except_thread) continue;
        add_flag_access(done_flag(schedule_, t), false, 1, "A");
        ++instruction_;
    }
}

void ScheduleGraphBuilder::add_observers() {
    const bool synchronised = question_.observer == ObserverKind::other_pe;
    // A use after free is judged while other threads go on: a passing window counts.
    const bool waits =
        question_.observer == ObserverKind::same_pe && question_.property == PropertyKind::no_stale_entry;
    for (std::size_t t = 0; t < schedule_.threads.size(); ++t) {
        const bool observes =
            question_.observer == ObserverKind::same_pe && static_cast<int>(t) == question_.thread;
        if (!synchronised && (!waits || observes)) continue;
        thread_ = static_cast<int>(t);
        instruction_ = static_cast<int>(schedule_.threads[t].code.size());
        add_flag_access(done_flag(schedule_, t), true, 1, nullptr);
    }
    if (question_.observer == ObserverKind::same_pe) {
        thread_ = question_.thread;
        instruction_ = static_cast<int>(schedule_.threads[static_cast<std::size_t>(thread_)].code.size());
        if (waits) add_flag_handshake(thread_);
    } else {
        thread_ = static_cast<int>(schedule_.threads.size());
        instruction_ = 0;
        if (synchronised) {
            add_flag_handshake(-1);
            add_barrier({BarrierKind::dsb, BarrierDomain::ish, BarrierAccess::full, false});
            ++instruction_;
            add_barrier({BarrierKind::isb, BarrierDomain::sy, BarrierAccess::full, false});
            ++instruction_;
        }
    }
    add_judged_access();
    if (!question_.conflict) return;
    ++instruction_;
    add_judged_access();
    link_co_live(out_.accesses[0], out_.accesses[1]);
    if (question_.property == PropertyKind::no_use_after_free) add_amalgam_reads();
}

/// What two conflicting entries give may be any address (RFVQCK): one read for each location that was handed
/// to a new owner, translated by both walks.
void ScheduleGraphBuilder::add_amalgam_reads() {
    std::vector<std::pair<EventId, int>> frees = new_owner_writes_;
    frees.insert(frees.end(), new_owner_table_writes_.begin(), new_owner_table_writes_.end());
    for (const auto& [write, instruction] : frees) {
        const EventId read = add_event("amalgam", {"R", "Exp"});
        graph_.event(read).location = graph_.event(write).location;
        reads_[read] = any_value;
        for (const JudgedAccess& access : out_.accesses) graph_.add_edge("iico_ctrl", access.branch, read);
        amalgam_reads_.push_back({read, write, instruction});
    }
}

Formula ScheduleGraphBuilder::coherence_before(EventId a, EventId b) {
    std::vector<Formula> terms;
    for (const Edge& e : graph_.edges("co")) {
        if (e.from == a && e.to == b) terms.push_back(e.when);
    }
    return pool_.disjunction(terms);
}

/// The write is the last one to its slot.
Formula ScheduleGraphBuilder::final_write(std::size_t write) {
    std::vector<Formula> terms;
    for (std::size_t other = 0; other < out_.writes.size(); ++other) {
        if (other == write || out_.writes[other].slot != out_.writes[write].slot) continue;
        terms.push_back(coherence_before(out_.writes[other].event, out_.writes[write].event));
    }
    return pool_.conjunction(terms);
}

/// What a fresh walk of the final tables through `va`'s own descriptors gives, case by case.
std::vector<ScheduleGraphBuilder::FinalResult> ScheduleGraphBuilder::final_results(std::uint64_t va) {
    std::vector<FinalResult> results;
    std::map<std::uint32_t, Formula> pages{{0, true_formula}};  // table page generations at the current level
    for (int level = tables_.geometry().start_level(); level <= 3; ++level) {
        std::map<std::uint32_t, Formula> next;
        for (std::size_t i = 0; i < out_.writes.size(); ++i) {
            const StaticWrite& w = out_.writes[i];
            if (w.slot.level != level || !tables_.is_own(w, va) || !pages.contains(w.slot.generation))
                continue;
            const Formula when = pool_.both(pages.at(w.slot.generation), final_write(i));
            if (when.is_false()) continue;
            if (w.value.kind == DescriptorKind::table) {
                auto& f =
                    next.try_emplace(static_cast<std::uint32_t>(w.value.oa), false_formula).first->second;
                f = pool_.either(f, when);
            } else if (translates(w.value)) {
                results.push_back({true, tables_.output_address(w, va), w.value, w.by_new_owner, when});
            } else {
                results.push_back({false, 0, {}, w.by_new_owner, when});
            }
        }
        pages = std::move(next);
    }
    return results;
}

/// A walk for `va` at the end gives what `write`'s descriptor gives.
Formula ScheduleGraphBuilder::fresh_walk_agrees(const StaticWrite& write, std::uint64_t va,
                                                const std::vector<FinalResult>& finals) {
    const bool valid = translates(write.value);
    const PhysicalPage page = valid ? tables_.output_address(write, va) : 0;
    std::vector<Formula> agreeing;
    for (const FinalResult& f : finals) {
        const bool same = f.valid == valid && f.by_new_owner == write.by_new_owner &&
                          (!valid || same_translation(write.value, page, f.value, f.page));
        if (same) agreeing.push_back(f.when);
    }
    return pool_.disjunction(agreeing);
}

/// no_stale_entry: the judged access translates or faults otherwise than a fresh walk would.
Formula ScheduleGraphBuilder::stale() {
    const JudgedAccess& access = out_.accesses.front();
    std::vector<Formula> terms;
    for (const Address& a : candidates_) {
        const auto finals = final_results(a.va);
        std::map<Formula, std::vector<Formula>> seen;  // sources, by when a fresh walk agrees
        for (const WalkLevel& level : access.walk) {
            for (const WalkSource& s : level.sources) {
                const StaticWrite& w = out_.writes[s.write];
                if (w.value.kind == DescriptorKind::table || !tables_.serves(w, a.va)) continue;
                if (!pool_.excludes(s.chosen, a.chosen))
                    seen[fresh_walk_agrees(w, a.va, finals)].push_back(s.chosen);
            }
        }
        for (const auto& [agrees, chosen] : seen)
            terms.push_back(pool_.conjunction({pool_.disjunction(chosen), a.chosen, !agrees}));
    }
    return pool_.disjunction(terms);
}

Formula ScheduleGraphBuilder::read_from(EventId read, EventId write) const {
    for (const ReadsFrom& r : graph_.reads_from()) {
        if (r.read != read) continue;
        for (const auto& [from, chosen] : r.writes) {
            if (from == write) return chosen;
        }
    }
    return false_formula;
}

/// no_use_after_free: an access through a translation read before the free meets the new owner's data, or a
/// walk reads the new owner's data as a descriptor.
Formula ScheduleGraphBuilder::used_after_free() {
    const JudgedAccess& access = out_.accesses.front();
    std::vector<Formula> terms;
    for (const WalkLevel& level : access.walk) {
        for (const WalkSource& s : level.sources) {
            const StaticWrite& w = out_.writes[s.write];
            if (w.by_new_owner) terms.push_back(s.chosen);
            if (!translates(w.value) || w.by_new_owner) continue;
            std::vector<Formula> met;
            for (const auto& [write, instruction] : new_owner_writes_) {
                const Event& freed = graph_.event(write);
                const Event& source = graph_.event(w.event);
                const bool remapped = source.thread == freed.thread && source.instruction > instruction;
                if (remapped) continue;
                const Formula here =
                    pool_.both(graph_.event(access.access).exec, graph_.same_location(access.access, write));
                const Formula seen =
                    access.store ? coherence_before(write, access.access) : read_from(access.access, write);
                met.push_back(pool_.both(here, seen));
            }
            terms.push_back(pool_.both(s.chosen, pool_.disjunction(met)));
        }
    }
    return pool_.disjunction(terms);
}

/// Two live entries match one address and differ in nominal size or result (model.md section 5).
Formula ScheduleGraphBuilder::conflict() {
    return conflict(candidates_, [](const StaticWrite&, const StaticWrite&) { return true; });
}

/// Some walk for the address can come to what the free handed over.
bool ScheduleGraphBuilder::reaches(std::uint64_t va, EventId new_owner_write) {
    for (const StaticWrite& w : out_.writes) {
        if (w.event == new_owner_write) return tables_.serves(w, va);
    }
    const LocationId freed = graph_.event(new_owner_write).location.front().what;
    return std::ranges::any_of(out_.writes, [&](const StaticWrite& w) {
        return translates(w.value) && !w.by_new_owner && tables_.serves(w, va) &&
               location_of_page(tables_.output_address(w, va)) == freed;
    });
}

/// At bbm_level 0: the judged access meets conflicting entries, not both of descriptors stored after the
/// free, and the new owner's data, where one of its walks can come to that.
Formula ScheduleGraphBuilder::used_after_free_through_amalgam() {
    std::vector<Formula> terms;
    for (const AmalgamRead& amalgam : amalgam_reads_) {
        const Event& freed = graph_.event(amalgam.write);
        const auto after_free = [&](const StaticWrite& w) {
            const Event& source = graph_.event(w.event);
            return source.thread == freed.thread && source.instruction > amalgam.instruction;
        };
        std::vector<Address> near;
        std::ranges::copy_if(candidates_, std::back_inserter(near),
                             [&](const Address& a) { return reaches(a.va, amalgam.write); });
        const Formula entries = conflict(near, [&](const StaticWrite& v, const StaticWrite& w) {
            return !after_free(v) || !after_free(w);
        });
        terms.push_back(pool_.both(entries, read_from(amalgam.read, amalgam.write)));
    }
    return pool_.disjunction(terms);
}

Formula ScheduleGraphBuilder::conflict(
    const std::vector<Address>& addresses,
    const std::function<bool(const StaticWrite&, const StaticWrite&)>& which) {
    std::vector<Formula> terms;
    for (const WalkLevel& x : out_.accesses[0].walk) {
        for (const WalkLevel& y : out_.accesses[1].walk) {
            for (const WalkSource& s : x.sources) {
                for (const WalkSource& t : y.sources) {
                    const StaticWrite& v = out_.writes[s.write];
                    const StaticWrite& w = out_.writes[t.write];
                    if (!translates(v.value) || !translates(w.value) || !which(v, w)) continue;
                    const bool size_differs = x.level != y.level || v.value.contiguous != w.value.contiguous;
                    for (const Address& a : addresses) {
                        if (!tables_.serves(v, a.va) || !tables_.serves(w, a.va)) continue;
                        const bool differs =
                            size_differs || !same_translation(v.value, tables_.output_address(v, a.va),
                                                              w.value, tables_.output_address(w, a.va));
                        if (differs) terms.push_back(pool_.conjunction({s.chosen, t.chosen, a.chosen}));
                    }
                }
            }
        }
    }
    return pool_.disjunction(terms);
}

ScheduleGraph ScheduleGraphBuilder::build() {
    std::vector<std::string> names;
    for (const std::uint64_t va : schedule_.candidates) names.push_back(fmt::format("judged {:#x}", va));
    const std::vector<Formula> chosen =
        names.size() == 1 ? std::vector{true_formula} : graph_.choose_one(true_formula, names);
    for (std::size_t i = 0; i < chosen.size(); ++i) {
        candidates_.push_back({schedule_.candidates[i], chosen[i]});
        out_.judged.emplace_back(schedule_.candidates[i], chosen[i]);
    }
    collect_pages();
    add_initial_writes();
    add_threads();
    add_observers();
    add_scopes();
    add_same_page_pairs();
    add_completing_dsbs();
    finish_reads_and_coherence();
    if (question_.conflict) {
        const bool freed = question_.property == PropertyKind::no_use_after_free;
        out_.violated = freed ? used_after_free_through_amalgam() : conflict();
    } else {
        out_.violated = question_.property == PropertyKind::no_use_after_free ? used_after_free() : stale();
    }
    out_.named_choices = pool_.variables();
    return std::move(out_);
}

ScheduleGraph build_schedule_graph(const JudgedSchedule& schedule, const ScheduleQuestion& question) {
    // Relations over the events are bit matrices, and there are two at the least before any formula is made.
    std::uint64_t events = 0;
    for (const JudgedThread& thread : schedule.threads) events += thread.code.size();
    need_memory(events * events / 4);
    return ScheduleGraphBuilder(schedule, question).build();
}

bool conflict_conceivable(const JudgedSchedule& schedule) {
    const ReachableTables tables(schedule, schedule.candidates);
    for (const std::uint64_t va : schedule.candidates) {
        poll_now();
        const StaticWrite* first = nullptr;
        for (const StaticWrite& w : tables.writes()) {
            if (!translates(w.value) || !tables.serves(w, va)) continue;
            if (first == nullptr) first = &w;
            if (first->slot.level != w.slot.level || first->value.contiguous != w.value.contiguous)
                return true;
            if (!same_translation(first->value, tables.output_address(*first, va), w.value,
                                  tables.output_address(w, va))) {
                return true;
            }
        }
    }
    return false;
}

}  // namespace tlbcheck::model
