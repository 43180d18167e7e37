// SPDX-License-Identifier: Apache-2.0
//
// The barriers, TLBIs and ISBs of a draft, and what weaker thing can stand in place of each.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "checker/advice/source/draft.hpp"
#include "model/program/schedule_program.hpp"

namespace tlbcheck::checker {

enum class SourceStepKind : std::uint8_t { tlbi, dsb, dmb, isb };

/// A step with what it is in the programs that the file's questions are asked of.
struct SourceStep {
    std::size_t statement = 0;  ///< of Draft::statements()
    SourceStepKind kind = SourceStepKind::isb;
    std::uint64_t executed = 0;    ///< instructions for the machine block
    std::uint64_t broadcasts = 0;  ///< of them
    bool in_asid = false;          ///< some program that it is in has regions with an ASID
    /// Of a DSB: stores come between it and the DSB before. The axioms order those whatever the domain, as
    /// herd7's do, so that no answer speaks for a narrower one.
    bool after_stores = false;
};

/// Steps that are executed for some question, in the order of the text. `laid` are the programs of
/// draft.laid_out(), the first that of the machine block.
std::vector<SourceStep> steps_of(const Draft& draft, const Draft::Laid& laid,
                                 const std::vector<std::shared_ptr<const model::ScheduleProgram>>& programs);

/// One way to weaken a step: the words for it and the edits that make it.
struct Weakening {
    std::string what;  ///< "DSB ISHST", "TLBI VALE1IS", "TLBI of linear only"
    std::vector<PartEdit> edits;
};
/// Barriers that could stand in place of a barrier, the weakest first.
std::vector<Weakening> weaker_barriers(const Draft& draft, const SourceStep& step);
/// The operation of a TLBI statement as it may be weakened.
struct TlbiForm {
    std::string op;      ///< "vae1is"
    std::string region;  ///< in place of a TLBI of everything: of this region's addresses; empty: as written
    friend bool operator==(const TlbiForm&, const TlbiForm&) = default;
};
/// The forms that are one step weaker than this one, in the order in which they are to be tried.
std::vector<TlbiForm> weaker_forms(const TlbiForm& form, const std::vector<std::string>& regions,
                                   bool in_asid);
std::vector<PartEdit> edits_for(const Draft& draft, const SourceStep& step, const TlbiForm& form);
/// The operation of a TLBI statement in lower case; empty where it is not one word.
std::string operation_of(const Draft& draft, const SourceStep& step);
/// "TLBI VALE1IS", "TLBI VAAE1IS of linear alone".
std::string to_string(const TlbiForm& form);

}  // namespace tlbcheck::checker
