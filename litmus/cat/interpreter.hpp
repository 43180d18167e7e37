// SPDX-License-Identifier: Apache-2.0
//
// Evaluates the syntax tree of a cat model symbolically: names become relational expressions, functions are
// expanded where they are applied, conditions on variants are settled.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "litmus/cat/cat_reader.hpp"
#include "litmus/cat/syntax.hpp"
#include "litmus/cat/value.hpp"

namespace tlbcheck::litmus::cat {

/// Thrown where a name of herd's that has no meaning here is used.
class UnsupportedName : public InputError {
  public:
    UnsupportedName(const std::string& name, const Source& source, Place place)
        : InputError("'" + name + "' of herd is not supported", source, place), name_(name) {}
    const std::string& name() const { return name_; }

  private:
    std::string name_;
};

class Interpreter {
  public:
    Interpreter(IncludeResolver includes, const std::set<std::string>& variants);

    /// Runs the whole model. Throws InputError.
    CatModel run(const Source& text);

    // For native functions and procedures.
    Value make(const model::Rel& relation, std::initializer_list<const Value*> parts, const Span& span);
    Value make(const model::Set& set, std::initializer_list<const Value*> parts, const Span& span);
    model::Rel relation(const Value& value, const Span& span) const;
    model::Set set(const Value& value, const Span& span) const;
    /// The `count` components of a tuple.
    const std::vector<Value>& components(const Value& value, std::size_t count, const Span& span) const;
    void add_check(model::Check check) { result_.model.checks.push_back(std::move(check)); }
    [[noreturn]] void fail(const Span& span, std::string message, std::string hint = {}) const;

    Value unite(const Value& a, const Value& b, const Span& span);
    Value intersect(const Value& a, const Value& b, const Span& span);
    Value subtract(const Value& a, const Value& b, const Span& span);
    Value complement(const Value& a, const Span& span);
    Value sequence(const Value& a, const Value& b, const Span& span);
    Value product(const Value& a, const Value& b, const Span& span);
    Value postfix(ExpressionKind kind, const Value& a, const Span& span);
    Value identity(const Value& a, const Span& span);

  private:
    // Expressions (interpreter.cpp).
    Value evaluate(const Expression& e, const EnvironmentPointer& environment);
    /// Application, functions, bindings and conditions.
    Value evaluate_control(const Expression& e, const EnvironmentPointer& environment);
    [[noreturn]] void refuse(const Expression& e) const;
    Value evaluate_chain(const Expression& e, const EnvironmentPointer& environment);
    Value evaluate_name(const Expression& e, const EnvironmentPointer& environment);
    Value evaluate_attempt(const Expression& e, const EnvironmentPointer& environment);
    Value apply(const Value& function, const Value& argument, const Span& span);
    bool holds(const VariantCondition& condition) const;

    // Bindings (bindings.cpp).
    EnvironmentPointer bind(const EnvironmentPointer& outer, const std::string& name, Value value,
                            const Span& span) const;
    EnvironmentPointer bind(const EnvironmentPointer& outer, const Pattern& pattern, const Value& value,
                            const Span& span) const;
    Value evaluate_bound(const Expression& e, const EnvironmentPointer& environment, bool top_level);
    EnvironmentPointer bind_all(const std::vector<Binding>& bindings, const EnvironmentPointer& outer,
                                bool top_level);
    EnvironmentPointer bind_recursive(const std::vector<Binding>& bindings, const EnvironmentPointer& outer,
                                      bool top_level);
    EnvironmentPointer bind_functions(const std::vector<Binding>& bindings,
                                      const EnvironmentPointer& outer) const;
    EnvironmentPointer enter(const std::shared_ptr<const Closure>& closure, const Value& argument,
                             const Span& span) const;
    void define(const std::string& name, const Value& value);
    Value named(const std::string& name, Value value) const;
    Value function_value(const Expression& e, const EnvironmentPointer& environment) const;

    // Instructions (instructions.cpp).
    void execute(const std::vector<Instruction>& instructions);
    void execute(const Instruction& instruction);
    void include(const Instruction& instruction);
    void test(const Instruction& instruction);
    void call(const Instruction& instruction);
    void choose(const Instruction& instruction);
    void parse_file(const Source& source);

    void refuse_unsupported(const Value& value, const Span& span) const;
    void require_relational(const char* sign, const Value& a, const Value& b, const Span& span) const;
    void step(const Span& span);
    class Depth;

    IncludeResolver includes_;
    std::set<std::string> variants_;
    std::vector<Source> sources_;
    std::vector<std::unique_ptr<File>> files_;
    std::vector<std::string> open_files_;
    EnvironmentPointer environment_;
    bool at_top_level_ = true;
    CatModel result_;
    std::size_t steps_ = 0;
    std::size_t depth_ = 0;
};

/// What herd's stdlib.cat defines, and the functions with a native meaning.
EnvironmentPointer standard_environment();
/// The native meaning of a library function that the text defines too: the enumerations.
std::optional<Value> native_definition(const std::string& name);

}  // namespace tlbcheck::litmus::cat
