// SPDX-License-Identifier: Apache-2.0
//
// One PE for each thread of the log, its records in their order. Between PEs only a lock that one hands to
// the next orders anything.
#include "litmus/casemate/reader.hpp"

#include <fmt/format.h>

#include <map>
#include <optional>
#include <utility>

#include "litmus/casemate/pages.hpp"
#include "litmus/casemate/record.hpp"
#include "litmus/casemate/registers.hpp"
#include "litmus/sched/syntax_tree.hpp"
#include "litmus/source_file.hpp"
#include "model/arch/hardware_update.hpp"

namespace tlbcheck::litmus::casemate {

namespace {

using model::SpaceId;

/// Where an unlock hands a lock to another thread's lock, by record: the flag of that meeting.
struct Handovers {
    std::map<std::size_t, std::uint32_t> given, taken;
    std::vector<std::string> flags;
};

class LogReader {
  public:
    LogReader(const Source& source, const sched::HardwareOverrides& overrides)
        : source_(source), log_(read_records(source)) {
        hardware_ = sched::apply({}, overrides);
        if (hardware_.granule != model::Granule::k4 || model::lookup_levels(hardware_) != 4)
            fail(Place{}, "a casemate log is of the 4K granule and four levels",
                 "leave out --granule and --levels");
        if (model::manages_flags(hardware_))
            fail(Place{}, "hardware updates of descriptors are not followed through a casemate log",
                 "leave out --ha and --vtcr-ha");
        program_.hardware = hardware_;
        program_.files = {source->name};
        program_.title = fmt::format("casemate log of {} records", log_.records.size());
    }

    LogProgram read() {
        start_threads();
        find_handovers();
        program_.flags = handovers_.flags;
        const auto changed = [this](const Record& record, const char* what) {
            fail(record.place, fmt::format("{} changes", what),
                 "it has to have one value from the beginning of the log to its end");
        };
        format_ = word_format(log_, changed);
        start_registers();
        Pages pages(program_, format_);
        pages_ = &pages;
        for (std::size_t k = 0; k < log_.records.size(); ++k) step(k);
        // Guests run behind the return to them, which is a context synchronization event.
        for (std::uint32_t t = 0; t < program_.threads.size(); ++t) {
            using Kind = model::ContextChange::Kind;
            pages.emit({t, pes_[t].last}, model::ContextChange{Kind::exception_return, model::no_space});
        }
        pages.finish();
        check_flags();
        return result();
    }

  private:
    static constexpr std::uint64_t full_size = 0x10;  ///< T0SZ of 48 bits
    struct Pe {
        SpaceId vm = model::no_space, el2 = model::no_space;
        bool writes_ttbr0 = false;  ///< somewhere in the log
        std::uint64_t vtcr = full_size, tcr = full_size;
        model::SourcePlace last;
    };

    [[noreturn]] void fail(const Place& place, const std::string& message, std::string hint = {}) const {
        throw InputError(message, source_, place, std::move(hint));
    }

    void start_threads() {
        for (const Record& record : log_.records) numbers_.emplace(record.thread, 0);
        for (auto& [tid, index] : numbers_) {
            index = static_cast<std::uint32_t>(program_.threads.size());
            model::ScheduleThread thread;
            thread.name = fmt::format("P{}", tid);
            thread.code.resize(1);
            thread.starts_in.vm = model::no_space;
            program_.threads.push_back(std::move(thread));
        }
        if (program_.threads.size() > 64) fail(Place{}, "the log has more than 64 threads");
        pes_.resize(program_.threads.size());
    }

