// SPDX-License-Identifier: Apache-2.0
//
// Registers of each thread: X10 and X11 hold the addresses of x and y, X12 and X13 those of their
// descriptors, X14 and X15 descriptors to store, X16 a TLBI operand, X17 a scratch value, X18 an exclusive's
// status, X19 a handler's, X20 to X23 with two levels those of level 2 descriptors and such descriptors; what
// is loaded or stored goes to X0, X1, ...
#include "tests/support/random_litmus.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <initializer_list>
#include <vector>

#include "tests/support/random_execution.hpp"

namespace tlbcheck::tests {

namespace {

constexpr std::size_t locations = 2;
constexpr std::array<const char*, locations> names{"x", "y"};

struct Thread {
    std::vector<std::string> code, handler;
    std::vector<int> loaded;       ///< registers with a value of memory
    std::vector<int> descriptors;  ///< registers with a descriptor read
    std::vector<std::pair<std::string, std::size_t>>
        labels;  ///< of accesses that may fault, and their location
    int next_register = 0;
    bool privileged = false;  ///< does what EL0 may not
};

class Generator {
  public:
    Generator(std::uint64_t seed, const RandomLitmusOptions& options)
        : dice_(seed), options_(options), seed_(seed) {}

    std::string run() {
        if (options_.walks) {
            const std::size_t kind = dice_.below(4);
            levels_ = kind != 0;
            hints_ = kind != 1;
        }
        const std::size_t threads = options_.three && dice_.chance(0.12) ? 3 : 2;
        const int most = threads == 3 ? std::min(2, options_.items) : options_.items;
        for (std::size_t t = 0; t < threads; ++t) {
            threads_.emplace_back();
            thread_ = &threads_.back();
            const std::size_t items = 1 + dice_.below(static_cast<std::size_t>(most));
            for (std::size_t i = 0; i < items; ++i) add_item();
            if (options_.handlers && dice_.chance(0.2)) add_handler();
        }
        return header() + initial_state() + code() + condition();
    }

  private:
    using Words = std::initializer_list<const char*>;
    const char* pick(Words words) { return *(words.begin() + dice_.below(words.size())); }
    bool chance(double p) { return dice_.chance(p); }
    /// x more often than y.
    std::size_t place() { return chance(0.65) ? 0 : 1; }
    static std::string address(std::size_t place) { return fmt::format("[X{}]", 10 + place); }
    static std::string descriptor_address(std::size_t place) { return fmt::format("[X{}]", 12 + place); }
    template <class... T>
    void emit(fmt::format_string<T...> format, T&&... arguments) {
        thread_->code.push_back(fmt::format(format, std::forward<T>(arguments)...));
    }
    int fresh() { return thread_->next_register++; }
    int loaded_value() {
        const int r = fresh();
        thread_->loaded.push_back(r);
        return r;
    }
    int number() {
        const int r = fresh();
        emit("MOV W{},#{}", r, 1 + dice_.below(2));
        return r;
    }
    std::string label() { return fmt::format("L{}", next_label_++); }
    /// Gives the next access a label now and then, so that a condition can speak of its fault.
    void may_fault(std::size_t place) {
        if (!chance(0.5)) return;
        thread_->labels.emplace_back(label(), place);
        emit("{}:", thread_->labels.back().first);
    }

    void add_item() {
        const std::size_t kind = dice_.below(100);
        if (kind < 22) {
            load();
        } else if (kind < 42) {
            store();
        } else if (kind < 56) {
            store_descriptor();
        } else if (kind < 61) {
            load_descriptor();
        } else if (kind < 75) {
            barrier();
        } else if (kind < 84) {
            invalidate();
        } else if (kind < 90) {
            atomic();
        } else if (kind < 93) {
            atomic_on_descriptor();
        } else if (kind < 95) {
            exclusive();
        } else {
            depend();
        }
    }

