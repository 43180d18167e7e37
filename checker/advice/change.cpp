// SPDX-License-Identifier: Apache-2.0
//
// The words of a change. What an instruction is called, and its place, come from instruction_text.hpp.
#include "checker/advice/change.hpp"

#include <fmt/format.h>

#include "checker/advice/missed_scope.hpp"
#include "checker/engine/instruction_text.hpp"
#include "model/arch/tlbi_forms.hpp"

namespace tlbcheck::checker {

namespace {

class Words {
  public:
    Words(const Change& change, const ChangeContext& context) : change_(change), context_(context) {}

    // NOLINTNEXTLINE(readability-function-size): a case for each, and nothing else
    std::string missing() const {
        switch (change_.kind) {
            case ChangeKind::dsb_before_tlbi:
                return fmt::format(
                    "{} stands between the store to the descriptor and the TLBI, so a walk after "
                    "the TLBI may still have read the old value",
                    no_dsb());
            case ChangeKind::dsb_after_tlbi:
                return after_tlbi();
            case ChangeKind::dsb_after_store:
                return fmt::format("{} follows the store ({}), so that walks need not see it yet", no_dsb(),
                                   instruction());
            case ChangeKind::isb:
                return context_.hardware.ets == 0 ? "on the PE itself a DSB alone does not discard it (no "
                                                    "ISB follows, and no FEAT_ETS2)"
                                                  : "no ISB follows on the PE itself";
            case ChangeKind::dsb_before_signal:
                return fmt::format("no DSB that completes what came before stands before {}", instruction());
            case ChangeKind::dsb_after_wait:
                return fmt::format("no DSB follows {}", instruction());
            case ChangeKind::isb_after_wait:
                return fmt::format("no ISB follows {}", instruction());
            case ChangeKind::widen_tlbi:
                return narrow();
            case ChangeKind::name_address:
                return not_named();
            case ChangeKind::move_tlbi:
                return too_early();
            case ChangeKind::add_flush:
            case ChangeKind::flush_everything:
                return no_flush();
            case ChangeKind::flush_at_label:
                return fmt::format(
                    "where {} comes to the label nothing says that a TLBI which removes it is complete",
                    thread());
            case ChangeKind::flush_at_free:
                return fmt::format(
                    "where {} comes to {} nothing says that a TLBI which removes it is complete", thread(),
                    instruction());
            case ChangeKind::free_later:
                return fmt::format("{} is freed before the TLBI that removes its translation is complete",
                                   freed());
            case ChangeKind::signal_later:
                if (context_.misread.property != model::PropertyKind::no_use_after_free) {
                    return fmt::format(
                        "another thread is told to go on ({}) before the TLBI that removes it is complete",
                        instruction());
                }
                return fmt::format(
                    "another thread is told to go on ({}), and what {:#x} maps is freed before the "
                    "TLBI that removes its translation is complete",
                    instruction(), model::spaces::plain(context_.misread.va));
            case ChangeKind::clear_first:
                return "no break-before-make lies between the two values";
            case ChangeKind::unmap_first:
                return fmt::format("for {} still leads to it when it is freed",
                                   descriptor_text(context_.program, context_.hardware, leading()));
            case ChangeKind::unfold_first:
                return "for a flush does not change what walks read: the set has to be unfolded first";
            case ChangeKind::wait_for_flush:
            case ChangeKind::isb_after_switch:
            case ChangeKind::dsb_between_tlbis:
            case ChangeKind::tlbi_in_vm:
            case ChangeKind::flush_stage2:
            case ChangeKind::flush_combined:
            case ChangeKind::own_tag:
            case ChangeKind::flush_before_switch:
                return context_missing(change_, context_);
        }
        return {};
    }

    /// The flush that was tried, as its instructions stand.
    std::string flushed() const {
        std::string text;
        std::string last;
        for (const EditStep& step : change_.edit) {
            const auto* insert = std::get_if<InsertStep>(&step);
            if (insert == nullptr) continue;
            for (const model::Instruction& i : insert->code) {
                std::string one;
                if (const auto* barrier = std::get_if<model::Barrier>(&i.operation))
                    one = to_string(*barrier);
                if (const auto* tlbi = std::get_if<model::TlbiInstruction>(&i.operation))
                    one = "TLBI " + to_string(tlbi->op);
                if (one.empty() || one == last) continue;
                text += (text.empty() ? "" : ", ") + one;
                last = std::move(one);
            }
        }
        return text;
    }

