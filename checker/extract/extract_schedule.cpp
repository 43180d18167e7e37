// SPDX-License-Identifier: Apache-2.0
//
// Instructions written as a schedule. A run becomes a loop whose variable gives the addresses; the loop is
// over what its addresses step by: pages, contiguous sets, tables.

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <map>

#include "checker/engine/instruction_text.hpp"
#include "checker/extract/extract.hpp"
#include "checker/report/kernel_place.hpp"
#include "litmus/diagnostics.hpp"
#include "litmus/sched/schedule.hpp"
#include "model/program/judged_schedule.hpp"

namespace tlbcheck::checker {
namespace {

using model::DescriptorKind;

constexpr std::uint64_t page_bytes = 4096;
constexpr int ttl_shift = 44;
constexpr int asid_shift = 48;
constexpr std::uint64_t va_field = (std::uint64_t{1} << ttl_shift) - 1;

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

/// `for (x : list)` whose items begin at `base`, `stride` apart.
struct Loop {
    std::uint64_t base = 0, stride = 0, count = 1;
    std::string list;
};

bool executable(model::Attr attributes, bool global) {
    return has(attributes, model::execute_right(global));
}

class ScheduleWriter {
  public:
    explicit ScheduleWriter(const model::ScheduleProgram& program)
        : program_(program), geometry_(program.hardware) {}

    std::string write() {
        // An address alone does not say of which space it is.
        if (!program_.spaces.empty())
            throw litmus::InputError("a schedule with spaces or VMs is not written as statements", nullptr,
                                     {},
                                     "tlbcheck extract without -o, or with --json, tells every instruction");
        out_ = fmt::format("schedule \"{}\";\n", program_.title.empty() ? "extracted" : program_.title);
        machine();
        for (const model::Region& region : program_.regions) declare(region);
        for (const std::string& flag : program_.flags) out_ += fmt::format("flag {};\n", flag);
        for (const model::ScheduleThread& thread : program_.threads) {
            out_ += fmt::format("\nthread {} {{\n", thread.name);
            for (const model::Run& run : thread.code) this->run(run);
            out_ += "}\n";
        }
        out_ += "\n";
        for (const model::Property& property : program_.properties) {
            const std::string question =
                fmt::format("{} {}", property.expect_violation ? "witness" : "assert", property.text);
            // Other hardware may have been given other instructions than those above.
            out_ += property.hardware == program_.hardware
                        ? question + ";\n"
                        : fmt::format("// on other hardware: {} with {{ {}; }};\n", question,
                                      fmt::join(property.differs, "; "));
        }
        return std::move(out_);
    }

  private:
    void machine() {
        const auto differs = litmus::sched::differs_from_default(program_.hardware);
        if (!differs.empty()) out_ += fmt::format("machine {{ {}; }}\n", fmt::join(differs, "; "));
    }

    void declare(const model::Region& region) {
        out_ += fmt::format("region {} {{ va = 0x{:x}; pa = 0x{:x}; size = 0x{:x}; level = {};", region.name,
                            region.va, region.pa, region.size, region.level);
        if (region.contiguous) out_ += " contiguous = true;";
        if (!region.writable) out_ += " ap = ro;";
        if (has(region.attributes, model::Attr::device_ngnre)) out_ += " attr = device;";
        if (has(region.attributes, model::Attr::onc)) out_ += " attr = normal_nc;";
        if (!region.global) out_ += fmt::format(" asid = {};", region.asid);
        if (executable(region.attributes, region.global)) out_ += " exec = true;";
        if (!region.mapped) out_ += " mapped = false;";
        out_ += " }\n";
    }