    void load() {
        const std::size_t at = place();
        may_fault(at);
        const char* op = pick({"LDR", "LDR", "LDR", "LDAR", "LDAPR"});
        emit("{} W{},{}", op, loaded_value(), address(at));
    }
    void store() {
        const std::size_t at = place();
        const int value = number();
        may_fault(at);
        emit("{} W{},{}", pick({"STR", "STR", "STLR"}), value, address(at));
    }
    void store_descriptor() {
        thread_->privileged = true;
        const char* op = pick({"STR", "STR", "STLR"});
        if (levels_ && chance(0.5)) return emit("{} X{},[X{}]", op, 22 + dice_.below(2), 20 + place());
        emit("{} X{},{}", op, 14 + dice_.below(2), descriptor_address(place()));
    }
    void load_descriptor() {
        thread_->privileged = true;
        const int r = fresh();
        thread_->descriptors.push_back(r);
        emit("LDR X{},{}", r, descriptor_address(place()));
    }
    void barrier() {
        emit("{}", pick({"DMB SY", "DMB LD", "DMB ST", "DSB ISH", "DSB SY", "DSB ISHST", "DSB ISHLD",
                         "DSB NSH", "ISB", "DMB ISH"}));
    }
    void invalidate() {
        thread_->privileged = true;
        if (chance(0.7)) emit("{}", pick({"DSB ISH", "DSB ISH", "DSB ISHST"}));
        if (chance(0.15)) {
            emit("TLBI {}", pick({"VMALLE1IS", "VMALLE1"}));
        } else {
            emit("LSR X16,X{},#12", 10 + place());
            emit("TLBI {},X16", pick({"VAAE1IS", "VAAE1IS", "VAE1IS", "VALE1IS", "VAAE1"}));
        }
        if (chance(0.9)) emit("{}", pick({"DSB ISH", "DSB ISH", "DSB SY", "DSB NSH"}));
        if (chance(0.3)) emit("ISB");
    }
    void atomic() {
        const std::size_t at = place();
        const int value = number();
        may_fault(at);
        const char* op = pick({"SWP", "SWPAL", "LDADD", "LDADDA", "CAS", "CASAL"});
        emit("{} W{},W{},{}", op, value, loaded_value(), address(at));
    }
    /// Sets or clears the descriptor's AF (bit 10), DBM (51 is beyond a MOV) or valid bit.
    void atomic_on_descriptor() {
        thread_->privileged = true;
        emit("MOV X17,#{}", pick({"1", "1024"}));
        const int r = fresh();
        thread_->descriptors.push_back(r);
        emit("{} X17,X{},{}", pick({"LDCLR", "LDSET"}), r, descriptor_address(place()));
    }
    void exclusive() {
        const std::size_t at = place();
        const int value = number();
        emit("LDXR W{},{}", loaded_value(), address(at));
        emit("STXR W18,W{},{}", value, address(at));
    }
    /// Something after a value that was loaded: by control, address, or control and ISB.
    void depend() {
        if (thread_->loaded.empty()) return load();
        const int from = thread_->loaded[dice_.below(thread_->loaded.size())];
        if (chance(0.4)) {
            emit("EOR W17,W{},W{}", from, from);
            emit("LDR W{},[X{},W17,SXTW]", loaded_value(), 10 + place());
            return;
        }
        const std::string skip = label();
        emit("CBNZ W{},{}", from, skip);
        emit("{}:", skip);
        if (chance(0.5)) emit("ISB");
        chance(0.5) ? load() : store();
    }

    void add_handler() {
        auto& handler = thread_->handler;
        if (chance(0.5)) {
            const std::string end = label();
            thread_->code.push_back(end + ":");
            handler = {"ADR X19," + end, "MSR ELR_EL1,X19", "ERET"};
        } else {
            handler = {"MOV W19,#2", fmt::format("STR W19,[X{}]", 10 + place())};
        }
    }

    std::string header() {
        std::string text = fmt::format("AArch64 random-{}\n", seed_);
        std::string variant = pick({"fatal", "fatal", "handled", "skip"});
        bool handlers = false;
        for (const Thread& t : threads_) handlers = handlers || !t.handler.empty();
        if (handlers) variant = "handled";
        variant += pick({"", "", ",ets2", ",ets3"});
        text +=
            fmt::format("Variant=vmsa,{}{}{}\n", variant, levels_ ? ",mlpt" : "", hints_ ? ",contig" : "");
        if (hints_ && chance(0.7)) text += fmt::format("Contiguous={}\n", pick({"x,y", "x,y", "y,x", "x"}));
        if (levels_ && chance(0.3)) text += fmt::format("SameTable={}\n", pick({"x,y", "y,x"}));
        if (options_.hardware && !levels_ && chance(0.3)) {
            text += fmt::format("TTHM={}\n", pick({"HA", "HD", "P0:HA", "P1:HA", "P1:HD", "HA HD"}));
        }
        for (std::size_t t = 0; t < threads_.size(); ++t) {
            if (threads_[t].privileged || !threads_[t].handler.empty() || !chance(0.3)) continue;
            text += fmt::format("EL0=P{}\n", t);
            break;
        }
        return text;
    }

    std::string descriptor(std::size_t of) {
        const char* oa = names[chance(0.7) ? of : 1 - of];
        const char* field =
            pick({"", ", valid:0", ", valid:0", ", af:0", ", db:0", ", db:0, dbm:1", ", el0:0"});
        const char* hint = hints_ && chance(0.6) ? ", contig:1" : "";
        return fmt::format("(oa:PA({}){}{})", oa, field, hint);
    }
    std::string level2_descriptor(std::size_t of) {
        const char* to = names[chance(0.7) ? of : 1 - of];
        if (chance(0.4)) return "(valid:0)";
        if (chance(0.5)) return fmt::format("(oa:PTE({}), dt:Table)", to);
        return fmt::format("(oa:PA({}), dt:Block{})", to, pick({"", "", ", af:0", ", db:0", ", el0:0"}));
    }

