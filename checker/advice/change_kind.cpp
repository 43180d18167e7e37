// SPDX-License-Identifier: Apache-2.0
//
// The names of changes in JSON.
#include "checker/advice/change.hpp"

namespace tlbcheck::checker {

std::string_view to_string(ChangeKind kind) {
    switch (kind) {
        case ChangeKind::dsb_before_tlbi:
            return "dsb_before_tlbi";
        case ChangeKind::dsb_after_tlbi:
            return "dsb_after_tlbi";
        case ChangeKind::dsb_after_store:
            return "dsb_after_store";
        case ChangeKind::isb:
            return "isb";
        case ChangeKind::dsb_before_signal:
            return "dsb_before_signal";
        case ChangeKind::dsb_after_wait:
            return "dsb_after_wait";
        case ChangeKind::isb_after_wait:
            return "isb_after_wait";
        case ChangeKind::widen_tlbi:
            return "widen_tlbi";
        case ChangeKind::name_address:
            return "name_address";
        case ChangeKind::move_tlbi:
            return "move_tlbi";
        case ChangeKind::add_flush:
            return "add_flush";
        case ChangeKind::flush_everything:
            return "flush_everything";
        case ChangeKind::flush_at_label:
            return "flush_at_label";
        case ChangeKind::flush_at_free:
            return "flush_at_free";
        case ChangeKind::free_later:
            return "free_later";
        case ChangeKind::signal_later:
            return "signal_later";
        case ChangeKind::clear_first:
            return "clear_first";
        case ChangeKind::unmap_first:
            return "unmap_first";
        case ChangeKind::unfold_first:
            return "unfold_first";
        case ChangeKind::wait_for_flush:
            return "wait_for_flush";
        case ChangeKind::isb_after_switch:
            return "isb_after_switch";
        case ChangeKind::dsb_between_tlbis:
            return "dsb_between_tlbis";
        case ChangeKind::tlbi_in_vm:
            return "tlbi_in_vm";
        case ChangeKind::flush_stage2:
            return "flush_stage2";
        case ChangeKind::flush_combined:
            return "flush_combined";
        case ChangeKind::own_tag:
            return "own_tag";
        case ChangeKind::flush_before_switch:
            return "flush_before_switch";
    }
    return "?";
}

}  // namespace tlbcheck::checker
