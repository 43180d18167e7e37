// SPDX-License-Identifier: Apache-2.0
//
// Steps of an edit put into the runs of a thread; a step inside a run is made in every iteration.
#include "checker/advice/edit.hpp"

#include <algorithm>
#include <set>
#include <string>

#include "model/arch/tlbi_forms.hpp"

namespace tlbcheck::checker {

namespace {

using model::Instruction;
using model::Run;

/// One thread as the edit leaves it.
class ThreadEdit {
  public:
    ThreadEdit(const model::ScheduleThread& thread, std::uint32_t number, const Edit& edit,
               const model::Geometry& geometry)
        : thread_(thread), number_(number), edit_(edit), geometry_(geometry) {}

    model::ScheduleThread run() {
        model::ScheduleThread result{thread_.name, {}, thread_.starts_in};
        for (std::uint32_t r = 0; r <= thread_.code.size(); ++r) {
            before_run(r, result.code);
            if (r == thread_.code.size()) break;
            Run edited{thread_.code[r].count, {}};
            for (std::uint32_t at = 0; at <= thread_.code[r].body.size(); ++at) {
                in_body({number_, r, at}, edited.body);
                if (at < thread_.code[r].body.size()) instruction({number_, r, at}, edited.body);
            }
            if (!edited.body.empty()) result.code.push_back(std::move(edited));
        }
        return result;
    }

  private:
    void before_run(std::uint32_t r, std::vector<Run>& code) const {
        const Gap here{number_, r, std::nullopt};
        for (const EditStep& step : edit_) {
            if (const auto* insert = std::get_if<InsertStep>(&step);
                insert != nullptr && insert->where == here)
                code.push_back({1, insert->code});
            const auto* move = std::get_if<MoveStep>(&step);
            if (move == nullptr || move->to != here || move->from.thread != number_) continue;
            const Run& from = thread_.code[move->from.run];
            code.push_back({from.count, {from.body[move->from.at]}});
        }
    }

    void in_body(const Spot& at, std::vector<Instruction>& body) const {
        const Gap here{at.thread, at.run, at.at};
        for (const EditStep& step : edit_) {
            if (const auto* insert = std::get_if<InsertStep>(&step);
                insert != nullptr && insert->where == here)
                body.insert(body.end(), insert->code.begin(), insert->code.end());
            const auto* move = std::get_if<MoveStep>(&step);
            if (move == nullptr || move->to != here || move->from.thread != number_) continue;
            body.push_back(thread_.code[move->from.run].body[move->from.at]);
        }
    }

    void instruction(const Spot& at, std::vector<Instruction>& body) const {
        Instruction kept = thread_.code[at.run].body[at.at];
        for (const EditStep& step : edit_) {
            if (const auto* move = std::get_if<MoveStep>(&step); move != nullptr && move->from == at) return;
            if (const auto* remove = std::get_if<RemoveStep>(&step); remove != nullptr && remove->spot == at)
                return;
            change(kept, step, at);
        }
        body.push_back(std::move(kept));
    }

    void change(Instruction& kept, const EditStep& step, const Spot& at) const {
        if (const auto* strengthen = std::get_if<StrengthenStep>(&step)) {
            if (strengthen->spot == at && std::holds_alternative<model::Barrier>(kept.operation))
                kept.operation = strengthen->barrier;
        } else if (const auto* widen = std::get_if<WidenStep>(&step)) {
            auto* tlbi = std::get_if<model::TlbiInstruction>(&kept.operation);
            if (widen->spot != at || tlbi == nullptr) return;
            *tlbi = widened(*tlbi, *widen, geometry_);
            if (!takes_operand(tlbi->op.base)) kept.va_step = 0;
        } else if (const auto* drop = std::get_if<DropContiguousStep>(&step)) {
            auto* store = std::get_if<model::StoreDescriptor>(&kept.operation);
            if (drop->spot == at && store != nullptr) store->value.contiguous = false;
        }
    }

    const model::ScheduleThread& thread_;
    std::uint32_t number_;
    const Edit& edit_;
    const model::Geometry& geometry_;
};

/// Where the operand register has its TTL: TTL[47:44], of the range forms TTL[38:37].
std::uint64_t hint_mask(model::TlbiBase base) {
    return is_range(base) ? std::uint64_t{3} << 37U : std::uint64_t{0xf} << 44U;
}

void retag(model::ScheduleProgram& program, model::SpaceId space) {
    std::set<std::uint16_t> used;
    for (const model::AddressSpace& s : program.spaces) used.insert(s.stage2 ? s.vmid : s.asid);
    for (const model::Region& region : program.regions) used.insert(region.asid);
    std::uint16_t fresh = 1;
    while (used.contains(fresh)) ++fresh;
    model::AddressSpace& tagged = program.spaces[space];
    (tagged.stage2 ? tagged.vmid : tagged.asid) = fresh;
    for (model::Region& region : program.regions) {
        if (model::spaces::of(region.va) == space && !tagged.stage2) region.asid = fresh;
    }
}

}  // namespace

model::TlbiInstruction widened(const model::TlbiInstruction& tlbi, const WidenStep& step,
                               const model::Geometry& geometry) {
    model::TlbiInstruction result = tlbi;
    switch (step.widening) {
        case TlbiWidening::broadcast:
            if (result.op.domain == model::TlbiDomain::local) result.op.domain = model::TlbiDomain::inner;
            break;
        case TlbiWidening::all_levels:
            result.op.base = all_levels_form(result.op.base);
            break;
        case TlbiWidening::no_hint:
            if (decode_tlbi(result.op, result.operand, geometry).first)
                result.operand &= ~hint_mask(result.op.base);
            break;
        case TlbiWidening::asid:
            if (!names_asid(result.op.base)) break;
            result.op.base = step.asid ? result.op.base : any_asid_form(result.op.base);
            result.operand &= (std::uint64_t{1} << 48U) - 1;
            if (step.asid) result.operand |= std::uint64_t{*step.asid} << 48U;
            if (!takes_operand(result.op.base)) result.operand = 0;
            break;
        case TlbiWidening::with_xs:
            result.op.nxs = false;
            break;
    }
    return result;
}

model::ScheduleProgram apply(const model::ScheduleProgram& program, const Edit& edit) {
    model::ScheduleProgram result = program;
    const model::Geometry geometry(program.hardware);
    for (const EditStep& step : edit) {
        const auto* fresh = std::get_if<NewFlagStep>(&step);
        while (fresh != nullptr && result.flags.size() <= fresh->flag)
            result.flags.push_back("flag " + std::to_string(result.flags.size()));
        if (const auto* tag = std::get_if<RetagStep>(&step)) retag(result, tag->space);
    }
    for (std::uint32_t t = 0; t < program.threads.size(); ++t)
        result.threads[t] = ThreadEdit(program.threads[t], t, edit, geometry).run();
    return result;
}

std::optional<Spot> spot_of(const model::ScheduleProgram& program, std::uint32_t thread,
                            std::uint64_t index) {
    if (thread >= program.threads.size()) return std::nullopt;
    const std::vector<Run>& code = program.threads[thread].code;
    for (std::uint32_t r = 0; r < code.size(); ++r) {
        const std::uint64_t size = code[r].body.size();
        if (size != 0 && index / size < code[r].count)
            return Spot{thread, r, static_cast<std::uint32_t>(index % size)};
        index -= code[r].count * size;
    }
    return std::nullopt;
}

const Instruction& instruction_at(const model::ScheduleProgram& program, const Spot& spot) {
    return program.threads[spot.thread].code[spot.run].body[spot.at];
}

}  // namespace tlbcheck::checker
