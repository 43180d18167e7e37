// SPDX-License-Identifier: Apache-2.0
//
// One phrase for each kind of instruction.
#include "checker/engine/instruction_text.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "checker/report/kernel_place.hpp"
#include "model/program/context_text.hpp"
#include "model/program/slot_name.hpp"

namespace tlbcheck::checker {

namespace {

class Words {
  public:
    Words(const model::ScheduleProgram& program, const model::HardwareParameters& hardware)
        : program_(program), geometry_(hardware) {}

    std::string operator()(const model::StoreDescriptor& store) const {
        return fmt::format("{} = {}{}", slot_name(program_, geometry_, store.slot), to_string(store.value),
                           store.atomic ? ", atomically" : "");
    }
    std::string operator()(const model::TlbiInstruction& tlbi) const {
        return describe_tlbi(tlbi.op, tlbi.operand, geometry_);
    }
    std::string operator()(const model::Barrier& barrier) const { return to_string(barrier); }
    std::string operator()(const model::Access& access) const {
        return fmt::format("{} {}", is_store(access.kind) ? "store to" : "load of",
                           place(access.flag, access.va));
    }
    std::string operator()(const model::Await& await) const {
        return fmt::format("await {} = {}", place(await.flag, await.va), await.value);
    }
    std::string operator()(const model::Branch& branch) const {
        return branch_text(program_, geometry_, branch);
    }
    std::string operator()(const model::Otherwise& /*otherwise*/) const { return "else"; }
    std::string operator()(const model::EndBranch& /*end*/) const { return "end of if"; }
    std::string operator()(const model::Free& free) const {
        if (const auto* pages = std::get_if<std::pair<std::uint64_t, std::uint64_t>>(&free.what)) {
            return fmt::format("free {:#x}-{:#x}", pages->first, pages->first + (pages->second - 1));
        }
        const auto& page = std::get<model::TablePage>(free.what);
        return fmt::format("free the level {} table of {:#x}", page.level,
                           model::spaces::plain(page.va_base));
    }

    std::string operator()(const model::ContextChange& change) const {
        return context_text(program_, change);
    }

  private:
    std::string place(const std::optional<std::uint32_t>& flag, std::uint64_t va) const {
        if (!flag) return fmt::format("{:#x}", model::spaces::plain(va));
        return *flag < program_.flags.size() ? program_.flags[*flag] : fmt::format("flag {}", *flag);
    }

    const model::ScheduleProgram& program_;
    model::Geometry geometry_;
};

}  // namespace

std::string instruction_text(const model::ScheduleProgram& program, const model::HardwareParameters& hardware,
                             const model::PlainInstruction& instruction) {
    return std::visit(Words(program, hardware), instruction.operation);
}

std::string placed_instruction(const model::ScheduleProgram& program,
                               const model::HardwareParameters& hardware,
                               const model::PlainInstruction& instruction) {
    std::string text = instruction_text(program, hardware, instruction);
    if (const auto* stack = kernel_stack(program, instruction.kernel))
        return fmt::format("{} ({})", text, text_of(shown_frame(*stack)));
    if (instruction.place.line == 0) return text;
    if (instruction.place.file == 0) return fmt::format("{} (line {})", text, instruction.place.line);
    const Place place = place_of(program, instruction.place);
    return fmt::format("{} ({}:{})", text, std::filesystem::path(place.file).filename().string(), place.line);
}

std::string descriptor_text(const model::ScheduleProgram& program, const model::HardwareParameters& hardware,
                            const model::DescriptorSlot& slot) {
    return fmt::format("{} (level {}, {:#x})", slot_name(program, model::Geometry(hardware), slot),
                       slot.level, model::spaces::plain(slot.va));
}

}  // namespace tlbcheck::checker
