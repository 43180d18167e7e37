// SPDX-License-Identifier: Apache-2.0
//
// What a cat expression denotes before any execution is known: mostly a relational expression, else a
// function, a tuple, or one of the enumerations a model chooses relations from.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "litmus/cat/syntax.hpp"
#include "model/relations/expr.hpp"

namespace tlbcheck::litmus::cat {

struct Value;
class Environment;
class Interpreter;

enum class ValueKind : std::uint8_t {
    set,
    relation,
    empty,     ///< `{}`: the empty set or relation
    universe,  ///< `_`: all events or all pairs
    tuple,
    function,
    native_function,
    procedure,
    native_procedure,
    pair_enumeration,  ///< of enumerate-ordered-pairs: tuple holds the pairs, then what orders some of them
                       ///< already
    unsupported,  ///< a name of herd's without a meaning here; an error where it is used, as unused ones are
                  ///< in herd
    coherence,    ///< of generate_cos: tuple holds the order that coherence extends
};

using NativeFunction = std::function<Value(Interpreter&, const Value& argument, const Span&)>;
using NativeProcedure =
    std::function<void(Interpreter&, const Value& argument, const Span&, const std::string& name)>;

/// Immutable list of bindings, innermost first.
using EnvironmentPointer = std::shared_ptr<const Environment>;

/// A function or procedure of the text, with what it can see. The syntax tree outlives it.
struct Closure {
    const Pattern* parameter = nullptr;
    const Expression* body = nullptr;                        ///< function
    const std::vector<Instruction>* instructions = nullptr;  ///< procedure
    const std::vector<Binding>* group = nullptr;  ///< `let rec` group it belongs to, bound anew at each call
    std::string self;                             ///< recursive procedure: its own name
    EnvironmentPointer environment;
};

struct Value {
    ValueKind kind = ValueKind::empty;
    model::NodePointer node;   ///< set, relation
    std::uint32_t height = 0;  ///< of the expression; bounds recursion of all that walk it later
    std::vector<Value> tuple;
    std::shared_ptr<const Closure> closure;
    std::string name;  ///< unsupported
    NativeFunction function;
    NativeProcedure procedure;
};

class Environment {
  public:
    Environment(std::string name, Value value, EnvironmentPointer outer)
        : name_(std::move(name)),
          value_(std::move(value)),
          outer_(std::move(outer)),
          size_(outer_ ? outer_->size_ + 1 : 1) {}
    /// The innermost binding of `name`, or nullptr.
    static const Value* find(const EnvironmentPointer& environment, std::string_view name) {
        for (const Environment* e = environment.get(); e != nullptr; e = e->outer_.get()) {
            if (e->name_ == name) return &e->value_;
        }
        return nullptr;
    }
    std::size_t size() const { return size_; }

  private:
    std::string name_;
    Value value_;
    EnvironmentPointer outer_;
    std::size_t size_;
};

/// "a relation", for messages.
const char* describe(ValueKind kind);

}  // namespace tlbcheck::litmus::cat
