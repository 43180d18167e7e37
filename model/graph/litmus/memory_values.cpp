// SPDX-License-Identifier: Apache-2.0
#include "model/graph/litmus/memory_values.hpp"

#include <algorithm>
#include <iterator>
#include <unordered_map>

namespace tlbcheck::model {

namespace {

/// Beyond so many supports only what they have in common is kept.
constexpr std::size_t most_supports = 16;

/// Both supports in one execution, in which a write writes one value.
std::optional<Support> joined(const Support& a, const Support& b) {
    Support result;
    result.reserve(a.size() + b.size());
    std::ranges::set_union(a, b, std::back_inserter(result));
    const auto same_write = [](const auto& x, const auto& y) { return x.first == y.first; };
    if (std::ranges::adjacent_find(result, same_write) != result.end()) return std::nullopt;
    return result;
}

/// True if `s` says something that is not known.
bool insert(Supports& known, const Support& s) {
    if (std::ranges::any_of(known, [&](const Support& k) { return std::ranges::includes(s, k); }))
        return false;
    std::erase_if(known, [&](const Support& k) { return std::ranges::includes(k, s); });
    known.push_back(s);
    if (known.size() <= most_supports) return true;
    Support common = known.front();
    for (const Support& k : known) {
        Support both;
        std::ranges::set_intersection(common, k, std::back_inserter(both));
        common = std::move(both);
    }
    known.assign(1, std::move(common));
    return true;
}

const Supports from_nothing{Support{}};

}  // namespace

/// The supports under which a formula of one round can hold.
class SupportFinder {
  public:
    SupportFinder(const MemoryValues& memory, const FormulaPool& pool,
                  const std::map<std::uint32_t, MemoryValues::ReadValue>& reads)
        : memory_(memory), pool_(pool), reads_(reads) {}

    const Supports& of(Formula f) {
        const auto known = memo_.find(f.code());
        if (known != memo_.end()) return known->second;
        Supports found = compute(f);
        return memo_.emplace(f.code(), std::move(found)).first->second;
    }

  private:
    Supports compute(Formula f) {
        if (f.is_true()) return from_nothing;
        if (f.is_false()) return {};
        const auto read = reads_.find(f.code());
        if (read != reads_.end()) return of_read(read->second);
        if (pool_.kind(f) != logic::NodeKind::conjunction) return from_nothing;
        if (f.negated()) {
            Supports result;
            for (const Formula operand : pool_.operands(f)) {
                for (const Support& s : of(!operand)) insert(result, s);
            }
            return result;
        }
        Supports result = from_nothing;
        for (const Formula operand : pool_.operands(f)) {
            const Supports& more = of(operand);
            Supports both;
            for (const Support& a : result) {
                for (const Support& b : more) {
                    if (const auto s = joined(a, b)) insert(both, *s);
                }
            }
            result = std::move(both);
        }
        return result;
    }

    Supports of_read(const MemoryValues::ReadValue& read) const {
        Supports result;
        for (const LitmusValue& place : read.places) {
            const auto there = memory_.places_.find(place);
            if (there == memory_.places_.end()) continue;
            const auto by_value = there->second.find(read.value);
            if (by_value == there->second.end()) continue;
            for (const Support& s : by_value->second) insert(result, s);
        }
        return result;
    }

    const MemoryValues& memory_;
    const FormulaPool& pool_;
    const std::map<std::uint32_t, MemoryValues::ReadValue>& reads_;
    std::unordered_map<std::uint32_t, Supports> memo_;
};

std::vector<LitmusValue> MemoryValues::at(const LitmusValue& place) const {
    std::vector<LitmusValue> result;
    const auto it = places_.find(place);
    if (it == places_.end()) return result;
    for (const auto& [value, supports] : it->second) result.push_back(value);
    return result;
}

std::size_t MemoryValues::most_at_one_place() const {
    std::size_t most = 0;
    for (const auto& [place, values] : places_) most = std::max(most, values.size());
    return most;
}

WriteKey MemoryValues::key(const std::vector<int>& name, const LitmusValue& place) {
    return keys_.emplace(std::pair(name, place), static_cast<WriteKey>(keys_.size())).first->second;
}

bool MemoryValues::add(const FormulaPool& pool, const std::map<std::uint32_t, ReadValue>& reads,
                       std::span<const Written> written) {
    bool grown = false;
    bool changed = true;
    while (changed) {
        changed = false;
        SupportFinder finder(*this, pool, reads);
        std::vector<std::pair<const Written*, Support>> found;
        for (const Written& w : written) {
            const Supports& supports = w.inherits ? finder.of(w.when) : from_nothing;
            for (Support s : supports) {
                if (w.key) {
                    const std::pair own(*w.key, values_.id(w.value));
                    const auto at = std::ranges::lower_bound(s, own.first, {}, &Support::value_type::first);
                    if (at != s.end() && at->first == own.first) continue;  // depends on itself
                    s.insert(at, own);
                }
                found.emplace_back(&w, std::move(s));
            }
        }
        for (const auto& [w, s] : found) {
            ByValue& here = places_[w->place];
            const auto [it, fresh] = here.try_emplace(w->value);
            grown = grown || fresh;
            if (insert(it->second, s)) changed = true;
        }
    }
    return grown;
}

}  // namespace tlbcheck::model
