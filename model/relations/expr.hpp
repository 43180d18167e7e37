// SPDX-License-Identifier: Apache-2.0
//
// The relational vocabulary: sets of events and relations between them, as immutable expressions. The axioms
// (model/axioms/) and cat files (litmus/cat/) are written in it; two evaluators read it, one over bit sets
// for a concrete execution, one into formulas between bounds.
//
// Operators: `|`, `&`, `-` (cat `\`), `~`, `>>` (cat `;`), `S * T`, id(S) (cat `[S]`), inverse, opt, plus, star.
// C++ binds `>>` tighter than `&`, and `&` tighter than `|`; in cat `&` binds tighter than `;`: write parentheses.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tlbcheck::model {

enum class Op : std::uint8_t {
    // sets
    set_primitive,
    set_empty,
    set_universe,
    set_union,
    set_inter,
    set_diff,
    set_complement,
    domain,
    range,
    // relations
    rel_primitive,
    rel_empty,
    rel_universe,
    rel_id,
    rel_union,
    rel_inter,
    rel_diff,
    rel_complement,
    sequence,
    inverse,
    optional,
    plus,
    star,
    product,
    identity_on,
    rel_fixpoint,
    rel_variable,
};

struct Node;
using NodePointer = std::shared_ptr<const Node>;

struct Node {
    Op op;
    std::string
        name;  ///< primitive's or variable's cat name; or, on any node, the name it is defined by ("DSB-ob")
    std::vector<NodePointer> operands;
    /// rel_fixpoint: least solution of variables[i] = operands[i] (mutually recursive); this node is number
    /// `index`.
    std::vector<NodePointer> variables;
    std::size_t index = 0;
};

bool is_set(Op op);

/// A set of events.
class Set {
  public:
    explicit Set(NodePointer node) : node_(std::move(node)) {}
    const NodePointer& node() const { return node_; }

  private:
    NodePointer node_;
};

/// A binary relation over events.
class Rel {
  public:
    explicit Rel(NodePointer node) : node_(std::move(node)) {}
    const NodePointer& node() const { return node_; }

  private:
    NodePointer node_;
};

/// A primitive set or relation of the event graph, by its cat name ("TLBI", "po", "iico_data", ...).
Set set(std::string_view cat_name);
Rel rel(std::string_view cat_name);
Set empty_set();
Set universe_set();
Rel empty_rel();
Rel universe_rel();
Rel id();

Set operator|(const Set& a, const Set& b);
Set operator&(const Set& a, const Set& b);
Set operator-(const Set& a, const Set& b);
Set operator~(const Set& a);
Set domain(const Rel& r);
Set range(const Rel& r);

Rel operator|(const Rel& a, const Rel& b);
Rel operator&(const Rel& a, const Rel& b);
Rel operator-(const Rel& a, const Rel& b);
Rel operator~(const Rel& a);
Rel operator>>(const Rel& a, const Rel& b);
/// [S]; r and r; [S]: the brackets are implied.
Rel operator>>(const Set& a, const Rel& b);
Rel operator>>(const Rel& a, const Set& b);
Rel operator*(const Set& a, const Set& b);
Rel id(const Set& s);
Rel inverse(const Rel& r);
Rel opt(const Rel& r);
Rel plus(const Rel& r);
Rel star(const Rel& r);

/// The same expression under the name by which reports and messages call it (the cat name, "TLBI-ob").
Rel named(std::string_view cat_name, const Rel& r);
Set named(std::string_view cat_name, const Set& s);

/// Mutually recursive relations (cat `let rec`): make the variables, build bodies from them, close with
/// fixpoint().
Rel rel_variable(std::string_view cat_name);
std::vector<Rel> fixpoint(const std::vector<Rel>& variables, const std::vector<Rel>& bodies);

/// Cat-like text of an expression, definitions by name; for messages and the comparison with cat text.
std::string to_string(const Rel& r);
std::string to_string(const Set& s);

}  // namespace tlbcheck::model
