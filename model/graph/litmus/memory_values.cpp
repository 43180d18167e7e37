// SPDX-License-Identifier: Apache-2.0
//
// Values derived from the writes known so far until none is new.
#include "model/graph/litmus/memory_values.hpp"

#include <algorithm>
#include <iterator>
#include <unordered_map>

#include "model/limits/budget.hpp"

namespace tlbcheck::model {

namespace {

/// Beyond so many supports only what they have in common is kept.
constexpr std::size_t most_supports = 24;

/// Both in one execution, in which a write writes one value; nullopt where there is none.
std::optional<Support> joined(const Support& a, const Support& b) {
    Support result;
    result.origins.reserve(a.origins.size() + b.origins.size());
    std::ranges::merge(a.origins, b.origins, std::back_inserter(result.origins), {}, &Origin::write,
                       &Origin::write);
    std::size_t kept = 0;
    for (const Origin& o : result.origins) {
        if (kept == 0 || result.origins[kept - 1].write != o.write) {
            result.origins[kept++] = o;
            continue;
        }
        Origin& same = result.origins[kept - 1];
        if (same.value != o.value) return std::nullopt;
        same.observed = same.observed || o.observed;
    }
    result.origins.resize(kept);
    return result;
}

/// Whatever rules `weak` out rules `strong` out.
bool asks_for_all(const Support& strong, const Support& weak) {
    if (weak.writer && weak.writer != strong.writer) return false;
    auto at = strong.origins.begin();
    return std::ranges::all_of(weak.origins, [&](const Origin& o) {
        while (at != strong.origins.end() && at->write < o.write) ++at;
        return at != strong.origins.end() && at->write == o.write && at->value == o.value &&
               (at->observed || !o.observed);
    });
}

/// What both ask for.
Support common_part(const Support& a, const Support& b) {
    Support result;
    if (a.writer == b.writer) result.writer = a.writer;
    auto at = b.origins.begin();
    for (const Origin& o : a.origins) {
        while (at != b.origins.end() && at->write < o.write) ++at;
        if (at == b.origins.end() || at->write != o.write || at->value != o.value) continue;
        result.origins.push_back({o.write, o.value, o.observed && at->observed});
    }
    return result;
}

/// True if `s` says something that is not known.
bool insert(Supports& known, const Support& s) {
    poll();
    if (std::ranges::any_of(known, [&](const Support& k) { return asks_for_all(s, k); })) return false;
    std::erase_if(known, [&](const Support& k) { return asks_for_all(k, s); });
    known.push_back(s);
    if (known.size() <= most_supports) return true;
    Support common = known.front();
    for (const Support& k : known) common = common_part(common, k);
    known.assign(1, std::move(common));
    return true;
}

const Supports from_nothing{Support{}};

}  // namespace

/// The supports under which a formula of one round can hold.
class SupportFinder {
  public:
    SupportFinder(MemoryValues& memory, const FormulaPool& pool,
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
        Support own;
        if (read.key) own.origins.push_back({*read.key, memory_.values_.id(read.value)});
        Supports result;
        for (const LitmusValue& place : read.places) {
            const auto there = memory_.places_.find(place);
            if (there == memory_.places_.end()) continue;
            const auto by_value = there->second.find(read.value);
            if (by_value == there->second.end()) continue;
            for (const Support& s : by_value->second) {
                const auto seen = as_read(read, place, s);
                if (!seen) continue;
                if (const auto all = joined(*seen, own)) insert(result, *all);
            }
        }
        return result;
    }

    /// What a read says of where its value comes from; nullopt where it cannot read that.
    std::optional<Support> as_read(const MemoryValues::ReadValue& read, const LitmusValue& place,
                                   const Support& s) const {
        Support result{s.origins, {}};
        const auto writer = s.writer ? memory_.writers_.find(*s.writer) : memory_.writers_.end();
        if (writer == memory_.writers_.end() || writer->second.thread == read.thread) {
            for (Origin& o : result.origins) o.observed = false;
            return result;
        }
        const auto later_here = [&](const Origin& o) {
            const auto w = memory_.writers_.find(o.write);
            return o.observed && w != memory_.writers_.end() && w->second.thread == read.thread &&
                   w->second.instruction >= read.instruction && w->second.place == place;
        };
        if (std::ranges::any_of(result.origins, later_here)) return std::nullopt;
        return result;
    }

    MemoryValues& memory_;
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
    writers_.clear();
    for (const Written& w : written) {
        if (w.key) writers_[*w.key] = {w.thread, w.instruction, w.place};
    }
    while (changed) {
        changed = false;
        SupportFinder finder(*this, pool, reads);
        std::vector<std::pair<const Written*, Support>> found;
        for (const Written& w : written) {
            const Supports& supports = w.inherits && !any_origin_ ? finder.of(w.when) : from_nothing;
            for (Support s : supports) {
                s.writer.reset();
                for (Origin& o : s.origins) o.observed = o.observed && w.ordered;
                if (w.key && !any_origin_) {
                    const auto at = std::ranges::lower_bound(s.origins, *w.key, {}, &Origin::write);
                    if (at != s.origins.end() && at->write == *w.key) continue;  // depends on itself
                    s.origins.insert(at, Origin{*w.key, values_.id(w.value)});
                    s.writer = w.key;
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
