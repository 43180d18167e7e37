// SPDX-License-Identifier: Apache-2.0
//
// Random executions that look like programs: each instruction brings the events that herd gives it.
#include <algorithm>
#include <array>
#include <initializer_list>
#include <string_view>

#include "tests/support/random_execution.hpp"

namespace tlbcheck::tests {

namespace {

using model::BitMatrix;
using model::BitRow;
using model::EventId;
using model::LocationId;
using Names = std::initializer_list<std::string_view>;

constexpr std::size_t pages = 2;
constexpr std::size_t registers = 3;

class ProgramDice {
  public:
    explicit ProgramDice(Dice& dice) : dice_(dice) {
        for (std::size_t p = 0; p < pages; ++p) {
            const auto low = static_cast<std::uint32_t>(dice.below(2));
            data_.push_back(graph_->add_location({"x" + std::to_string(p), true, low}));
            pte_.push_back(graph_->add_location({"PTE(x" + std::to_string(p) + ")", true, 10}));
            tag_.push_back(graph_->add_location({"tag(x" + std::to_string(p) + ")", true, 20}));
        }
    }

    RandomExecution run() {
        initial_writes();
        for (thread_ = 0; thread_ < 2; ++thread_) {
            registers_.clear();
            for (std::size_t r = 0; r < registers; ++r) {
                registers_.push_back(graph_->add_location(
                    {"P" + std::to_string(thread_) + ":X" + std::to_string(r), false, 30}));
            }
            const std::size_t length = 1 + dice_.below(5);
            for (std::size_t i = 0; i < length; ++i) {
                ++instruction_;
                instruction();
            }
        }
        finish();
        return {std::move(graph_), std::move(x_)};
    }

  private:
    EventId event(Names sets, std::optional<LocationId> location) {
        model::Event e;
        e.thread = thread_;
        e.instruction = instruction_;
        const EventId id = graph_->add(std::move(e));
        for (const std::string_view s : sets) members_.emplace_back(std::string(s), id);
        locations_.push_back(location);
        return id;
    }
    void put(std::string_view set, EventId e) { members_.emplace_back(std::string(set), e); }
    void edge(std::string_view relation, EventId a, EventId b) {
        edges_.emplace_back(std::string(relation), std::pair(a, b));
    }
    template <std::size_t N>
    std::string_view one_of(const std::array<std::string_view, N>& names) {
        return names[dice_.below(N)];
    }

    void initial_writes() {
        thread_ = model::initial_thread;
        instruction_ = -1;
        for (std::size_t p = 0; p < pages; ++p) {
            event({"W", "IW", "Exp"}, data_[p]);
            descriptor(event({"W", "IW", "Exp", "PTE", "D-PTE"}, pte_[p]));
        }
        instruction_ = 0;
    }

    /// The sets that depend on a descriptor's value.
    void descriptor(EventId e) {
        put(dice_.chance(0.7) ? "PTEV" : "PTEINV", e);
        if (dice_.chance(0.2)) put("PTEAF0", e);
        if (dice_.chance(0.2)) put("PTEXS", e);
        put(one_of<5>(
                {"PTENormal", "PTEDevice-GRE", "PTEDevice-nGRE", "PTEDevice-nGnRE", "PTEDevice-nGnRnE"}),
            e);
        put(one_of<3>({"PTENSH", "PTEISH", "PTEOSH"}), e);
        put(one_of<3>({"PTEiWB", "PTEiWT", "PTEiNC"}), e);
        put(one_of<3>({"PTEoWB", "PTEoWT", "PTEoNC"}), e);
    }

    EventId read_register(std::string_view port) {
        const EventId e = event({"Rreg"}, registers_[dice_.below(registers)]);
        put(port, e);
        return e;
    }
    EventId write_register() { return event({"Wreg"}, registers_[dice_.below(registers)]); }

    void instruction() {
        switch (dice_.below(14)) {
            case 0:
            case 1:
            case 2:
            case 3:
                access();
                return;
            case 4:
                descriptor_store();
                return;
            case 5:
            case 6:
                tlbi();
                return;
            case 7:
            case 8:
                barrier();
                return;
            case 9:
                event({"ISB", "F"}, std::nullopt);
                return;
            case 10:
                branch_or_alu();
                return;
            case 11:
                exception();
                return;
            case 12:
                cache_maintenance();
                return;
            default:
                tag_or_fetch();
                return;
        }
    }

    /// A walk of page p's descriptor, perhaps with a hardware update; returns the commit after it.
    EventId walk(std::size_t p, EventId address) {
        const EventId t = event({"R", "NExp", "PTE", "D-PTE"}, pte_[p]);
        descriptor(t);
        edge("iico_data", address, t);
        const EventId b = event({"B"}, std::nullopt);
        edge("iico_data", t, b);
        if (dice_.chance(0.25)) {
            const EventId hu = event({"W", "NExp", "PTE", "D-PTE"}, pte_[p]);
            put(dice_.chance(0.5) ? "AF" : "DB", hu);
            descriptor(hu);
            edge("iico_data", t, hu);
            edge("amo", t, hu);
            edge("rmw", t, hu);
        }
        return b;
    }

