// SPDX-License-Identifier: Apache-2.0
//
// The instructions of an extracted schedule as a table of lines.
#include <fmt/format.h>

#include <algorithm>

#include "checker/engine/instruction_text.hpp"
#include "checker/extract/extract.hpp"
#include "checker/report/kernel_place.hpp"
#include "checker/text/text_tools.hpp"
#include "model/program/judged_schedule.hpp"

namespace tlbcheck::checker {
namespace {

constexpr std::size_t text_width = 46;

class Writer {
  public:
    Writer(const model::ScheduleProgram& program, bool whole, const Painter& painter)
        : program_(program), whole_(whole), painter_(painter) {}

    void thread(const model::ScheduleThread& thread) {
        out_ += fmt::format("thread {}: {} instructions\n", painter_(Tone::strong, thread.name),
                            model::instruction_count(thread));
        std::uint64_t number = 1;
        for (const model::Run& run : thread.code) number = this->run(run, number);
    }
    void notes() {
        for (const KernelNoteReport& note : kernel_notes(program_))
            if (whole_ || note.kind == model::KernelNote::Kind::warning) out_ += text_of(note) + "\n";
    }
    std::string take() { return std::move(out_); }

  private:
    std::uint64_t run(const model::Run& run, std::uint64_t number) {
        const std::string indent = run.count > 1 ? "    " : "  ";
        if (run.count > 1) out_ += fmt::format("  {} times:\n", run.count);
        for (const model::Instruction& in : run.body) {
            model::PlainInstruction plain;
            plain.operation = in.operation;
            std::string text = instruction_text(program_, program_.hardware, plain);
            if (run.count > 1) text += growth(in);
            out_ += fmt::format("{}{:>6}  {:<{}}  {}\n", indent, number, text, text_width, where(in));
            if (whole_) stack(in);
            ++number;
        }
        return number + run.body.size() * (run.count - 1);
    }
    static std::string growth(const model::Instruction& in) {
        if (in.va_step == 0 && in.pa_step == 0) return {};
        const auto signed_step = [](std::uint64_t step) {
            const auto value = static_cast<std::int64_t>(step);
            return value < 0 ? fmt::format("-0x{:x}", 0 - step) : fmt::format("+0x{:x}", step);
        };
        std::uint64_t step = in.va_step != 0 ? in.va_step : in.pa_step;
        // The operand of a TLBI by address holds the address in pages (a range operation in granules).
        if (std::holds_alternative<model::TlbiInstruction>(in.operation)) step <<= 12U;
        return fmt::format(" ({} each time)", signed_step(step));
    }
    std::string where(const model::Instruction& in) const {
        if (const auto* frames = kernel_stack(program_, in.kernel)) return text_of(shown_frame(*frames));
        const model::SourcePlace& place = in.helper_place.line != 0 ? in.helper_place : in.place;
        if (place.line == 0 || place.file >= program_.files.size()) return {};
        return fmt::format("{}:{}", program_.files[place.file], place.line);
    }
    void stack(const model::Instruction& in) {
        const auto* frames = kernel_stack(program_, in.kernel);
        if (frames == nullptr) return;
        for (const model::KernelFrame& frame : *frames)
            out_ += fmt::format("              {}\n", painter_(Tone::faint, text_of(frame)));
    }

    const model::ScheduleProgram& program_;
    bool whole_;
    const Painter& painter_;
    std::string out_;
};

}  // namespace

std::string extract_text(const model::ScheduleProgram& program, const std::string& file, bool whole,
                         const Painter& painter) {
    Writer writer(program, whole, painter);
    for (const model::ScheduleThread& thread : program.threads) writer.thread(thread);
    writer.notes();
    return fmt::format("{}\n", file) + writer.take();
}

}  // namespace tlbcheck::checker
