// SPDX-License-Identifier: Apache-2.0
//
// The TLBI that comes nearest to the entry, and the part of its scope that does not match.
#include "checker/advice/missed_scope.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace tlbcheck::checker {

namespace {

using model::TlbiScope;

/// A TLBI of the program; of a run, all iterations.
struct SentTlbi {
    const model::Instruction* instruction;
    std::size_t thread;
    std::uint64_t last_index;                           ///< of the last iteration, in the thread's execution
    TlbiScope scope;                                    ///< of the first iteration
    std::uint64_t first = 0, last = ~std::uint64_t{0};  ///< lowest and highest address that they name
    std::uint64_t count = 1;                            ///< of the iterations
    std::int64_t step = 0;                              ///< from one iteration's addresses to the next's
    bool in_arm = false;
};

std::vector<SentTlbi> tlbis_of(const model::ScheduleProgram& program, const model::Geometry& geometry) {
    std::vector<SentTlbi> result;
    for (std::size_t t = 0; t < program.threads.size(); ++t) {
        std::uint64_t executed = 0;
        int arms = 0;
        for (const model::Run& run : program.threads[t].code) {
            const std::uint64_t last_iteration = executed + (run.count - 1) * run.body.size();
            executed += run.count * run.body.size();
            for (std::size_t k = 0; k < run.body.size() && run.count != 0; ++k) {
                const model::Instruction& i = run.body[k];
                if (std::holds_alternative<model::Branch>(i.operation)) ++arms;
                if (std::holds_alternative<model::EndBranch>(i.operation)) --arms;
                const auto* tlbi = std::get_if<model::TlbiInstruction>(&i.operation);
                if (tlbi == nullptr) continue;
                SentTlbi c{&i, t, last_iteration + k, decode_tlbi(tlbi->op, tlbi->operand, geometry)};
                const auto end = std::get<model::TlbiInstruction>(instantiate(i, run.count - 1).operation);
                const TlbiScope at_end = decode_tlbi(end.op, end.operand, geometry);
                if (c.scope.first && at_end.first) {
                    c.first = std::min(*c.scope.first, *at_end.first);
                    c.last = std::max(*c.scope.last, *at_end.last);
                    const auto way = static_cast<std::int64_t>(*at_end.first - *c.scope.first);
                    c.count = run.count;
                    c.step = run.count > 1 ? way / static_cast<std::int64_t>(run.count - 1) : 0;
                }
                c.in_arm = arms > 0;
                result.push_back(std::move(c));
            }
        }
    }
    return result;
}

/// The first iteration that may name one of the entry's addresses: those between two iterations' none names.
std::uint64_t iteration_near(const SentTlbi& c, const model::CachedTranslation& entry) {
    const auto steps = [](std::uint64_t from, std::uint64_t to, std::uint64_t step) {
        return from >= to ? 0 : (to - from + step - 1) / step;
    };
    std::uint64_t n = 0;
    if (c.step > 0) n = steps(*c.scope.last, entry.first, static_cast<std::uint64_t>(c.step));
    if (c.step < 0) n = steps(entry.last, *c.scope.first, static_cast<std::uint64_t>(-c.step));
    return std::min(n, c.count - 1);
}

/// Of the iteration that comes nearest to the entry.
TlbiScope scope_near(const SentTlbi& c, const model::CachedTranslation& entry) {
    TlbiScope scope = c.scope;
    if (!scope.first) return scope;
    const std::uint64_t way = iteration_near(c, entry) * static_cast<std::uint64_t>(c.step);
    *scope.first += way;
    *scope.last += way;
    return scope;
}

bool names(const SentTlbi& c, const model::CachedTranslation& entry) {
    const TlbiScope scope = scope_near(c, entry);
    return !scope.first || (*scope.first <= entry.last && *scope.last >= entry.first);
}

/// One of the iterations has the entry in its scope.
bool covers(const SentTlbi& c, const model::CachedTranslation& entry) {
    return in_scope(scope_near(c, entry), entry);
}

model::PlainInstruction plain(const SentTlbi& c) {
    model::Instruction first = instantiate(*c.instruction, 0);
    return {std::move(first.operation), first.place, first.helper_place, 0, first.kernel};
}

std::string mismatch(const SentTlbi& c, const model::CachedTranslation& entry) {
    const TlbiScope& scope = c.scope;
    if (scope.nothing) return fmt::format("is not required to remove anything: {}", scope.why_nothing);
    const bool of_stage2 = entry.stage == model::CachedTranslation::Stage::stage2;
    if (of_stage2 && !scope.stage2) return "leaves entries of stage 2";
    if (!of_stage2 && !scope.stage1) return "invalidates stage 2 only";
    if (scope.regime != entry.regime)
        return fmt::format("is for {}; the entry is of {}", to_string(scope.regime), to_string(entry.regime));
    if (!entry.leaf && scope.last_level_only)
        return "is for the last level only and leaves table descriptors alone";
    if (scope.level_hint && entry.leaf && *scope.level_hint != entry.level) {
        return fmt::format("says by its TTL hint that the entry is of level {}; it is of level {}",
                           *scope.level_hint, entry.level);
    }
    if (scope.level_hint && !entry.leaf && entry.level >= *scope.level_hint) {
        return fmt::format("has the TTL hint {}, which leaves descriptors of level {} alone",
                           *scope.level_hint, entry.level);
    }
    if (scope.asid && entry.global && !entry.leaf) {
        return fmt::format(
            "names ASID {}; an entry of a global region's table descriptor is of whatever ASID it was "
            "walked with",
            *scope.asid);
    }
    if (scope.asid && !entry.global && !entry.asid)
        return fmt::format("is for ASID {}; the entry is of whatever ASID the PE had", *scope.asid);
    if (scope.asid && !entry.global && *scope.asid != entry.asid) {
        return fmt::format("is for ASID {}; the entry is of ASID {}", *scope.asid, *entry.asid);
    }
    return "does not have it in its scope";
}

}  // namespace