    /// What the registers hold before their first writes. A PE whose TTBR0_EL2 the log does not show may be
    /// in any of EL2's tables.
    void start_registers() {
        const auto first = [&](Register reg) {
            const auto found = std::ranges::find_if(log_.records, [&](const Record& record) {
                return record.kind == RecordKind::sysreg_write && record.reg == reg;
            });
            return found == log_.records.end() ? std::nullopt : std::optional(found->value);
        };
        const auto vtcr = first(Register::vtcr_el2), tcr = first(Register::tcr_el2);
        const auto hcr = first(Register::hcr_el2);
        for (const Record& record : log_.records)
            if (record.kind == RecordKind::sysreg_write && record.reg == Register::ttbr0_el2)
                pes_[numbers_.at(record.thread)].writes_ttbr0 = true;
        for (std::size_t t = 0; t < pes_.size(); ++t) {
            pes_[t].vtcr = vtcr.value_or(full_size);
            pes_[t].tcr = tcr.value_or(full_size);
            model::PeStart& start = program_.threads[t].starts_in;
            if (pes_[t].writes_ttbr0) start.el2 = model::no_space;
            if (format_.e2h && hcr) start.tge = (*hcr & hcr_tge) != 0;
        }
    }

    void find_handovers() {
        struct Lock {
            std::optional<std::uint32_t> holder;
            std::optional<std::pair<std::size_t, std::uint32_t>> released;  ///< by which record and thread
        };
        std::map<std::uint64_t, Lock> locks;
        for (std::size_t k = 0; k < log_.records.size(); ++k) {
            const Record& record = log_.records[k];
            if (record.kind == RecordKind::unlock) {
                Lock& lock = locks[record.address];
                if (lock.holder != record.thread)
                    fail(record.place, fmt::format("thread {} does not hold this lock", record.thread));
                lock = {std::nullopt, std::pair(k, record.thread)};
                continue;
            }
            if (record.kind != RecordKind::lock && record.kind != RecordKind::trylock) continue;
            Lock& lock = locks[record.address];
            if (lock.holder && record.kind == RecordKind::trylock) continue;  // it failed
            if (lock.holder)
                fail(record.place, fmt::format("thread {} holds this lock", *lock.holder),
                     "the records are in the order in which things were done");
            lock.holder = record.thread;
            if (!lock.released || lock.released->second == record.thread) continue;
            const auto [given, fresh] = handovers_.given.emplace(
                lock.released->first, static_cast<std::uint32_t>(handovers_.flags.size()));
            if (fresh)
                handovers_.flags.push_back(
                    fmt::format("lock 0x{:x}, {}", record.address, handovers_.flags.size() + 1));
            handovers_.taken[k] = given->second;
        }
    }

    Pages::Where where(const Record& record) const {
        return {numbers_.at(record.thread), {0, record.place.line, record.place.column}};
    }

    void step(std::size_t k) {
        const Record& record = log_.records[k];
        pes_[numbers_.at(record.thread)].last = where(record).place;
        try {
            take(record, k);
        } catch (const Refused& refused) {
            fail(record.place, refused.message, refused.hint);
        }
    }

    void take(const Record& record, std::size_t k) {
        const Pages::Where at = where(record);
        switch (record.kind) {
            case RecordKind::mem_write:
                // The stores before a release are before it.
                if (record.release) pages_->emit(at, *model::parse_barrier(model::BarrierKind::dmb, "ishst"));
                return pages_->write(at, record.address, record.value);
            case RecordKind::mem_read:
                return check_read(record);
            case RecordKind::mem_init:
                return pages_->zero(at, record.address, record.size);
            case RecordKind::mem_free:
                return pages_->free(at, record.address, record.size);
            case RecordKind::mem_set:
                if (record.value > 0xFF) throw Refused{"mem-set writes a byte, 0x0 to 0xff", {}};
                return pages_->set(at, record.address, record.size, static_cast<std::uint8_t>(record.value));
            case RecordKind::barrier:
                return pages_->emit(at, record.barrier);
            case RecordKind::tlbi:
                return pages_->emit(at, model::TlbiInstruction{record.tlbi, record.value});
            case RecordKind::sysreg_write:
                return write_register(record, at);
            case RecordKind::hint:
                if (record.hint == HintKind::release_table) release(record, at);
                return;  // the others are of casemate's own protocol
            case RecordKind::lock:
            case RecordKind::trylock:
                return take_lock(at, k);
            case RecordKind::unlock:
                return give_lock(at, k);
        }
    }