    std::string to_do() const {
        const std::string range = addresses();
        switch (change_.kind) {
            case ChangeKind::dsb_before_tlbi:
                return barrier("before");
            case ChangeKind::dsb_after_tlbi:
            case ChangeKind::dsb_after_store:
            case ChangeKind::isb:
            case ChangeKind::dsb_after_wait:
            case ChangeKind::isb_after_wait:
                return barrier("after");
            case ChangeKind::dsb_before_signal:
                return barrier("before");
            case ChangeKind::widen_tlbi:
                return widening();
            case ChangeKind::name_address:
                return fmt::format("have the flush at {} name {} as well", instruction(), range);
            case ChangeKind::move_tlbi:
                return fmt::format(
                    "issue {} after the last store to the descriptor, with DSB ISHST before it and "
                    "DSB ISH after it",
                    instruction());
            case ChangeKind::add_flush:
                return fmt::format("flush {} after {} ({})", range, instruction(), flushed());
            case ChangeKind::flush_everything:
                return fmt::format("flush everything after {} ({})", instruction(), flushed());
            case ChangeKind::flush_at_label:
                return fmt::format("flush {} in {}, right before the label ({})", range, thread(), flushed());
            case ChangeKind::flush_at_free:
                return fmt::format("flush {} before {} ({})", range, instruction(), flushed());
            case ChangeKind::free_later:
                return fmt::format("move {} behind the flush", instruction());
            case ChangeKind::signal_later:
                return fmt::format("move {} behind the flush", instruction());
            case ChangeKind::clear_first:
                return fmt::format(
                    "before {}, make every descriptor that is written from there on invalid, and "
                    "flush {}",
                    instruction(), range);
            case ChangeKind::unmap_first:
                return fmt::format("before {}, make {} invalid and flush", instruction(),
                                   descriptor_text(context_.program, context_.hardware, leading()));
            case ChangeKind::unfold_first:
                return fmt::format(
                    "before {}, unfold {}: make its descriptors invalid, flush, "
                    "write them with Contiguous = 0; and keep that bit 0 in what follows",
                    instruction(), range);
            case ChangeKind::wait_for_flush:
            case ChangeKind::isb_after_switch:
            case ChangeKind::dsb_between_tlbis:
            case ChangeKind::tlbi_in_vm:
            case ChangeKind::flush_stage2:
            case ChangeKind::flush_combined:
            case ChangeKind::own_tag:
            case ChangeKind::flush_before_switch:
                return context_to_do(change_, context_);
        }
        return {};
    }

  private:
    std::string instruction() const {
        return change_.at ? placed_instruction(context_.program, context_.hardware, *change_.at)
                          : std::string("the start");
    }

    std::string thread() const { return context_.program.threads[change_.thread].name; }

    std::string tlbi_name() const {
        const auto* tlbi = change_.at ? std::get_if<model::TlbiInstruction>(&change_.at->operation) : nullptr;
        return tlbi == nullptr ? "the TLBI" : "TLBI " + to_string(tlbi->op);
    }

    model::TlbiScope scope() const {
        const auto* tlbi = change_.at ? std::get_if<model::TlbiInstruction>(&change_.at->operation) : nullptr;
        if (tlbi == nullptr) return {};
        return decode_tlbi(tlbi->op, tlbi->operand, model::Geometry(context_.hardware));
    }

    std::string no_dsb() const {
        if (!change_.instead_of) return "no DSB";
        if (change_.instead_of->kind == model::BarrierKind::dsb)
            return fmt::format("only {}, which does not order stores,", to_string(*change_.instead_of));
        return fmt::format("only {} and no DSB", to_string(*change_.instead_of));
    }

