// SPDX-License-Identifier: Apache-2.0
//
// What schedules add to Arm's model, and the order in which it is put together.
#include "model/axioms/schedule_model.hpp"

#include <algorithm>

namespace tlbcheck::model::axioms {

namespace {

/// Contexts (docs/formal-model.md section 9): a walk begins after the write of TTBR0 that it goes by, and
/// what its first T read was written before whatever follows the event that synchronises the next such write.
Rel context_order(const Definitions& d) {
    const Rel begin = rel("context-begin");
    const Rel reads = begin | begin >> plus(rel("walk"));
    return d.r("ctrl") >> set("MSR") | begin | reads >> d.r("fr") |
           rel("rf") >> rel("context-end") >> rel("po");
}

/// The first T against TLBIs: before those that follow the end of its context, after those that were complete
/// before it began. And before the first T of a context that began later: of a guest's walk, what it needs of
/// stage 2.
Rel context_time_line(const Definitions& d) {
    const Set TLBI = set("TLBI");
    const Rel ended = rel("context-end") >> rel("po");
    const Rel here = (d.r("local-hw-reqs") & (TLBI * set("MSR"))) >> rel("context-begin");
    const Rel elsewhere = (d.r("DSB-ob-wide") >> opt(d.r("ob")) >> set("MSR")) >> rel("context-begin");
    const Rel next = ended >> set("MSR") >> rel("context-begin");
    return rel("context-first") | next | ended >> TLBI | ended >> d.r("ob") >> TLBI | here | elsewhere;
}

}  // namespace

/// A fill is a real memory read made after those above it: what a T read was written before whatever
/// overwrites what a T further down read (X4: a table not yet reachable cannot have been cached).
void define_walk_order(Definitions& d) {
    const Rel walk = rel("walk");
    Rel order = walk | rel("rf") >> plus(walk) >> d.r("fr");
    if (d.variant("contexts")) order = order | context_order(d);
    d.define("walk-order", order);
}

/// "One time line": the steps of one walk and the TLBIs it meets happen in one order.
void define_time_line(Definitions& d) {
    const Set TLBI = set("TLBI");
    const Rel use_before_tlbi = inverse(rel("walk")) >> set("Table-TTD") >> rel("TLBI-after") >> TLBI;
    const Rel live_before_tlbi = rel("co-live") >> rel("TLBI-after") >> TLBI;
    const Rel before_tlbi = rel("TLBI-after") >> TLBI | use_before_tlbi | live_before_tlbi;
    // On the PE that issued them any DSB puts one TLBI before the next, on others only one that completes it
    // there.
    Rel next_here = d.r("local-hw-reqs") & (TLBI * TLBI);
    Rel next_elsewhere = d.r(d.variant("schedule") ? "DSB-ob-wide" : "DSB-ob") & (TLBI * TLBI);
    // Of TLBIs on two PEs, one that a DSB completed before the other was issued: needed where another thread,
    // told so by a flag, takes the second step of an invalidation.
    if (d.variant("tlbis-on-several-PEs")) {
        const Rel told = opt(d.r("ob")) >> TLBI;
        next_here = next_here | (TLBI >> d.r("DSB-ob") >> told & rel("ext"));
        next_elsewhere = next_elsewhere | (d.r("DSB-ob-wide") >> told & rel("ext"));
    }
    Rel steps = rel("walk") | rel("TLBI-after") | before_tlbi | (before_tlbi & rel("int")) >> next_here |
                next_elsewhere;
    if (d.variant("contexts")) steps = steps | context_time_line(d);
    const Rel line = d.define("walk-time-line", steps);
    d.model.checks.push_back({CheckKind::acyclic, "one-time-line", line, true, false});
}

Definitions schedule_definitions(const HardwareParameters& hardware, bool tlbis_on_several_pes,
                                 bool contexts) {
    Variants variants{"vmsa", "schedule"};
    if (contexts) variants.insert("contexts");
    if (tlbis_on_several_pes) variants.insert("tlbis-on-several-PEs");
    if (hardware.ets == 2) variants.insert("ETS2");
    if (hardware.ets == 3) variants.insert("ETS3");
    if (hardware.repeat_tlbi) variants.insert("repeat-TLBI");
    Definitions d(variants);
    define_fences(d);
    define_utilities(d);
    define_memory_attributes(d);
    define_bbm(d);
    define_dependencies(d);
    define_local_order(d);
    define_enumerations(d);
    define_hazards(d);
    define_observations(d);
    define_walk_order(d);
    define_external(d);
    define_time_line(d);
    define_internal(d);
    d.model.name = "AArch64 with contiguous fills and walks";
    d.model.flags.clear();
    return d;
}

Definitions schedule_definitions(const JudgedSchedule& schedule) {
    const auto invalidates = [](const JudgedThread& thread) {
        return std::ranges::any_of(thread.code, [](const PlainInstruction& i) {
            return std::holds_alternative<TlbiInstruction>(i.operation);
        });
    };
    return schedule_definitions(schedule.hardware, std::ranges::count_if(schedule.threads, invalidates) > 1,
                                schedule.program != nullptr && !schedule.program->spaces.empty());
}

}  // namespace tlbcheck::model::axioms