    void check_read(const Record& record) const {
        if (!pages_->is_known(record.address) || pages_->read(record.address) == record.value) return;
        throw Refused{fmt::format("memory holds 0x{:x} here", pages_->read(record.address)),
                      "records are missing, or are not in the order in which memory changed"};
    }

    void release(const Record& record, const Pages::Where& at) {
        pages_->release(at, record.address, [this](SpaceId space) {
            const bool of_el2 = !program_.spaces[space].stage2;
            return std::ranges::any_of(pes_, [&](const Pe& pe) {
                return pe.vm == space || pe.el2 == space || (of_el2 && !pe.writes_ttbr0);
            });
        });
    }

    void take_lock(const Pages::Where& at, std::size_t k) {
        const auto flag = handovers_.taken.find(k);
        if (flag == handovers_.taken.end()) return;
        pages_->emit(at, model::Await{flag->second, 0, 1});
        pages_->emit(at, *model::parse_barrier(model::BarrierKind::dmb, "ishld"));
    }
    void give_lock(const Pages::Where& at, std::size_t k) {
        const auto flag = handovers_.given.find(k);
        if (flag == handovers_.given.end()) return;
        pages_->emit(at, model::Access{model::AccessKind::store_release, flag->second, 0, 1});
    }

    void write_register(const Record& record, const Pages::Where& at) {
        Pe& pe = pes_[at.thread];
        switch (record.reg) {
            case Register::vtcr_el2:
                start_of_stage2(record.value);  // refuses what is not supported
                pe.vtcr = record.value;
                manages_flags_ = manages_flags_ || (record.value >> 21U & 1U) != 0;
                return;
            case Register::tcr_el2:
                pe.tcr = record.value;
                // HA is bit 21, with HCR_EL2.E2H bit 39.
                manages_flags_ = manages_flags_ || (record.value & ((1ULL << 21U) | (1ULL << 39U))) != 0;
                return;
            case Register::vttbr_el2:
                return write_vttbr(record.value, pe, at);
            case Register::ttbr0_el2:
                return write_ttbr0(record.value, pe, at);
            case Register::hcr_el2:
                if (format_.e2h) {
                    using Kind = model::ContextChange::Kind;
                    pages_->emit(at, model::ContextChange{Kind::set_tge, model::no_space,
                                                          (record.value & hcr_tge) != 0});
                }
                return;
            case Register::sctlr_el2:
            case Register::mair_el2:
                return;  // whether translation is on is not looked at; MAIR_EL2 goes for the whole log
        }
    }

    static constexpr std::uint64_t address_bits = 0x0000'FFFF'FFFF'F000;
    bool leads_nowhere(std::uint64_t root) const { return root == 0 && !pages_->is_known(0); }

    /// With HA a leaf with AF = 0 may be cached, and hardware writes to it, which no log records.
    void check_flags() const {
        if (!manages_flags_) return;
        for (const model::ScheduleThread& thread : program_.threads) {
            for (const model::Run& run : thread.code) {
                for (const model::Instruction& instruction : run.body) {
                    const auto* store = std::get_if<model::StoreDescriptor>(&instruction.operation);
                    if (store == nullptr || store->value.kind != model::DescriptorKind::leaf ||
                        store->value.af)
                        continue;
                    fail(Place{instruction.place.line, instruction.place.column},
                         "this leaf has AF = 0, and HA of VTCR_EL2 or TCR_EL2 has hardware set it, which is "
                         "not followed through a log");
                }
            }
        }
    }

    void write_vttbr(std::uint64_t value, Pe& pe, const Pages::Where& at) {
        const std::uint64_t root = value & address_bits;
        model::AddressSpace vm;
        vm.stage2 = true;
        vm.vmid = static_cast<std::uint16_t>(value >> 48U);
        pe.vm = leads_nowhere(root) ? model::no_space
                                    : pages_->space_of(at, root, std::move(vm), start_of_stage2(pe.vtcr));
        pages_->emit(at, model::ContextChange{model::ContextChange::Kind::switch_vm, pe.vm});
    }