    /// What the run's addresses step by: that of its first store, else of its first TLBI by address.
    Loop loop_of(const model::Run& run) const {
        Loop loop;
        loop.count = run.count;
        loop.stride = page_bytes;
        for (const model::Instruction& in : run.body) {
            const auto* store = std::get_if<model::StoreDescriptor>(&in.operation);
            if (store == nullptr || in.va_step == 0) continue;
            loop.base = store->slot.va;
            const model::Region* const region = model::region_of(program_.regions, loop.base);
            if (region != nullptr && region->level < 3 && region->level == store->slot.level &&
                in.va_step == geometry_.entry_bytes(region->level))
                loop.list = "leaves({})";
            else if (in.va_step == geometry_.table_bytes(3))
                loop.list = "tables({}, 3)";
            else if (store->slot.level == 3 && in.va_step == geometry_.contiguous_bytes(3))
                loop.list = "sets({})";
            else if (in.va_step == page_bytes)
                loop.list = "pages({})";
            if (!loop.list.empty() && loop.base % in.va_step == 0) {
                loop.stride = in.va_step;
                loop.list = fmt::format(fmt::runtime(loop.list), range(loop.base, run.count * loop.stride));
                return loop;
            }
        }
        // A loop that only counts.
        loop.base = 0;
        loop.stride = page_bytes;
        loop.list = fmt::format("pages({})", range(0, run.count * page_bytes));
        return loop;
    }

    static std::string range(std::uint64_t first, std::uint64_t bytes) {
        return fmt::format("range(0x{:x}, 0x{:x})", first, first + bytes);
    }

    void run(const model::Run& run) {
        loop_ = {};
        std::string indent = "    ";
        if (run.count > 1) {
            loop_ = loop_of(run);
            out_ += fmt::format("    for (x : {}) {{\n", loop_.list);
            indent += "    ";
        }
        std::string place;
        for (const model::Instruction& in : run.body) {
            if (const auto* frames = kernel_stack(program_, in.kernel)) {
                const std::string now = text_of(shown_frame(*frames));
                if (now != place) out_ += fmt::format("{}// {}\n", indent, now);
                place = now;
            }
            out_ += fmt::format("{}{};\n", indent, statement(in));
        }
        if (run.count > 1) out_ += "    }\n";
    }

    /// A number that is `value` in the loop's first iteration and grows by `step`.
    std::string number(std::uint64_t value, std::uint64_t step) const {
        if (step == 0 || loop_.count <= 1) return fmt::format("0x{:x}", value);
        const auto signed_step = static_cast<std::int64_t>(step);
        if (signed_step == static_cast<std::int64_t>(loop_.stride)) {
            // Numbers of schedules do not wrap around.
            if (value == loop_.base) return "x.start";
            if (value > loop_.base) return fmt::format("x.start + 0x{:x}", value - loop_.base);
            return fmt::format("x.start - 0x{:x}", loop_.base - value);
        }
        const std::string index = loop_.base == 0
                                      ? fmt::format("x.start / 0x{:x}", loop_.stride)
                                      : fmt::format("(x.start - 0x{:x}) / 0x{:x}", loop_.base, loop_.stride);
        const std::uint64_t size = signed_step < 0 ? 0 - step : step;
        return fmt::format("0x{:x} {} {}{}", value, signed_step < 0 ? '-' : '+', index,
                           size == 1 ? "" : fmt::format(" * 0x{:x}", size));
    }

    std::string statement(const model::Instruction& in) {
        return std::visit([&](const auto& operation) { return text(operation, in); }, in.operation);
    }

    [[noreturn]] void cannot(const model::Instruction& in, const std::string& why) const {
        model::PlainInstruction plain;
        plain.operation = in.operation;
        std::string where;
        if (const auto* frames = kernel_stack(program_, in.kernel))
            where = fmt::format(" ({})", text_of(shown_frame(*frames)));
        throw litmus::InputError(
            fmt::format("{}{}: {}", instruction_text(program_, program_.hardware, plain), where, why),
            nullptr, {}, "tlbcheck extract without -o, or with --json, tells every instruction");
    }

