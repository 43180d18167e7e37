// SPDX-License-Identifier: Apache-2.0
//
// Loops found again in what kernel code executed, by the calls that each instruction came through.
#include "checker/advice/program_moves.hpp"

#include <algorithm>

#include "checker/report/kernel_place.hpp"
#include "model/arch/tlbi_forms.hpp"

namespace tlbcheck::checker {

namespace {

using model::Instruction;
using model::Run;
using model::TlbiBase;
using model::TlbiInstruction;

bool is_flush_part(const Instruction& i) {
    return std::holds_alternative<model::Barrier>(i.operation) ||
           std::holds_alternative<TlbiInstruction>(i.operation);
}

bool runs_tlbi(const Instruction& i) {
    return std::holds_alternative<TlbiInstruction>(i.operation);
}

/// Addresses that TLBIs name, bytes, both inclusive.
struct Extent {
    std::uint64_t first = ~std::uint64_t{0}, last = 0;
    bool all = false;  ///< some TLBI names no address, or none of them
    void add(const model::TlbiScope& scope) {
        if (!scope.first || !scope.last) {
            all = true;
            return;
        }
        first = std::min(first, *scope.first);
        last = std::max(last, *scope.last);
    }
};

FlushCall outermost_first(const model::ScheduleProgram& program, const Instruction& i) {
    const auto* stack = kernel_stack(program, i.kernel);
    if (stack == nullptr) return {};
    return {stack->rbegin(), stack->rend()};
}

/// Where the way to the TLBI leaves that to the store; empty where it does not.
FlushCall leaving(const FlushCall& store, const FlushCall& tlbi) {
    std::size_t common = 0;
    while (common < store.size() && common < tlbi.size() && store[common] == tlbi[common]) ++common;
    if (common >= tlbi.size()) return {};
    return {tlbi.begin(), tlbi.begin() + static_cast<std::ptrdiff_t>(common + 1)};
}

class ProgramMover {
  public:
    ProgramMover(const model::ScheduleProgram& program, const FlushCall& call)
        : program_(program), call_(call), geometry_(program.hardware) {}

    std::optional<model::ScheduleProgram> behind_loop() const {
        model::ScheduleProgram result = program_;
        bool moved = false;
        for (model::ScheduleThread& thread : result.threads) {
            Extent extent;
            std::vector<Instruction> group;
            std::optional<std::size_t> last;
            std::uint64_t executed = 0;
            for (std::size_t r = 0; r < thread.code.size(); ++r) {
                if (std::ranges::none_of(thread.code[r].body, [&](const Instruction& i) { return moves(i); }))
                    continue;
                last = r;
                executed += thread.code[r].count;
                extend(extent, thread.code[r]);
                if (group.empty()) group = group_of(thread.code[r]);
            }
            if (!last || executed < 2 || std::ranges::none_of(group, runs_tlbi)) continue;
            std::vector<Run> code;
            for (std::size_t r = 0; r < thread.code.size(); ++r) {
                Run& run = thread.code[r];
                std::erase_if(run.body, [&](const Instruction& i) { return moves(i); });
                if (!run.body.empty()) code.push_back(std::move(run));
                if (r == *last) add_flush(code, group, extent);
            }
            thread.code = std::move(code);
            moved = true;
        }
        if (!moved) return std::nullopt;
        return result;
    }

    std::optional<model::ScheduleProgram> behind_sets() const {
        model::ScheduleProgram result = program_;
        bool moved = false;
        for (model::ScheduleThread& thread : result.threads) {
            std::vector<Run> code;
            for (Run& run : thread.code) {
                const std::uint64_t slots = set_of(run);
                if (slots == 0) {
                    code.push_back(std::move(run));
                    continue;
                }
                moved = true;
                code.push_back(by_set(run, slots));
            }
            thread.code = std::move(code);
        }
        if (!moved) return std::nullopt;
        return result;
    }

  private:
    bool moves(const Instruction& i) const {
        if (!is_flush_part(i)) return false;
        const FlushCall frames = outermost_first(program_, i);
        return frames.size() >= call_.size() && std::equal(call_.begin(), call_.end(), frames.begin());
    }

    std::vector<Instruction> group_of(const Run& run) const {
        std::vector<Instruction> group;
        for (const Instruction& i : run.body)
            if (moves(i)) group.push_back(i);
        return group;
    }

    void extend(Extent& extent, const Run& run) const {
        for (const Instruction& i : run.body) {
            if (!moves(i) || !runs_tlbi(i)) continue;
            for (const std::uint64_t k : {std::uint64_t{0}, run.count - 1}) {
                const Instruction one = instantiate(i, k);
                const auto& tlbi = std::get<TlbiInstruction>(one.operation);
                extent.add(decode_tlbi(tlbi.op, tlbi.operand, geometry_));
            }
        }
    }

    Instruction like(const Instruction& of, TlbiBase base, std::uint64_t operand, std::uint64_t step) const {
        Instruction result = of;
        auto& tlbi = std::get<TlbiInstruction>(result.operation);
        tlbi.op.base = base;
        tlbi.operand = operand;
        result.va_step = step;
        result.pa_step = 0;
        return result;
    }