    std::string after_tlbi() const {
        if (!change_.instead_of) {
            if (change_.until && std::holds_alternative<model::Access>(change_.until->operation)) {
                return fmt::format(
                    "no DSB follows the TLBI before another thread is told to go on ({}), so it need not be "
                    "complete by then",
                    placed_instruction(context_.program, context_.hardware, *change_.until));
            }
            const bool waited = context_.misread.property == model::PropertyKind::no_use_after_free;
            return fmt::format("no DSB follows the TLBI{}, so it need never complete",
                               waited ? " before the memory is handed on" : "");
        }
        return fmt::format(
            "{} after the TLBI does not complete it (that takes a DSB of loads and stores, as wide "
            "as the TLBI's domain)",
            to_string(*change_.instead_of));
    }

    std::string narrow() const {
        const model::CachedTranslation& entry = context_.misread.entry;
        const model::TlbiScope names = scope();
        switch (change_.widening) {
            case TlbiWidening::broadcast:
                return fmt::format("{} is local to the PE that executes it", tlbi_name());
            case TlbiWidening::all_levels:
                return fmt::format("{} is for the last level only and leaves table descriptors alone",
                                   tlbi_name());
            case TlbiWidening::no_hint:
                if (names.nothing)
                    return fmt::format("{} removes nothing for certain: {}", tlbi_name(), names.why_nothing);
                if (!names.level_hint) break;
                if (!entry.leaf)
                    return fmt::format("{} has the TTL hint {}, which leaves descriptors of level {} alone",
                                       tlbi_name(), *names.level_hint, entry.level);
                return fmt::format("{} says by its TTL hint that the entry is of level {}; it is of level {}",
                                   tlbi_name(), *names.level_hint, entry.level);
            case TlbiWidening::asid:
                if (!names.asid) break;
                if (entry.global && entry.leaf)
                    return fmt::format("{} is for the entries of an ASID; this one is global (nG = 0)",
                                       tlbi_name());
                if (!entry.global && !entry.asid)
                    return fmt::format("{} is for ASID {}; the entry is of whatever ASID the PE had",
                                       tlbi_name(), *names.asid);
                return entry.global ? fmt::format(
                                          "{} is for ASID {}, and walk-cache entries of a global mapping "
                                          "may be of any",
                                          tlbi_name(), *names.asid)
                                    : fmt::format("{} is for ASID {}; the entry is of ASID {}", tlbi_name(),
                                                  *names.asid, *entry.asid);
            case TlbiWidening::with_xs:
                return fmt::format("{} need not remove entries of memory with XS = 1", tlbi_name());
        }
        return fmt::format("{} does not remove it", tlbi_name());
    }

    std::string not_named() const {
        if (some_in_scope(context_.program, context_.hardware, context_.misread.entry))
            return context_.misread.entry.leaf ? none_follows() : through_table();
        std::optional<ExecutedAt> changed;
        const Misread& m = context_.misread;
        if (m.changed_by) changed = ExecutedAt{m.changed_by_thread, m.changed_by->index};
        return why_out_of_scope(context_.program, context_.hardware, m.entry, changed, true).sentence;
    }

    std::string too_early() const {
        const Misread& m = context_.misread;
        const std::string store =
            m.changed_by
                ? fmt::format(" ({})", instruction_text(context_.program, context_.hardware, *m.changed_by))
                : std::string();
        return fmt::format("no TLBI for it follows the store that changed the descriptor{}; {} came before",
                           store, instruction());
    }

    std::string no_flush() const {
        if (!has_tlbi(context_.program)) return "the schedule has no TLBI";
        switch (context_.misread.kind) {
            case Misreading::old_neighbour:
            case Misreading::final_neighbour:
                return fmt::format(
                    "shattered to one {}, that entry is removed by no later TLBI, for those name other "
                    "addresses of the contiguous set",
                    context_.misread.slot.level == 3 ? "page" : "block");
            case Misreading::old_table:
                return through_table();
            default:
                return none_follows();
        }
    }