    std::string text(const model::StoreDescriptor& store, const model::Instruction& in) {
        if (store.slot.generation != 0) cannot(in, "a store to a new table is not written as a statement");
        if (store.atomic) cannot(in, "an atomic read-modify-write");
        const std::uint64_t bytes = geometry_.entry_bytes(store.slot.level);
        const std::string first = number(store.slot.va, in.va_step);
        const std::string of = fmt::format("range({}, {} + 0x{:x})", first, first, bytes);
        if (store.value.kind == DescriptorKind::table) cannot(in, "a table is hooked");
        if (store.value.kind == DescriptorKind::invalid) {
            const model::Region* const region = model::region_of(program_.regions, store.slot.va);
            if (region != nullptr && store.slot.level < region->level)
                return fmt::format("clear(table({}, {}))", of, store.slot.level + 1);
            return fmt::format("clear({})", of);
        }
        const char* attributes = has(store.value.attributes, model::Attr::device_ngnre) ? "device"
                                 : has(store.value.attributes, model::Attr::onc)        ? "normal_nc"
                                                                                        : "normal";
        const bool global = !store.value.not_global;
        if (has(store.value.attributes, model::execute_right(!global)))
            cannot(in, "a right to execute at the other Exception level");
        if (!store.value.af || store.value.unaccessed || store.value.dbm)
            cannot(in, "a leaf with AF = 0 or DBM = 1");
        const model::Region* const region = model::region_of(program_.regions, store.slot.va);
        const bool exec = executable(store.value.attributes, global);
        const bool was = region != nullptr && executable(region->attributes, region->global);
        return fmt::format("set({}, pa = {}, contiguous = {}, ap = {}, attr = {}{}{})", of,
                           number(store.value.oa, in.pa_step), store.value.contiguous,
                           store.value.db ? "rw" : "ro", attributes,
                           exec || was ? fmt::format(", exec = {}", exec) : std::string(),
                           store.value.nt ? ", nt = true" : "");
    }

    std::string text(const model::TlbiInstruction& tlbi, const model::Instruction& in) const {
        const std::string op = lower(to_string(tlbi.op));
        if (!model::takes_operand(tlbi.op.base)) return fmt::format("tlbi({})", op);
        const std::uint64_t ttl = tlbi.operand >> ttl_shift & 0xFU;
        const std::uint64_t asid = tlbi.operand >> asid_shift;
        const bool plain = !model::is_range(tlbi.op.base) && !model::is_stage2_only(tlbi.op.base) &&
                           tlbi.op.base != model::TlbiBase::aside1 && (ttl == 0 || ttl >> 2U == 1) &&
                           (asid == 0 || model::names_asid(tlbi.op.base));
        if (!plain) return fmt::format("tlbi({}, raw = {})", op, number(tlbi.operand, in.va_step));
        std::uint64_t va = (tlbi.operand & va_field) << 12U;
        if (va >> 55U != 0) va |= std::uint64_t{0xFF} << 56U;
        std::string result = fmt::format("tlbi({}, {}", op, number(va, in.va_step << 12U));
        if (ttl != 0) result += fmt::format(", ttl = {}", ttl & 3U);
        if (model::names_asid(tlbi.op.base)) result += fmt::format(", asid = {}", asid);
        return result + ")";
    }

    [[noreturn]] std::string text(const model::ContextChange&, const model::Instruction& in) const {
        cannot(in, "the context of a PE is changed");
    }
    std::string text(const model::Barrier& barrier, const model::Instruction&) const {
        const std::string words = lower(to_string(barrier));
        const std::size_t space = words.find(' ');
        return space == std::string::npos
                   ? words + "()"
                   : fmt::format("{}({})", words.substr(0, space), words.substr(space + 1));
    }

    std::string text(const model::Free& free, const model::Instruction& in) const {
        if (const auto* page = std::get_if<model::TablePage>(&free.what)) {
            if (page->generation != 0) cannot(in, "a new table is freed");
            const std::string first = number(page->va_base, in.va_step);
            return fmt::format("free(table(range({}, {} + 0x1000), {}))", first, first, page->level);
        }
        const auto& [pa, bytes] = std::get<std::pair<std::uint64_t, std::uint64_t>>(free.what);
        return fmt::format("free(range(0, 0x{:x}), pa = {})", bytes, number(pa, in.pa_step));
    }