    std::string initial_state() {
        std::string text = "{\n";
        for (std::size_t l = 0; l < locations; ++l) {
            if (chance(0.4)) text += fmt::format("int {}={};\n", names[l], 3 + l);
            const double common = l == 0 || hints_ ? 0.5 : 0.1;
            if (chance(common)) text += fmt::format("[PTE({})]={};\n", names[l], descriptor(l));
            if (levels_ && l == 0 && chance(0.3))
                text += fmt::format("[TTD({},S1,LV2)]={};\n", names[l], level2_descriptor(l));
        }
        for (std::size_t t = 0; t < threads_.size(); ++t) {
            for (std::size_t l = 0; l < locations; ++l) {
                text += fmt::format("{}:X{}={}; ", t, 10 + l, names[l]);
                if (!threads_[t].privileged) continue;
                text += fmt::format("{}:X{}=PTE({}); ", t, 12 + l, names[l]);
                text += fmt::format("{}:X{}={}; ", t, 14 + l, descriptor(l));
                if (!levels_) continue;
                text += fmt::format("{}:X{}=TTD({},S1,LV2); ", t, 20 + l, names[l]);
                text += fmt::format("{}:X{}={}; ", t, 22 + l, level2_descriptor(l));
            }
            for (const int r : threads_[t].descriptors) text += fmt::format("pteval_t {}:X{}; ", t, r);
            text += "\n";
        }
        return text + "}\n";
    }

    std::string code() const {
        std::vector<std::pair<std::string, const std::vector<std::string>*>> columns;
        for (std::size_t t = 0; t < threads_.size(); ++t)
            columns.emplace_back(fmt::format("P{}", t), &threads_[t].code);
        for (std::size_t t = 0; t < threads_.size(); ++t) {
            if (!threads_[t].handler.empty())
                columns.emplace_back(fmt::format("P{}.F", t), &threads_[t].handler);
        }
        std::size_t rows = 0;
        for (const auto& [name, lines] : columns) rows = std::max(rows, lines->size());
        std::string text;
        for (std::size_t c = 0; c < columns.size(); ++c) {
            text += fmt::format("{}{:<22}", c == 0 ? " " : "| ", columns[c].first);
        }
        text += ";\n";
        for (std::size_t r = 0; r < rows; ++r) {
            for (std::size_t c = 0; c < columns.size(); ++c) {
                const auto& lines = *columns[c].second;
                text += fmt::format("{}{:<22}", c == 0 ? " " : "| ", r < lines.size() ? lines[r] : "");
            }
            text += ";\n";
        }
        return text;
    }

    /// What can be observed, one text each; the condition takes one or two with a value.
    std::string condition() {
        std::vector<std::string> shown{"x", "y"};
        std::vector<std::string> atoms;
        for (const char* name : names) {
            if (chance(0.2)) atoms.push_back(fmt::format("[{}]={}", name, dice_.below(3)));
            if (chance(0.15)) shown.push_back(fmt::format("PTE({})", name));
        }
        for (std::size_t t = 0; t < threads_.size(); ++t) {
            for (const int r : threads_[t].loaded) {
                shown.push_back(fmt::format("{}:X{}", t, r));
                atoms.push_back(fmt::format("{}:X{}={}", t, r, dice_.below(3)));
            }
            for (const int r : threads_[t].descriptors) shown.push_back(fmt::format("{}:X{}", t, r));
            for (const auto& [name, at] : threads_[t].labels) {
                shown.push_back(fmt::format("fault(P{}:{},{})", t, name, names[at]));
                atoms.push_back(fmt::format("{}fault(P{}:{},{})", pick({"", "~"}), t, name, names[at]));
            }
        }
        while (atoms.size() > 2)
            atoms.erase(atoms.begin() + static_cast<std::ptrdiff_t>(dice_.below(atoms.size())));
        if (atoms.empty()) atoms.emplace_back("[x]=1");
        std::string text = "locations [";
        for (const std::string& s : shown) text += s + ";";
        text += fmt::format("]\n{} (", pick({"exists", "exists", "exists", "~exists", "forall"}));
        for (std::size_t i = 0; i < atoms.size(); ++i) text += (i == 0 ? "" : " /\\ ") + atoms[i];
        return text + ")\n";
    }

    Dice dice_;
    RandomLitmusOptions options_;
    std::uint64_t seed_;
    std::vector<Thread> threads_;
    Thread* thread_ = nullptr;
    bool levels_ = false, hints_ = false;
    int next_label_ = 0;  // a label stands once in a test
};

}  // namespace

std::string random_litmus(std::uint64_t seed, const RandomLitmusOptions& options) {
    return Generator(seed, options).run();
}

}  // namespace tlbcheck::tests