    /// Of what removes the entry: why none of it helps.
    std::string none_follows() const {
        const Misread& m = context_.misread;
        const bool reused = m.kind == Misreading::reused_table && m.unhooked_by;
        std::string text = reused ? "no TLBI that removes what leads there follows the store that unhooked it"
                                  : "no TLBI that removes it follows the store that changed the descriptor";
        const std::optional<model::PlainInstruction>& changed = reused ? m.unhooked_by : m.changed_by;
        if (!changed) return text;
        const ExecutedAt store{reused ? m.unhooked_by_thread : m.changed_by_thread, changed->index};
        if (const auto later = in_scope_after(context_.program, context_.hardware, m.entry, store)) {
            const std::string tlbi =
                placed_instruction(context_.program, context_.hardware, later->instruction);
            if (later->in_arm) return tlbi + ", which removes it, is not executed in every run";
            const auto* op = std::get_if<model::TlbiInstruction>(&later->instruction.operation);
            const bool elsewhere =
                m.observer != model::ObserverKind::same_pe || m.thread != m.changed_by_thread;
            if (op != nullptr && op->op.domain == model::TlbiDomain::local && elsewhere)
                return tlbi + " is local to the PE that executes it";
            if (op != nullptr && is_stage2_only(op->op.base)) {
                return tlbi +
                       " leaves what combines the entry with stage 1, and nothing says that a TLBI which "
                       "removes that comes once it is complete";
            }
            if (context_.hardware.repeat_tlbi) {
                return fmt::format(
                    "with repeat_tlbi the DSB after {} does not wait for accesses that used it, and no "
                    "further "
                    "TLBI follows one that is complete",
                    tlbi);
            }
            return tlbi + ", which removes it, may come too late";
        }
        if (!some_in_scope(context_.program, context_.hardware, m.entry)) {
            return text + ": " +
                   why_out_of_scope(context_.program, context_.hardware, m.entry, store, false).sentence;
        }
        return text + fmt::format(" ({}); one before it, or of another thread, may come too early",
                                  placed_instruction(context_.program, context_.hardware, *changed));
    }

    const model::DescriptorSlot& leading() const { return leading_slot(context_.misread); }

    static std::string through_table() {
        return "the TLBI that removes the walk-cache entry does not remove the leaf entry already filled "
               "through "
               "it";
    }

    std::string freed() const {
        const auto* free = change_.at ? std::get_if<model::Free>(&change_.at->operation) : nullptr;
        if (free != nullptr && std::holds_alternative<model::TablePage>(free->what)) return "a table page";
        return fmt::format("the memory that {:#x} maps", model::spaces::plain(context_.misread.va));
    }

    std::string addresses() const {
        if (change_.set)
            return fmt::format("the whole contiguous set {:#x} to {:#x}", model::spaces::plain(change_.first),
                               model::spaces::plain(change_.last));
        return fmt::format("{:#x} to {:#x}", model::spaces::plain(change_.first),
                           model::spaces::plain(change_.last));
    }

    std::string barrier(const char* side) const {
        if (change_.instead_of)
            return fmt::format("make {} {} {} {}", to_string(*change_.instead_of), side, instruction(),
                               "a " + to_string(*change_.barrier));
        return fmt::format("put {} {} {}", to_string(*change_.barrier), side, instruction());
    }

    std::string widening() const {
        switch (change_.widening) {
            case TlbiWidening::broadcast:
                return fmt::format("broadcast {} (Inner Shareable)", instruction());
            case TlbiWidening::all_levels:
                return fmt::format("have {} take in all levels", instruction());
            case TlbiWidening::no_hint:
                return fmt::format("drop the TTL hint of {}", instruction());
            case TlbiWidening::asid:
                if (const auto* tlbi = std::get_if<model::TlbiInstruction>(&change_.at->operation);
                    tlbi != nullptr && context_.misread.entry.leaf && context_.misread.entry.global)
                    return fmt::format("make {} a TLBI {}", instruction(),
                                       to_string(model::TlbiOp{any_asid_form(tlbi->op.base), tlbi->op.domain,
                                                               tlbi->op.nxs}));
                return fmt::format("give {} the ASID of the mapping, or any", instruction());
            case TlbiWidening::with_xs:
                return fmt::format("drop nXS from {}", instruction());
        }
        return {};
    }

    const Change& change_;
    const ChangeContext& context_;
};

}  // namespace

std::string what_is_missing(const Change& change, const ChangeContext& context) {
    return Words(change, context).missing();
}

std::string what_to_do(const Change& change, const ChangeContext& context) {
    return Words(change, context).to_do();
}

}  // namespace tlbcheck::checker