    std::string target(const std::optional<std::uint32_t>& flag, std::uint64_t va,
                       const model::Instruction& in) const {
        return flag ? program_.flags.at(*flag) : number(va, in.va_step);
    }
    std::string text(const model::Access& access, const model::Instruction& in) const {
        const std::string at = target(access.flag, access.va, in);
        switch (access.kind) {
            case model::AccessKind::load:
                return fmt::format("load({})", at);
            case model::AccessKind::load_acquire:
                return fmt::format("load_acquire({})", at);
            case model::AccessKind::store:
                return fmt::format("store({}, {})", at, access.value);
            case model::AccessKind::store_release:
                return fmt::format("store_release({}, {})", at, access.value);
        }
        return {};
    }
    std::string text(const model::Await& await, const model::Instruction& in) const {
        return fmt::format("await({} == {})", target(await.flag, await.va, in), await.value);
    }

    std::string text(const model::Branch&, const model::Instruction& in) const {
        cannot(in, "compiled code that goes by what it reads is run with the values there are");
    }
    std::string text(const model::Otherwise&, const model::Instruction& in) const {
        cannot(in, "it belongs to a branch");
    }
    std::string text(const model::EndBranch&, const model::Instruction& in) const {
        cannot(in, "it belongs to a branch");
    }

    const model::ScheduleProgram& program_;
    model::Geometry geometry_;
    Loop loop_;
    std::string out_;
};

/// Instructions one after another, numbers written out.
class Unrolled {
  public:
    explicit Unrolled(const model::ScheduleThread& thread) : thread_(thread) {}
    /// nullptr at the end.
    const model::Instruction* next() {
        while (run_ < thread_.code.size()) {
            const model::Run& run = thread_.code[run_];
            if (at_ < run.body.size()) {
                now_ = model::instantiate(run.body[at_++], iteration_);
                return &now_;
            }
            at_ = 0;
            if (++iteration_ < run.count) continue;
            iteration_ = 0;
            ++run_;
        }
        return nullptr;
    }

  private:
    const model::ScheduleThread& thread_;
    std::size_t run_ = 0, at_ = 0;
    std::uint64_t iteration_ = 0;
    model::Instruction now_;
};

/// The written schedule is read again: it must execute what was extracted.
void check_same(const model::ScheduleProgram& wanted, const std::string& text) {
    const auto fault = [](const std::string& what) {
        throw litmus::InputError("the schedule that would be written differs: " + what, nullptr, {},
                                 "tlbcheck extract without -o, or with --json, tells every instruction");
    };
    const auto parsed = litmus::sched::parse_schedule(litmus::make_source("(extracted)", text),
                                                      litmus::sched::embedded_include_resolver());
    if (!parsed) throw litmus::InputError(parsed.diagnostics());
    const auto program = litmus::sched::expand(parsed.value());
    if (!program) throw litmus::InputError(program.diagnostics());
    for (std::size_t t = 0; t < wanted.threads.size(); ++t) {
        Unrolled a(wanted.threads[t]);
        Unrolled b(program.value().threads.at(t));
        for (std::uint64_t number = 1;; ++number) {
            const model::Instruction* const x = a.next();
            const model::Instruction* const y = b.next();
            if (x == nullptr && y == nullptr) break;
            if (x == nullptr || y == nullptr) return fault("it has another number of instructions");
            model::PlainInstruction p, q;
            p.operation = x->operation;
            q.operation = y->operation;
            const std::string first = instruction_text(wanted, wanted.hardware, p);
            const std::string second = instruction_text(program.value(), wanted.hardware, q);
            if (first != second)
                return fault(fmt::format("instruction {}: '{}' became '{}'", number, first, second));
        }
    }
}

}  // namespace

std::string extract_schedule(const model::ScheduleProgram& program) {
    std::string text = ScheduleWriter(program).write();
    check_same(program, text);
    return text;
}

}  // namespace tlbcheck::checker
