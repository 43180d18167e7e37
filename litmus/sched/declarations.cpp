// SPDX-License-Identifier: Apache-2.0
//
// Params, -D and hardware settings; regions are in regions.cpp.

#include "litmus/sched/declarations.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "litmus/sched/builtins.hpp"
#include "litmus/sched/machine_member.hpp"

namespace tlbcheck::litmus::sched {
namespace {

constexpr std::uint64_t most_number = ~std::uint64_t{0};

/// Nothing of the file is known to the value of a -D option.
void check_define(const Expression& expression, const Source& source) {
    if (expression.kind == ExpressionKind::call || expression.kind == ExpressionKind::member ||
        (expression.kind == ExpressionKind::name && !is_word(expression.text))) {
        fail({source, expression.spot.place},
             "the value of a param given by -D is a number, true, false, or a word of the language");
    }
    for (const ExpressionPtr& operand : expression.operands) check_define(*operand, source);
}

}  // namespace

Declarations::Declarations(const SyntaxTree& tree,
                           const std::vector<std::pair<std::string, std::string>>& defines)
    : Evaluator(tree) {
    std::vector<std::string> names;
    for (const ParamItem& param : tree.params) names.push_back(param.name);
    for (const auto& [name, text] : defines) {
        const Source source = make_source(fmt::format("-D {}", printable(name, 60)), text);
        if (std::find(names.begin(), names.end(), name) == names.end()) {
            const std::string hint =
                did_you_mean(name, names, names.empty() ? "the file declares no param" : "");
            fail({source, {}},
                 fmt::format("{} has no param '{}'", printable(tree.sources[0]->name, 200),
                             printable(name, 60)),
                 hint);
        }
        ExpressionPtr value = parse_expression_text(source);
        check_define(*value, source);
        defines_[name] = std::move(value);
    }
}

Value Declarations::name_value(const Expression& expression) {
    if (const auto known = known_.find(expression.text); known != known_.end()) return known->second;
    for (const ParamItem& param : tree().params) {
        if (param.name != expression.text) continue;
        const auto define = defines_.find(param.name);
        Value value = evaluate(define != defines_.end() ? *define->second : *param.value);
        if (hardware_) known_.emplace(param.name, value);
        return value;
    }
    return Word{expression.text};
}

Value Declarations::machine_value(const Expression& expression) {
    if (!hardware_) error(expression.spot, "the machine block cannot depend on the machine");
    return machine_member(*hardware_, expression.text);
}

Value Declarations::call_value(const Expression& expression) {
    if (expression.text == "min" || expression.text == "max") {
        const Affine a = number(*expression.arguments[0].value);
        const Affine b = number(*expression.arguments[1].value);
        return (a.base < b.base) == (expression.text == "min") ? a : b;
    }
    error(expression.spot, fmt::format("'{}' has no value outside of a thread", expression.text));
}

Value Declarations::member_value(const Expression& expression, const Span& /*span*/) {
    error(expression.spot, "a declaration has no stretches of addresses");
}

void Declarations::set_hardware_known(const model::HardwareParameters& hardware) {
    hardware_ = hardware;
    known_.clear();
}

std::map<std::string, Value> Declarations::params() {
    for (const ParamItem& param : tree().params) {
        Expression name;
        name.kind = ExpressionKind::name;
        name.text = param.name;
        name.spot = param.spot;
        known_.insert_or_assign(param.name, name_value(name));
    }
    return known_;
}

std::string Declarations::setting_text(const Setting& setting) {
    const Value value = evaluate(*setting.value);
    if (const auto* word = std::get_if<Word>(&value)) return word->text;
    const Affine number = number_of(value, setting.value->spot);
    if (number.base < 0 || number.base > static_cast<Wide>(most_number)) return "?";
    return fmt::format("{}", static_cast<std::uint64_t>(number.base));
}

HardwareOverrides Declarations::settings(const std::vector<Setting>& settings) {
    HardwareOverrides result;
    for (const Setting& setting : settings) {
        const auto& keys = hardware_keys();
        if (std::find(keys.begin(), keys.end(), setting.key) == keys.end()) {
            error(
                setting.spot, fmt::format("there is no hardware parameter '{}'", printable(setting.key, 40)),
                did_you_mean(setting.key, keys, fmt::format("the parameters are {}", fmt::join(keys, ", "))));
        }
        const std::string wrong = set_hardware(result, setting.key, setting_text(setting));
        if (!wrong.empty()) error(setting.value->spot, wrong);
    }
    return result;
}

HardwareOverrides Declarations::machine() {
    HardwareOverrides result;
    std::map<std::string, Spot> seen;
    for (const auto& block : tree().machines) {
        for (const Setting& setting : block) {
            const auto [first, fresh] = seen.emplace(setting.key, setting.spot);
            if (fresh) continue;
            Diagnostic diagnostic{
                Severity::error,
                fmt::format("'{}' of the machine is given twice", printable(setting.key, 40)),
                tree().sources[setting.spot.file],
                setting.spot.place,
                {},
                {}};
            diagnostic.notes.push_back(
                {"the first is here", tree().sources[first->second.file], first->second.place});
            throw InputError(diagnostic);
        }
        result = merged(result, settings(block));
    }
    return result;
}

}  // namespace tlbcheck::litmus::sched
