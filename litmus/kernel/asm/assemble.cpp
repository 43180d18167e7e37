// SPDX-License-Identifier: Apache-2.0
//
// From a listing to micro-ops: the sections of code one after the other, an Alternative before what may be
// replaced, the branches of static keys and the BRKs of the bug table in the places of their instructions.

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "litmus/kernel/asm/error.hpp"
#include "litmus/kernel/asm/instruction.hpp"
#include "litmus/kernel/asm/operands.hpp"
#include "litmus/kernel/asm/program.hpp"
#include "litmus/kernel/asm/tables.hpp"
#include "litmus/kernel/asm/text.hpp"

namespace tlbcheck::litmus::kernel::assembly {
namespace {

/// The kernel's functions that make NOPs of what they are given. kvm_update_va_mask does in a VHE kernel;
/// elsewhere it makes EL2's address of a pointer, which here is the one that EL1 has.
bool patches_nops(std::string_view callback) {
    return callback == "alt_cb_patch_nops" || callback == "kvm_update_va_mask";
}
constexpr std::string_view past_the_end = "inline assembly: it runs past the end of a section";

class Linker {
  public:
    Linker(const Listing& listing, Tables tables, std::size_t labels)
        : listing_(listing), tables_(std::move(tables)), labels_(labels) {}

    std::vector<MicroOp> link() {
        place_all();
        for (std::size_t i = 0; i < listing_.sections.size(); ++i)
            if (listing_.sections[i].executable) emit_section(i);
        return std::move(ops_);
    }

  private:
    /// First pass: where each instruction's micro-ops begin. An instruction is one micro-op; an Alternative
    /// stands before the first instruction that it may replace, a jump back behind the last one of a
    /// replacement, a jump out behind a section.
    void place_all() {
        for (std::size_t i = 0; i < listing_.sections.size(); ++i) {
            const Section& section = listing_.sections[i];
            if (!section.executable) continue;
            for (const Item& item : section.items) {
                const Location here{i, item.offset};
                place(here);
                if (begins_alternative(here)) ++next_;
                ++next_;
            }
            place({i, section.size});
            ++next_;
        }
        end_ = next_;
    }

    void place(Location here) {
        next_ += static_cast<Target>(returns_at(here).size());
        entry_[here] = next_;
    }

    bool begins_alternative(Location here) const {
        return std::any_of(tables_.alternatives.begin(), tables_.alternatives.end(),
                           [&](const AlternativeEntry& each) { return each.begin == here; });
    }

    /// The replacements that end here, each once.
    std::vector<const AlternativeEntry*> returns_at(Location here) const {
        std::vector<const AlternativeEntry*> result;
        for (const AlternativeEntry& each : tables_.alternatives) {
            if (!each.replacement) continue;
            const Location end{each.replacement->section, each.replacement->offset + each.replacement_bytes};
            const bool seen = std::any_of(result.begin(), result.end(), [&](const AlternativeEntry* other) {
                return other->replacement == each.replacement;
            });
            if (end == here && !seen) result.push_back(&each);
        }
        return result;
    }

    Target entry_at(Location here) const {
        const auto found = entry_.find(here);
        if (found == entry_.end())
            throw AsmError("inline assembly: a branch into the middle of an instruction");
        return found->second;
    }

    std::optional<Target> target(std::string_view label) const {
        if (const auto index = label_of_symbol(label); index && *index < labels_)
            return first_label + static_cast<Target>(*index);
        if (const auto place = listing_.label(label)) return entry_at(*place);
        return std::nullopt;
    }

    void emit_section(std::size_t index) {
        const Section& section = listing_.sections[index];
        const Surroundings around{listing_, [this](std::string_view label) { return target(label); }};
        for (const Item& item : section.items) {
            const Location here{index, item.offset};
            emit_returns(here);
            emit_alternative(here);
            ops_.push_back(instruction(here, item, around));
        }
        emit_returns({index, section.size});
        ops_.push_back(index == 0 ? MicroOp(jump_to(end_))
                                  : MicroOp(Refused{std::string(past_the_end), true}));
    }

    static Branch jump_to(Target target) {
        Branch result;
        result.target = target;
        return result;
    }

    void emit_returns(Location here) {
        for (const AlternativeEntry* each : returns_at(here)) ops_.emplace_back(jump_to(entry_at(each->end)));
    }