    void write_ttbr0(std::uint64_t value, Pe& pe, const Pages::Where& at) {
        const std::uint64_t root = value & address_bits;
        model::AddressSpace hypervisor;
        hypervisor.regime = format_.e2h ? model::Regime::el20 : model::Regime::el2;
        hypervisor.asid = static_cast<std::uint16_t>(value >> 48U);
        if (!format_.e2h && hypervisor.asid != 0)
            throw Refused{"TTBR0_EL2 has an ASID, and EL2 has none: bits 63:48 are RES0",
                          "they are an ASID where HCR_EL2.E2H is 1"};
        pe.el2 = leads_nowhere(root)
                     ? model::no_space
                     : pages_->space_of(at, root, std::move(hypervisor), start_of_el2(pe.tcr));
        pages_->emit(at, model::ContextChange{model::ContextChange::Kind::switch_el2, pe.el2});
    }

    void ask(model::PropertyKind kind, const model::Judging& judging, std::string text) {
        model::Property property;
        property.kind = kind;
        property.judging = judging;
        property.hardware = hardware_;
        property.differs = sched::differs_from_default(hardware_);
        property.text = std::move(text);
        property.place = {0, 1, 1};
        program_.properties.push_back(std::move(property));
    }

    LogProgram result() {
        using Kind = model::PropertyKind;
        model::Judging tables, restrictive;
        tables.replaced_tables = true;
        restrictive.restrictive = true;
        ask(Kind::no_bbm_violation, tables, "no_bbm_violation");
        ask(Kind::no_use_after_free, {}, "no_use_after_free");
        ask(Kind::no_stale_entry, restrictive, "no_stale_entry(tolerate = restrictive)");
        ask(Kind::no_tlb_conflict, {}, "no_tlb_conflict");
        LogProgram log;
        auto tree = std::make_shared<sched::SyntaxTree>();
        tree->sources = {source_};
        tree->title = program_.title;
        log.file.tree = std::move(tree);
        if (program_.regions.empty())
            log.notes.emplace_back(
                "no write of VTTBR_EL2 or TTBR0_EL2 leads to tables: there is nothing to judge");
        if (!log_.failure.empty())
            log.notes.push_back(fmt::format("line {}: casemate said: {}", log_.failure_place.line,
                                            printable(log_.failure, 200)));
        log.program = std::make_shared<const model::ScheduleProgram>(std::move(program_));
        const std::size_t asked = log.program->regions.empty() ? 0 : log.program->properties.size();
        for (std::size_t k = 0; k < asked; ++k) log.questions.push_back({k, log.program});
        return log;
    }

    Source source_;
    Log log_;
    WordFormat format_;
    model::HardwareParameters hardware_;
    model::ScheduleProgram program_;
    std::map<std::uint32_t, std::uint32_t> numbers_;  ///< of the log's threads, by tid
    std::vector<Pe> pes_;
    Handovers handovers_;
    Pages* pages_ = nullptr;
    bool manages_flags_ = false;  ///< VTCR_EL2.HA or TCR_EL2.HA
};

}  // namespace

Result<LogProgram> read_log(const Source& source, const sched::HardwareOverrides& hardware) {
    return collect([&] { return LogReader(source, hardware).read(); });
}

bool is_log(const std::string& path) {
    if (path.ends_with(".casemate")) return true;
    if (!path.ends_with(".log")) return false;
    std::string why;
    const Source source = read_list(path, why);
    if (!source) return false;
    const std::size_t first = source->text.find_first_not_of(" \t\r\n");
    if (first == std::string::npos || source->text[first] != '(') return false;
    const std::string name =
        source->text.substr(first + 1, source->text.find_first_of(" \t\r\n()", first + 1) - first - 1);
    return name == "mem-init" || name == "mem-write" || name == "mem-read" || name == "mem-set" ||
           name == "mem-free" || name == "sysreg-write" || name == "msr" || name == "hint" ||
           name == "barrier" || name == "tlbi" || name == "lock" || name == "trylock" || name == "unlock";
}

}  // namespace tlbcheck::litmus::casemate