    void access() {
        const std::size_t p = dice_.below(pages);
        const EventId address = read_register("ADDR");
        const EventId commit = walk(p, address);
        if (dice_.chance(0.25)) {
            const EventId fault = event({"FAULT", "MMU", "D-MMU", "EXC-ENTRY"}, data_[p]);
            put(one_of<3>({"Translation", "AccessFlag", "Permission"}), fault);
            edge("iico_ctrl", commit, fault);
            return;
        }
        const std::size_t kind = dice_.below(3);  // load, store, both
        std::optional<EventId> read;
        if (kind != 1) {
            read = event({"R", "Exp"}, data_[p]);
            put(one_of<4>({"A", "Q", "NoRet", "plain"}), *read);
            edge("iico_ctrl", commit, *read);
            edge("iico_data", address, *read);
            if (dice_.chance(0.8)) edge("iico_data", *read, write_register());
        }
        if (kind == 0) return remember(*read, false);
        const EventId data = read_register("DATA");
        const EventId write = event({"W", "Exp"}, data_[p]);
        if (dice_.chance(0.3)) put("L", write);
        edge("iico_ctrl", commit, write);
        edge("iico_data", address, write);
        edge("iico_data", data, write);
        if (dice_.chance(0.3)) edge("iico_order", data, write);
        if (read) {
            for (const char* name : {"amo", "rmw"}) edge(name, *read, write);
            edge("iico_order", *read, write);
        }
        if (read || !exclusive_) return;
        for (const char* name : {"lxsx", "rmw"}) edge(name, *exclusive_, write);
        exclusive_.reset();
    }
    void remember(EventId read, bool /*exclusive*/) {
        if (dice_.chance(0.3)) exclusive_ = read;
    }

    void descriptor_store() {
        const std::size_t p = dice_.below(pages);
        const EventId address = read_register("ADDR");
        const EventId write = event({"W", "Exp", "PTE", "D-PTE"}, pte_[p]);
        if (dice_.chance(0.2)) put("L", write);
        edge("iico_data", address, write);
        edge("iico_data", read_register("DATA"), write);
        descriptor(write);
    }

    void tlbi() {
        const std::size_t p = dice_.below(pages);
        const EventId e = event({"TLBI"}, std::nullopt);
        if (dice_.chance(0.7)) put("TLBIIS", e);
        if (dice_.chance(0.3)) put("TLBInXS", e);
        edge("iico_data", read_register("ADDR"), e);
        tlbis_.emplace_back(e, dice_.chance(0.2) ? std::nullopt : std::optional(pte_[p]));
        if (dice_.chance(0.7)) {
            ++instruction_;
            event({"DSB.ISH", "F"}, std::nullopt);
        }
    }

    void barrier() {
        const std::string domain(one_of<4>({"ISH", "OSH", "NSH", "SY"}));
        std::string what(one_of<3>({"", "LD", "ST"}));
        if (domain == "SY") what = what.empty() ? "SY" : what;
        const std::string option = domain == "SY" ? what : domain + what;
        put((dice_.chance(0.6) ? "DSB." : "DMB.") + option, event({"F"}, std::nullopt));
    }

    void branch_or_alu() {
        const EventId in = read_register("DATA");
        if (dice_.chance(0.5)) {
            edge("iico_data", in, event({"BCC", "B"}, std::nullopt));
        } else {
            edge("iico_data", in, write_register());
        }
    }

    void exception() {
        if (dice_.chance(0.5)) {
            event({"EXC-RET"}, std::nullopt);
        } else {
            event({"EXC-ENTRY", "SVC", "FAULT"}, std::nullopt);
        }
    }

    void cache_maintenance() {
        const std::string_view which = one_of<4>({"DC.CVAU", "IC.IVAU", "IC.IALLU", "IC.IALLUIS"});
        const bool all = which.starts_with("IC.IALL");
        const EventId e = event({which}, all ? std::nullopt : std::optional(data_[dice_.below(pages)]));
        if (!all) edge("iico_data", read_register("ADDR"), e);
    }

    void tag_or_fetch() {
        const std::size_t p = dice_.below(pages);
        const bool fetch = dice_.chance(0.4);
        const EventId read =
            fetch ? event({"R", "NExp", "Instr"}, data_[p]) : event({"R", "NExp", "T"}, tag_[p]);
        const EventId b = event({"B"}, std::nullopt);
        edge("iico_data", read, b);
        if (fetch) {
            if (dice_.chance(0.5)) put("Restricted-CMODX", read);
            const EventId done = event({"Wreg"}, registers_[0]);
            edge("iico_ctrl", b, done);
            edge("iico_data", done, write_register());
        } else if (dice_.chance(0.3)) {
            edge("iico_ctrl", b, event({"FAULT", "TagCheck", "EXC-ENTRY"}, tag_[p]));
        } else if (dice_.chance(0.5)) {
            edge("iico_ctrl", b, event({"Exp", "W"}, data_[p]));
        } else {
            event({"Exp", "W", "T"}, tag_[p]);
        }
    }