    void emit_alternative(Location here) {
        if (!begins_alternative(here)) return;
        Alternative result;
        for (const AlternativeEntry& each : tables_.alternatives) {
            if (each.begin != here) continue;
            Alternative::Choice choice;
            choice.capability = each.capability;
            if (each.replacement)
                choice.target = entry_at(*each.replacement);
            else if (patches_nops(each.callback))
                choice.target = entry_at(each.end);
            else
                choice.refused =
                    fmt::format("inline assembly: code that {} writes while the kernel boots", each.callback);
            result.choices.push_back(std::move(choice));
        }
        ops_.emplace_back(std::move(result));
    }

    MicroOp instruction(Location here, const Item& item, const Surroundings& around) const {
        for (const JumpEntry& each : tables_.jumps)
            if (each.code == here) return static_key(each);
        for (const BugEntry& each : tables_.bugs)
            if (each.code == here) return trap(each, item);
        try {
            return decode_instruction(item.source, around);
        } catch (const AsmError& error) {
            // Only where it is executed: it may stand in a body that no machine asked about takes.
            return Refused{error.what()};
        }
    }

    StaticKey static_key(const JumpEntry& entry) const {
        StaticKey result;
        const auto argument = argument_of_symbol(entry.key);
        if (!argument)
            throw AsmError(fmt::format("inline assembly: a static key '{}' that is no operand", entry.key));
        result.argument = *argument;
        result.addend = entry.key_addend;
        const auto label =
            entry.target_place ? std::optional(entry_at(*entry.target_place)) : target(entry.target);
        if (!label) throw AsmError("inline assembly: a static key that branches out of the template");
        result.target = *label;
        return result;
    }

    static Trap trap(const BugEntry& entry, const Item& item) {
        if (!trim(item.source).starts_with("brk"))
            throw AsmError(
                fmt::format("instruction '{}': __bug_table names it, but it is no BRK", item.source));
        return {entry.warning, entry.file, entry.line};
    }

    const Listing& listing_;
    Tables tables_;
    std::size_t labels_;
    std::map<Location, Target> entry_;  ///< where control enters at a place
    Target next_ = 0;
    Target end_ = 0;
    std::vector<MicroOp> ops_;
};

void check_tables(const Listing& listing, const Tables& tables) {
    const auto code_at = [&](Location place) {
        const Section& section = listing.sections.at(place.section);
        return section.executable && place.offset < section.size && place.offset % 4 == 0;
    };
    for (const JumpEntry& each : tables.jumps)
        if (!code_at(each.code))
            throw AsmError("inline assembly: __jump_table names a place that is no instruction");
    for (const BugEntry& each : tables.bugs)
        if (!code_at(each.code))
            throw AsmError("inline assembly: __bug_table names a place that is no instruction");
    for (const AlternativeEntry& each : tables.alternatives)
        if (!code_at(each.begin) || each.end.offset > listing.sections[each.begin.section].size)
            throw AsmError("inline assembly: .altinstructions names a place that is no instruction");
}

std::vector<unsigned> capabilities_of(const Tables& tables) {
    std::vector<unsigned> result;
    for (const AlternativeEntry& each : tables.alternatives) result.push_back(each.capability);
    std::sort(result.begin(), result.end());
    result.erase(std::unique(result.begin(), result.end()), result.end());
    return result;
}

}  // namespace

Program assemble(const Site& site) {
    const PrintedTemplate printed = print_template(site);
    const Listing listing = lay_out(printed.text);
    Tables tables = read_tables(listing);
    check_tables(listing, tables);
    Program program;
    program.capabilities = capabilities_of(tables);
    for (const Operand& operand : printed.operands) {
        if (operand.label) ++program.labels;
        if (operand.argument && operand.reg) program.inputs.push_back({*operand.argument, *operand.reg});
        if (operand.output && !operand.argument)
            program.outputs.push_back({program.outputs.size(), operand.reg.value()});
    }
    program.ops = Linker(listing, std::move(tables), program.labels).link();
    return program;
}

std::vector<std::string> defined_functions(std::string_view text) {
    const Listing listing = lay_out(text);
    std::vector<std::string> result;
    for (const auto& [name, place] : listing.labels) {
        const Section& section = listing.sections[place.section];
        if (section.executable && place.offset < section.size && !name.starts_with(".L") &&
            name.find('@') == std::string::npos)
            result.push_back(name);
    }
    return result;
}

}  // namespace tlbcheck::litmus::kernel::assembly
