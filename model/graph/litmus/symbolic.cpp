// SPDX-License-Identifier: Apache-2.0
//
// Sets of values under conditions.
#include "model/graph/litmus/symbolic.hpp"

#include <utility>

namespace tlbcheck::model {

ValueId ValueTable::id(const LitmusValue& value) {
    const auto [it, fresh] = ids_.emplace(value, static_cast<ValueId>(values_.size()));
    if (fresh) values_.push_back(value);
    return it->second;
}

bool operator==(const Symbolic& a, const Symbolic& b) {
    if (a.alternatives.size() != b.alternatives.size()) return false;
    for (std::size_t i = 0; i < a.alternatives.size(); ++i) {
        if (a.alternatives[i].what != b.alternatives[i].what ||
            a.alternatives[i].when != b.alternatives[i].when)
            return false;
    }
    return true;
}

Symbolic ValueAlgebra::constant(const LitmusValue& value) {
    Symbolic result;
    result.alternatives.push_back({values_.id(value), logic::true_formula});
    return result;
}

Symbolic ValueAlgebra::normal(const std::map<ValueId, std::vector<Formula>>& terms, bool determined) {
    Symbolic result;
    result.determined = determined;
    for (const auto& [value, formulas] : terms) {
        const Formula when = pool_.disjunction(formulas);
        if (!when.is_false()) result.alternatives.push_back({value, when});
    }
    // One alternative holds wherever the value is used at all.
    if (result.alternatives.size() == 1) result.alternatives[0].when = logic::true_formula;
    result.determined = determined && result.alternatives.size() <= 1;
    return result;
}

Symbolic ValueAlgebra::map(const Symbolic& a, const Unary& f, const char* what) {
    std::map<ValueId, std::vector<Formula>> terms;
    for (const auto& x : a.alternatives) {
        if (const auto v = f(values_.value(x.what)))
            terms[values_.id(*v)].push_back(x.when);
        else
            faults_.push_back({x.when, what});
    }
    return normal(std::move(terms), a.determined);
}

Symbolic ValueAlgebra::map(const Symbolic& a, const Symbolic& b, const Binary& f, const char* what) {
    std::map<ValueId, std::vector<Formula>> terms;
    for (const auto& x : a.alternatives) {
        for (const auto& y : b.alternatives) {
            const Formula when = pool_.both(x.when, y.when);
            if (when.is_false()) continue;
            if (const auto v = f(values_.value(x.what), values_.value(y.what)))
                terms[values_.id(*v)].push_back(when);
            else
                faults_.push_back({when, what});
        }
    }
    return normal(std::move(terms), a.determined && b.determined);
}

Symbolic ValueAlgebra::apply(ValueOp op, const Symbolic& a, const Symbolic& b) {
    return map(
        a, b, [op](const LitmusValue& x, const LitmusValue& y) { return model::apply(op, x, y); },
        "arithmetic on values it has no meaning for");
}

Symbolic ValueAlgebra::zero_extend(const Symbolic& a, int bits) {
    if (bits >= 64) return a;
    return map(
        a, [bits](const LitmusValue& x) { return model::zero_extend(x, bits); },
        "an address or descriptor used as a narrow number");
}

Symbolic ValueAlgebra::sign_extend(const Symbolic& a, int bits) {
    if (bits >= 64) return a;
    return map(
        a, [bits](const LitmusValue& x) { return model::sign_extend(x, bits); },
        "an address or descriptor used as a narrow number");
}

Formula ValueAlgebra::where(const Symbolic& a, const std::function<bool(const LitmusValue&)>& test) {
    std::vector<Formula> yes;
    std::vector<Formula> no;
    for (const auto& x : a.alternatives) (test(values_.value(x.what)) ? yes : no).push_back(x.when);
    if (no.empty()) return yes.empty() ? logic::false_formula : logic::true_formula;
    if (yes.empty()) return logic::false_formula;
    // Alternatives cover everything, so the shorter side may be the one that is stated.
    return no.size() < yes.size() ? !pool_.disjunction(no) : pool_.disjunction(yes);
}

Formula ValueAlgebra::equal(const Symbolic& a, const Symbolic& b) {
    std::vector<Formula> terms;
    bool differs = false;
    for (const auto& x : a.alternatives) {
        for (const auto& y : b.alternatives) {
            if (x.what == y.what)
                terms.push_back(pool_.both(x.when, y.when));
            else
                differs = differs || !pool_.both(x.when, y.when).is_false();
        }
    }
    return differs || terms.empty() ? pool_.disjunction(terms) : logic::true_formula;
}

Formula ValueAlgebra::truth(const Symbolic& a) {
    return where(a, [](const LitmusValue& v) { return !v.is_zero(); });
}

Symbolic ValueAlgebra::choose(Formula guard, const Symbolic& a, const Symbolic& b) {
    if (guard.is_true() || a == b) return a;
    if (guard.is_false()) return b;
    return merge({{guard, a}, {!guard, b}});
}

Symbolic ValueAlgebra::merge(const std::vector<std::pair<Formula, Symbolic>>& parts) {
    bool all_same = true;
    bool determined = true;
    for (const auto& [guard, value] : parts) {
        all_same = all_same && value == parts.front().second;
        determined = determined && value.determined;
    }
    if (all_same) return parts.front().second;
    std::map<ValueId, std::vector<Formula>> terms;
    for (const auto& [guard, value] : parts) {
        for (const auto& x : value.alternatives) terms[x.what].push_back(pool_.both(guard, x.when));
    }
    return normal(std::move(terms), determined);
}

std::vector<ValueFault> ValueAlgebra::take_faults() {
    return std::exchange(faults_, {});
}

}  // namespace tlbcheck::model
