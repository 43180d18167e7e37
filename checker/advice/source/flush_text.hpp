// SPDX-License-Identifier: Apache-2.0
//
// The flush of a region as a file would write it: by the helpers that it includes, and by the operations of
// the region's regime.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "checker/advice/source/draft.hpp"
#include "model/arch/tlbi.hpp"

namespace tlbcheck::checker {

/// By which operations a region's entries are removed.
enum class FlushForm : std::uint8_t {
    any_asid,  ///< by address
    by_asid,   ///< by address, the region's ASID
    stage2,    ///< by IPA, then what combines both stages
    el2,       ///< by address, of EL2
};
FlushForm flush_form(const litmus::sched::SyntaxTree& tree, const litmus::sched::RegionItem& region);

/// The operation as schedules write it.
std::string word_of(const model::TlbiOp& op);
/// The TLBIs of all that `what` names, by ranges where the machine has them; else page by page, at stage 2
/// all of the VMID.
std::string by_range(std::string_view op, const std::string& what);
/// Statements, one a line, that flush `what` of a region; with `all_levels` table entries too. ASIDs are
/// flushed in all levels anyway.
std::string flush_text(const Draft& draft, FlushForm form, const std::string& what, bool all_levels,
                       const std::string& indent);
/// The flush of all levels differs from that of the last one.
constexpr bool has_levels(FlushForm form) {
    return form != FlushForm::by_asid;
}

/// Statements that flush all regions of EL1 at once: by their ASID where they have one and the same, of all
/// VMs where there are some, else everything of EL1. nullopt: that is no more than the flush of the region.
std::optional<std::string> flush_everything(const Draft& draft, const std::string& indent);

/// What the innermost loop around the statement of the file that runs over the region calls its items.
std::optional<std::string> loop_item(const Draft& draft, std::size_t statement, const std::string& region);

/// The blanks before the first statement of the line.
std::string indent_of(const Draft& draft, const DraftStatement& statement);

/// The barrier that a statement begins or ends with, whatever way it takes; nullopt where it is none, or not
/// known.
std::optional<model::Barrier> first_barrier(const Draft& draft, const litmus::sched::Statement& statement);
std::optional<model::Barrier> last_barrier(const Draft& draft, const litmus::sched::Statement& statement);
/// A barrier right beside such a one does nothing that this one does not.
bool redundant_beside(const model::Barrier& barrier, const model::Barrier& beside);

}  // namespace tlbcheck::checker
