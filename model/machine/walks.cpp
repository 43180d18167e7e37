// SPDX-License-Identifier: Apache-2.0
//
// Steps of the machine that concern the judged walks (docs/formal-model.md section 2).
#include <algorithm>

#include "model/arch/leaf_change.hpp"
#include "model/machine/machine.hpp"

namespace tlbcheck::model {

namespace {

/// The entries a leaf read may leave (docs/formal-model.md section 2, "Entry span").
std::vector<EntrySpan> spans(ContiguousFill fill, const Descriptor& value) {
    if (!value.contiguous || fill == ContiguousFill::none) return {EntrySpan::own};
    if (fill == ContiguousFill::shattered) return {EntrySpan::shattered};
    if (fill == ContiguousFill::coalesced) return {EntrySpan::coalesced};
    return {EntrySpan::shattered, EntrySpan::coalesced};
}

}  // namespace

int Machine::location(const MachineState& state, std::size_t w) const {
    const WalkState& walk = state.walks[w];
    const auto level = static_cast<std::size_t>(walk.level);
    return scenario_.slot_location(w, walk.level, walk.generations[level]);
}

Descriptor Machine::leaf(const MachineState& state, std::size_t w) const {
    return scenario_.value(location(state, w),
                           state.walks[w].reads[static_cast<std::size_t>(state.walks[w].level)]);
}

Translation Machine::translation(const MachineState& state, std::size_t w) const {
    if (scenario_.guest()) return guest_translation(state, w);
    const WalkState& walk = state.walks[w];
    const StoredId id = walk.reads[static_cast<std::size_t>(walk.level)];
    return scenario_.translate(scenario_.from_sibling(w, walk.level), walk.level, leaf(state, w),
                               scenario_.is_garbage(id));
}

/// With no_bbm_violation the second walk has walk-cache entries only: it leads to the page stored to.
bool Machine::is_way(std::size_t w) const {
    return w == 1 && !is_under(w) && scenario_.question().kind == PropertyKind::no_bbm_violation;
}

bool Machine::wanted(std::size_t w, int level, int at, StoredId value, EntrySpan span) const {
    if (!wanted_ || is_way(w)) return true;
    const std::optional<WantedRead>& read = (*wanted_)[w][static_cast<std::size_t>(level)];
    // A witness leaves out what nothing writes.
    if (!read && is_under(w)) return value == 0;
    return read && read->location == at && read->value == value && (!read->span || *read->span == span);
}

void Machine::add_fills(const MachineState& state, std::size_t w, std::vector<MachineAction>& actions) const {
    const WalkState& walk = state.walks[w];
    const int at = location(state, w);
    if (is_under(w) && consumed(state, w)) return;
    if (scenario_.guest() && !is_under(w)) {
        const Ready stage2 = ready(state, w);
        const bool enough = stage2 == Ready::yes || (walk.leaf && stage2 == Ready::garbage);
        if (!enough || complete(state, w)) return;
    }
    if (walk.leaf && !is_under(w) && !complete(state, w)) {
        actions.push_back(
            {MachineAction::Kind::combine, 0, 0, static_cast<std::uint8_t>(w), EntrySpan::combined});
    }
    if (walk.leaf || at < 0) return;
    if (needs_context(w) && !walk.begun) {
        if (!may_begin(state, w)) return;
        if (scenario_.root_level() != scenario_.geometry().start_level()) {
            actions.push_back(
                {MachineAction::Kind::begin, 0, 0, static_cast<std::uint8_t>(w), EntrySpan::table});
            return;
        }
    }
    const StoredId id = state.memory[static_cast<std::size_t>(at)];
    const Descriptor value = scenario_.value(at, id);
    const bool sibling = scenario_.from_sibling(w, walk.level);
    const auto add = [&](EntrySpan span) {
        if (!wanted(w, walk.level, at, id, span)) return;
        actions.push_back({MachineAction::Kind::fill, 0, 0, static_cast<std::uint8_t>(w), span});
    };
    if (!value.cacheable() || !hit_allowed(w, value, scenario_.is_garbage(id))) return;
    if (scenario_.is_garbage(id)) {
        if (!sibling && !is_way(w)) add(EntrySpan::own);
        return;
    }
    if (value.kind == DescriptorKind::table) {
        if (!sibling && walk.level < 3) add(EntrySpan::table);
        return;
    }
    if (is_way(w)) return;
    if (!scenario_.geometry().has_leaf(walk.level)) return;
    if (sibling && !value.contiguous) return;
    for (const EntrySpan span : spans(scenario_.hardware().contiguous_fill, value)) {
        if (!sibling || span != EntrySpan::own) add(span);
    }
}

void Machine::fill(MachineState& state, const MachineAction& action) const {
    WalkState& walk = state.walks[action.walk];
    const auto level = static_cast<std::size_t>(walk.level);
    const int at = location(state, action.walk);
    walk.reads[level] = state.memory[static_cast<std::size_t>(at)];
    MachineEvent event;
    event.kind = StepKind::fill;
    event.walk = action.walk;
    event.span = action.span;
    walk.span = action.span;
    walk.begun = true;
    event.entry = walk;
    log(event);
    if (action.span == EntrySpan::table) {
        walk.generations[level + 1] = static_cast<std::uint32_t>(scenario_.value(at, walk.reads[level]).oa);
        ++walk.level;
    } else {
        walk.leaf = true;
    }
    meet_conflict(state);
}

/// The sources differ in nominal size (level, Contiguous) or in something that needs break-before-make.
bool Machine::conflict(const MachineState& state) const {
    const WalkState &a = state.walks[0], &b = state.walks[1];
    if (scenario_.question().mains() < 2) return false;
    if (!complete(state, 0) || !complete(state, 1) || !hit_by_one_access(state)) return false;
    const Translation first = translation(state, 0), second = translation(state, 1);
    if (first.garbage != second.garbage) return true;
    if (scenario_.guest()) {
        return !first.garbage &&
               conflicting(guest_leaf(state, 0), guest_leaf(state, 1), scenario_.hardware().contiguous_fill);
    }
    const std::vector<WalkTarget>& targets = scenario_.question().targets;
    return conflicting({leaf(state, 0), a.level, first.oa, targets[0].va},
                       {leaf(state, 1), b.level, second.oa, targets[1].va},
                       scenario_.hardware().contiguous_fill);
}

}  // namespace tlbcheck::model