    /// Once finish() has begun.
    bool in(std::string_view set, std::size_t e) const {
        const auto members = x_.sets.find(std::string(set));
        return members != x_.sets.end() && members->second.test(e);
    }

    void finish() {
        const std::size_t size = graph_->size();
        x_.executed = BitRow(size);
        x_.executed.fill();
        x_.location = locations_;
        x_.value.resize(size);
        x_.reads_from.resize(size);
        x_.co = BitMatrix(size);
        for (const auto& [name, e] : members_) x_.sets.try_emplace(name, BitRow(size)).first->second.set(e);
        for (const auto& [name, pair] : edges_) {
            x_.edges.try_emplace(name, BitMatrix(size)).first->second.set(pair.first, pair.second);
        }
        memory();
        values();
        scopes();
    }

    void memory() {
        const std::size_t size = graph_->size();
        std::vector<std::size_t> order(size);
        for (std::size_t i = 0; i < size; ++i) order[i] = i;
        for (std::size_t i = size; i > 1; --i) std::swap(order[i - 1], order[dice_.below(i)]);
        std::ranges::stable_sort(order, {}, [&](std::size_t e) { return !in("IW", e); });
        for (std::size_t i = 0; i < size; ++i) {
            std::vector<EventId> writes;
            for (std::size_t j = 0; j < size; ++j) {
                const std::size_t w = order[j];
                if (!in("W", w) || !locations_[w]) continue;
                for (std::size_t k = j + 1; i == 0 && k < size; ++k) {
                    if (in("W", order[k]) && locations_[order[k]] == locations_[w]) x_.co.set(w, order[k]);
                }
                if (w != i && locations_[w] == locations_[i]) writes.push_back(static_cast<EventId>(w));
            }
            if (in("R", i) && !writes.empty()) x_.reads_from[i] = writes[dice_.below(writes.size())];
        }
    }

    void values() {
        const std::size_t size = graph_->size();
        const auto relation = [&](std::string_view name) -> BitMatrix& {
            return x_.edges.try_emplace(std::string(name), BitMatrix(size)).first->second;
        };
        for (std::size_t a = 0; a < size; ++a) {
            const bool memory_a = in("R", a) || in("W", a);
            if (memory_a) relation("sm").set(a, a);
            for (std::size_t b = 0; b < size; ++b) {
                if (!memory_a || !(in("R", b) || in("W", b))) continue;
                if (dice_.chance(0.4)) relation("different-values").set(a, b);
                if (in("PTE", a) && in("PTE", b)) {
                    if (dice_.chance(0.5)) relation("same-oa").set(a, b);
                    if (dice_.chance(0.5)) relation("at-least-one-writable").set(a, b);
                }
                if (in("PTE", a) && !in("PTE", b) && dice_.chance(0.4)) relation("PTEtoPA").set(a, b);
                if (in("Exp", a) && in("Exp", b) && dice_.chance(0.05)) relation("sm").set(a, b);
            }
        }
    }

    void scopes() {
        const std::size_t size = graph_->size();
        BitMatrix scope(size), tlbi_after(size), dc_after(size), ic_after(size);
        const auto either_way = [&](BitMatrix& r, std::size_t a, std::size_t b) {
            dice_.chance(0.5) ? r.set(a, b) : r.set(b, a);
        };
        for (std::size_t e = 0; e < size; ++e) {
            for (const auto& [t, page] : tlbis_) {
                if (!in("PTE", e) || (page && locations_[e] != page)) continue;
                scope.set(e, t);
                scope.set(t, e);
                if (in("NExp", e) && in("R", e)) either_way(tlbi_after, e, t);
            }
            for (std::size_t c = 0; c < size; ++c) {
                if (in("DC.CVAU", c) && in("W", e) && dice_.chance(0.7)) either_way(dc_after, c, e);
                const bool ic = in("IC.IVAU", c) || in("IC.IALLU", c) || in("IC.IALLUIS", c);
                if (ic && in("Instr", e) && dice_.chance(0.7)) either_way(ic_after, c, e);
            }
        }
        x_.edges.emplace("inv-domain", scope);
        x_.chosen.emplace("TLBI-after", tlbi_after);
        x_.chosen.emplace("DC-after", dc_after);
        x_.chosen.emplace("IC-after", ic_after);
    }

    Dice& dice_;
    std::unique_ptr<model::EventGraph> graph_ = std::make_unique<model::EventGraph>();
    model::Execution x_;
    std::vector<LocationId> data_, pte_, tag_, registers_;
    std::vector<std::optional<LocationId>> locations_;
    std::vector<std::pair<std::string, EventId>> members_;
    std::vector<std::pair<std::string, std::pair<EventId, EventId>>> edges_;
    std::vector<std::pair<EventId, std::optional<LocationId>>> tlbis_;
    std::optional<EventId> exclusive_;
    int thread_ = 0;
    int instruction_ = 0;
};

}  // namespace

RandomExecution random_program(Dice& dice) {
    return ProgramDice(dice).run();
}

}  // namespace tlbcheck::tests