bool has_tlbi(const model::ScheduleProgram& program) {
    for (const model::ScheduleThread& thread : program.threads) {
        for (const model::Run& run : thread.code) {
            const auto tlbi = [](const model::Instruction& i) {
                return std::holds_alternative<model::TlbiInstruction>(i.operation);
            };
            if (run.count != 0 && std::ranges::any_of(run.body, tlbi)) return true;
        }
    }
    return false;
}

bool some_in_scope(const model::ScheduleProgram& program, const model::HardwareParameters& hardware,
                   const model::CachedTranslation& entry) {
    return std::ranges::any_of(tlbis_of(program, model::Geometry(hardware)),
                               [&](const SentTlbi& c) { return covers(c, entry); });
}

std::optional<LaterTlbi> in_scope_after(const model::ScheduleProgram& program,
                                        const model::HardwareParameters& hardware,
                                        const model::CachedTranslation& entry, const ExecutedAt& store) {
    std::optional<LaterTlbi> found;
    for (const SentTlbi& c : tlbis_of(program, model::Geometry(hardware))) {
        if (c.thread != store.thread || c.last_index <= store.index || !covers(c, entry)) continue;
        if (!c.in_arm) return LaterTlbi{plain(c), false};
        if (!found) found = LaterTlbi{plain(c), true};
    }
    return found;
}

MissedScope why_out_of_scope(const model::ScheduleProgram& program, const model::HardwareParameters& hardware,
                             const model::CachedTranslation& entry, const std::optional<ExecutedAt>& store,
                             bool by_address) {
    const model::Geometry geometry(hardware);
    std::vector<SentTlbi> all = tlbis_of(program, geometry);
    if (all.empty()) return {"the schedule has no TLBI", std::nullopt};
    const auto before = [&](const SentTlbi& c) {
        return store && c.thread == store->thread && c.last_index < store->index;
    };
    if (!std::ranges::all_of(all, before)) std::erase_if(all, before);
    const auto other_stage = [&](const SentTlbi& c) {
        return entry.stage == model::CachedTranslation::Stage::stage2 && !c.scope.stage2;
    };
    if (!std::ranges::all_of(all, other_stage)) std::erase_if(all, other_stage);
    if (by_address && !std::ranges::all_of(all, [&](const SentTlbi& c) { return names(c, entry); }))
        std::erase_if(all, [&](const SentTlbi& c) { return names(c, entry); });
    const auto named = std::ranges::find_if(all, [&](const SentTlbi& c) { return names(c, entry); });
    if (named != all.end()) {
        const auto& tlbi = std::get<model::TlbiInstruction>(named->instruction->operation);
        return {fmt::format("TLBI {} {}", to_string(tlbi.op), mismatch(*named, entry)), plain(*named)};
    }
    std::uint64_t first = ~std::uint64_t{0};
    std::uint64_t last = 0;
    for (const SentTlbi& c : all) {
        first = std::min(first, c.first);
        last = std::max(last, c.last);
    }
    const bool between = first <= entry.first && entry.last <= last;
    const bool per_page = !entry.leaf && hardware.walk_cache == model::WalkCache::per_page;
    return {(between ? fmt::format("of all the TLBIs that follow none names {:#x}", entry.first)
                     : fmt::format("the TLBIs that follow name {:#x} to {:#x}, and not {:#x}", first, last,
                                   entry.first)) +
                (per_page ? ", the page that the entry was filled for" : ""),
            plain(all.front())};
}

}  // namespace tlbcheck::checker
