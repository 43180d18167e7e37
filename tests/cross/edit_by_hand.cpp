// SPDX-License-Identifier: Apache-2.0
#include "tests/cross/edit_by_hand.hpp"

#include <algorithm>
#include <array>

namespace tlbcheck::tests {

namespace {

using model::Instruction;

/// run, in its body (1) or before it (0), iteration, twice the position, number of the step, iteration moved.
using Key = std::array<std::uint64_t, 6>;

class Bench {
  public:
    explicit Bench(const model::ScheduleThread& thread, std::uint32_t number)
        : thread_(thread), number_(number) {
        for (std::uint64_t r = 0; r < thread.code.size(); ++r) {
            for (std::uint64_t i = 0; i < thread.code[r].count; ++i) {
                for (std::uint64_t k = 0; k < thread.code[r].body.size(); ++k)
                    put({r, 1, i, 2 * k + 1, 0, 0}, instantiate(thread.code[r].body[k], i));
            }
        }
    }

    void step(const checker::EditStep& step, std::uint64_t number) {
        if (const auto* insert = std::get_if<checker::InsertStep>(&step)) {
            if (insert->where.thread != number_) return;
            for (const Key& key : keys(insert->where, number)) {
                for (const Instruction& i : insert->code) put(key, i);
            }
        } else if (const auto* move = std::get_if<checker::MoveStep>(&step)) {
            if (move->from.thread == number_) this->move(*move, number);
        } else if (const auto* remove = std::get_if<checker::RemoveStep>(&step)) {
            if (remove->spot.thread == number_)
                std::erase_if(items_, [&](const Item& item) { return from(item, remove->spot); });
        } else {
            for (Item& item : items_) change(item, step);
        }
    }

    model::ScheduleThread finish() {
        std::ranges::stable_sort(items_, {}, &Item::key);
        model::ScheduleThread result{thread_.name, {model::Run{}}, thread_.starts_in};
        for (const Item& item : items_) result.code.front().body.push_back(item.instruction);
        return result;
    }

  private:
    struct Item {
        Key key;
        Instruction instruction;
    };

    void put(const Key& key, const Instruction& instruction) { items_.push_back({key, instruction}); }

    bool from(const Item& item, const checker::Spot& spot) const {
        return spot.thread == number_ && item.key[0] == spot.run && item.key[1] == 1 &&
               item.key[3] == 2 * std::uint64_t{spot.at} + 1;
    }

    std::vector<Key> keys(const checker::Gap& gap, std::uint64_t number) const {
        if (!gap.at) return {{gap.run, 0, 0, 0, number, 0}};
        std::vector<Key> result;
        for (std::uint64_t i = 0; i < thread_.code[gap.run].count; ++i)
            result.push_back({gap.run, 1, i, 2 * std::uint64_t{*gap.at}, number, 0});
        return result;
    }

    void move(const checker::MoveStep& move, std::uint64_t number) {
        for (Item& item : items_) {
            if (!from(item, move.from)) continue;
            const std::uint64_t iteration = item.key[2];
            item.key = move.to.at ? Key{move.to.run, 1, iteration, 2 * std::uint64_t{*move.to.at}, number, 0}
                                  : Key{move.to.run, 0, 0, 0, number, iteration};
        }
    }

    void change(Item& item, const checker::EditStep& step) const {
        if (const auto* barrier = std::get_if<checker::StrengthenStep>(&step)) {
            if (from(item, barrier->spot)) item.instruction.operation = barrier->barrier;
        } else if (const auto* drop = std::get_if<checker::DropContiguousStep>(&step)) {
            if (from(item, drop->spot))
                std::get<model::StoreDescriptor>(item.instruction.operation).value.contiguous = false;
        } else if (const auto* widen = std::get_if<checker::WidenStep>(&step)) {
            if (from(item, widen->spot)) this->widen(item, *widen);
        }
    }

    /// By the operation's name: what the Arm ARM calls the wider one.
    static void widen(Item& item, const checker::WidenStep& step) {
        auto& tlbi = std::get<model::TlbiInstruction>(item.instruction.operation);
        std::string name = to_string(tlbi.op);
        const auto replace = [&](const std::string& what, const std::string& with) {
            if (const auto at = name.find(what); at != std::string::npos) name.replace(at, what.size(), with);
        };
        const bool range = name.front() == 'R';
        switch (step.widening) {
            case checker::TlbiWidening::broadcast:
                if (const std::string stem = name.substr(0, name.find("NXS"));
                    !stem.ends_with("IS") && !stem.ends_with("OS"))
                    name.insert(stem.size(), "IS");
                break;
            case checker::TlbiWidening::all_levels:
                replace("AALE", "AAE");
                replace("VALE", "VAE");
                break;
            case checker::TlbiWidening::no_hint:
                tlbi.operand &= range ? ~(3ULL << 37) : ~(15ULL << 44);
                break;
            case checker::TlbiWidening::asid:
                tlbi.operand &= 0x0000'ffff'ffff'ffffULL;
                if (step.asid) {
                    tlbi.operand |= std::uint64_t{*step.asid} << 48;
                } else if (name.starts_with("ASIDE1")) {
                    replace("ASIDE1", "VMALLE1");
                    tlbi.operand = 0;
                } else {
                    replace("VA", "VAA");
                }
                break;
            case checker::TlbiWidening::with_xs:
                replace("NXS", "");
                break;
        }
        tlbi.op = model::parse_tlbi(name).value();
    }

    const model::ScheduleThread& thread_;
    std::uint64_t number_;
    std::vector<Item> items_;
};

}  // namespace

model::ScheduleProgram apply_by_hand(const model::ScheduleProgram& program, const checker::Edit& edit) {
    model::ScheduleProgram result = program;
    for (const checker::EditStep& step : edit) {
        if (const auto* fresh = std::get_if<checker::NewFlagStep>(&step))
            result.flags.resize(std::max<std::size_t>(result.flags.size(), fresh->flag + 1), "new");
        if (const auto* tag = std::get_if<checker::RetagStep>(&step)) {
            model::AddressSpace& space = result.spaces[tag->space];
            (space.stage2 ? space.vmid : space.asid) = 99;
            for (model::Region& region : result.regions)
                if (!space.stage2 && model::spaces::of(region.va) == tag->space) region.asid = 99;
        }
    }
    for (std::uint32_t t = 0; t < program.threads.size(); ++t) {
        Bench bench(program.threads[t], t);
        for (std::size_t i = 0; i < edit.size(); ++i) bench.step(edit[i], i + 1);
        result.threads[t] = bench.finish();
    }
    return result;
}

model::ScheduleProgram flushed_everywhere(const model::ScheduleProgram& program) {
    const model::Barrier dsb = model::parse_barrier(model::BarrierKind::dsb, "sy").value();
    // Of EL1&0, of both stages of all VMs, of EL2 and EL2&0.
    std::vector<model::Operation> flush{dsb};
    for (const char* const all : {"vmalle1os", "alle1os", "alle2os"})
        flush.emplace_back(model::TlbiInstruction{model::parse_tlbi(all).value(), 0});
    flush.emplace_back(dsb);
    flush.emplace_back(model::Barrier{});
    model::ScheduleProgram result = apply_by_hand(program, {});
    for (model::ScheduleThread& thread : result.threads) {
        std::vector<Instruction> body;
        for (const Instruction& i : thread.code.front().body) {
            body.push_back(i);
            for (const model::Operation& more : flush) body.push_back({more, 0, 0, i.place, i.helper_place});
        }
        thread.code.front().body = std::move(body);
    }
    return result;
}

}  // namespace tlbcheck::tests