    /// As Linux does: by ranges from SCALE 3 down, page by page without FEAT_TLBIRANGE; everything where that
    /// would be more than a table of pages, or more than ranges can name.
    std::vector<Run> covering(const Instruction& of, const Extent& extent) const {
        const auto& tlbi = std::get<TlbiInstruction>(of.operation);
        const auto granule = geometry_.granule();
        const std::uint64_t bytes = model::granule_bytes(granule);
        const TlbiBase base = one_address_form(tlbi.op.base);
        if (extent.all || !takes_operand(base)) return {{1, {like(of, tlbi.op.base, tlbi.operand, 0)}}};
        std::uint64_t va = extent.first, pages = (extent.last - extent.first) / bytes + 1;
        const auto asid = static_cast<std::uint16_t>(names_asid(base) ? tlbi.operand >> 48U : 0);
        constexpr std::uint64_t most_range_pages = std::uint64_t{2} << 20U;
        const bool range = program_.hardware.tlb_range && range_form(base) != base;
        if (range ? pages > most_range_pages : pages >= bytes / 8)
            return {{1, {like(of, TlbiBase::vmalle1, 0, 0)}}};
        if (!range) return {{pages, {like(of, base, encode_va_operand(va, asid, 0, granule), bytes >> 12U)}}};
        std::vector<Run> runs;
        for (int scale = 3; pages > 1 && scale >= 0;) {
            const int shift = 5 * scale + 1;
            const std::uint64_t num = std::min<std::uint64_t>(pages >> shift, 32);
            if (num == 0) {
                --scale;
                continue;
            }
            runs.push_back(
                {1,
                 {like(of, range_form(base),
                       encode_range_operand(va, asid, scale, static_cast<int>(num) - 1, 0, granule), 0)}});
            va += (num << shift) * bytes;
            pages -= num << shift;
        }
        if (pages == 1) runs.push_back({1, {like(of, base, encode_va_operand(va, asid, 0, granule), 0)}});
        return runs;
    }

    void add_flush(std::vector<Run>& code, const std::vector<Instruction>& group,
                   const Extent& extent) const {
        bool flushed = false;
        for (const Instruction& i : group) {
            if (!runs_tlbi(i)) {
                code.push_back({1, {i}});
                continue;
            }
            if (flushed) continue;
            flushed = true;
            for (Run& run : covering(i, extent)) code.push_back(std::move(run));
        }
    }

    /// Slots of the contiguous sets that the run stores to, a set's worth of iterations each; 0: none.
    std::uint64_t set_of(const Run& run) const {
        if (run.count < 2 ||
            std::ranges::none_of(run.body, [&](const Instruction& i) { return runs_tlbi(i) && moves(i); }))
            return 0;
        for (const Instruction& i : run.body) {
            const auto* store = std::get_if<model::StoreDescriptor>(&i.operation);
            if (store == nullptr) continue;
            const auto slots =
                static_cast<std::uint64_t>(geometry_.contiguous_slots(store->slot.level).value_or(0));
            const std::uint64_t bytes = geometry_.entry_bytes(store->slot.level);
            const bool fits = slots > 1 && run.count % slots == 0 && i.va_step == bytes &&
                              store->slot.va % (slots * bytes) == 0;
            return fits ? slots : 0;
        }
        return 0;
    }

    Run by_set(const Run& run, std::uint64_t slots) const {
        Run result{run.count / slots, {}};
        for (std::uint64_t k = 0; k < slots; ++k) {
            for (const Instruction& i : run.body) {
                if (moves(i)) continue;
                Instruction one = instantiate(i, k);
                one.va_step = i.va_step * slots;
                one.pa_step = i.pa_step * slots;
                result.body.push_back(std::move(one));
            }
        }
        Extent extent;
        extend(extent, {slots, run.body});
        std::vector<Run> flush;
        add_flush(flush, group_of(run), extent);
        const std::uint64_t step = extent.all ? 0 : (extent.last - extent.first + 1) >> 12U;
        for (const Run& part : flush) {
            for (std::uint64_t k = 0; k < part.count; ++k) {
                Instruction one = instantiate(part.body.front(), k);
                one.va_step = 0;
                const auto* tlbi = std::get_if<TlbiInstruction>(&one.operation);
                if (tlbi != nullptr && takes_operand(tlbi->op.base)) {
                    const bool range = is_range(tlbi->op.base);
                    one.va_step = range ? (step << 12U) / model::granule_bytes(geometry_.granule()) : step;
                }
                result.body.push_back(std::move(one));
            }
        }
        return result;
    }

    const model::ScheduleProgram& program_;
    const FlushCall& call_;
    model::Geometry geometry_;
};

}  // namespace

std::vector<FlushCall> repeated_flushes(const model::ScheduleProgram& program) {
    struct Met {
        FlushCall call;
        std::uint64_t executed = 0;
    };
    std::vector<Met> met;
    for (const model::ScheduleThread& thread : program.threads) {
        for (const Run& run : thread.code) {
            std::optional<FlushCall> store;
            for (const Instruction& i : run.body) {
                if (i.kernel == model::no_kernel_stack) continue;
                if (std::holds_alternative<model::StoreDescriptor>(i.operation))
                    store = outermost_first(program, i);
                if (!runs_tlbi(i) || !store) continue;
                FlushCall call = leaving(*store, outermost_first(program, i));
                if (call.empty()) continue;
                auto found = std::ranges::find_if(met, [&](const Met& m) { return m.call == call; });
                if (found == met.end()) found = met.insert(met.end(), {std::move(call), 0});
                found->executed += run.count;
            }
        }
    }
    std::vector<FlushCall> result;
    for (Met& m : met)
        if (m.executed > 1) result.push_back(std::move(m.call));
    return result;
}

std::optional<model::ScheduleProgram> flush_moved(const model::ScheduleProgram& program,
                                                  const FlushCall& call, FlushPlace place) {
    const ProgramMover mover(program, call);
    return place == FlushPlace::behind_loop ? mover.behind_loop() : mover.behind_sets();
}

}  // namespace tlbcheck::checker
