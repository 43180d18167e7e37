// SPDX-License-Identifier: Apache-2.0
//
// What `check` answers about one file, as values: a verdict for the file, one report a question. Every writer
// (text, JSON, JUnit, SARIF, annotations) reads these and nothing else, so that none can tell another story.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/arch/params.hpp"
#include "model/program/places.hpp"
#include "model/program/schedule_program.hpp"

namespace tlbcheck::checker {

using model::Place;

enum class FrontEnd : std::uint8_t { sched, litmus, casemate };
std::string_view to_string(FrontEnd front_end);

/// safe, unsafe: properties of schedules; allowed, forbidden, required: conditions of litmus tests.
enum class Verdict : std::uint8_t { safe, unsafe, allowed, forbidden, required, undecided };
std::string_view to_string(Verdict verdict);
/// The verdict of that name; nullopt when there is none.
std::optional<Verdict> parse_verdict(std::string_view word);

/// Where the expected verdict of a question comes from.
enum class ExpectationSource : std::uint8_t { none, assertion, witness, kinds, config };
std::string_view to_string(ExpectationSource source);

/// How a question's verdict compares with what was expected; known: not as expected, and accepted by the
/// baseline.
enum class Outcome : std::uint8_t { no_expectation, met, failed, undecided, known };

/// What a baseline says of a question (checker/gate/baseline.hpp). known: as recorded, and accepted although
/// not as expected; fixed: recorded as not as expected, and now it is; changed: another verdict than
/// recorded; fresh: not recorded.
enum class BaselineState : std::uint8_t { none, known, fixed, changed, fresh };
std::string_view to_string(BaselineState state);

/// Byte range [first, last], both inclusive: virtual addresses unless said. With a count, so many of them,
/// each `step` bytes after the one before.
struct AddressRange {
    std::uint64_t first = 0, last = 0;
    std::uint64_t step = 0;
    std::uint64_t count = 1;
    friend bool operator==(const AddressRange&, const AddressRange&) = default;
};
/// "0xffff000080000000-0xffff00008000ffff (64K)", with a count "... (60K) and so on every 64K, 32768 in all".
std::string to_string(const AddressRange& range);

/// Slices equal up to renaming (docs/formal-model.md section 8): solved once, standing for `count` slices of
/// `leaves` leaves each.
struct SliceClass {
    Verdict verdict = Verdict::undecided;
    std::uint64_t count = 1;
    std::uint64_t leaves = 1;
    std::optional<std::uint64_t> first_va;  ///< start of the first slice of the class
    friend bool operator==(const SliceClass&, const SliceClass&) = default;
};
/// How a question was cut; `reason_whole` says why it was not cut when it was solved as one piece.
struct Slicing {
    std::vector<SliceClass> classes;
    std::string reason_whole;
    friend bool operator==(const Slicing&, const Slicing&) = default;
};

/// Answer to `--any-size`: whether the verdict holds for every size of the region, and why or why not.
struct AnySize {
    bool holds = false;
    std::string why;
    friend bool operator==(const AnySize&, const AnySize&) = default;
};

/// What stands behind a certified safe answer: proofs, distinct ones, and the steps of all.
struct CertificateSummary {
    std::uint64_t proofs = 0, steps = 0;
    friend bool operator==(const CertificateSummary&, const CertificateSummary&) = default;
};

/// Where in the schedule the fault lies, with what the statement does there.
struct Offence {
    Place place;
    std::string text;  ///< the source statement or the instruction, e.g. "flush_tlb_kernel_range(leaf)"
    std::vector<model::KernelFrame> kernel = {};  ///< of kernel code: its call stack, innermost first
    friend bool operator==(const Offence&, const Offence&) = default;
};

/// A change that takes a violation away.
struct RequestedChange {
    std::string kind;  ///< stable name: "isb", "widen_tlbi", ... (docs/reports.md)
    std::string text;  ///< "put ISB after DSB ISH (line 12)"
    Place place;       ///< of the statement that it is about
    friend bool operator==(const RequestedChange&, const RequestedChange&) = default;
};
/// Why a question is unsafe, as far as it was tested; the sentence is QuestionReport::reason.
struct CauseReport {
    std::string kind;     ///< stable name of what was misread: "old_leaf", "final_neighbour", ...
    std::string remedy;   ///< "changes", "no_flush" (no barrier or flush helps), "unknown"
    bool tested = false;  ///< the engine was asked again with the changes, or with a flush of everything
    std::vector<RequestedChange> changes;
    friend bool operator==(const CauseReport&, const CauseReport&) = default;
};

/// A step of a witness at its place in the text, for reports that lead a reader through the source.
struct FlowStep {
    Place place;
    std::string text;  ///< "PE0 (P0): TLBI VAALE1IS, 0xffff000080000000"
    bool essential = false;
    friend bool operator==(const FlowStep&, const FlowStep&) = default;
};

struct QuestionReport {
    std::string text;  ///< as printed: "no_stale_entry(linear)", "exists (1:X0=1)"
    std::string rule;  ///< stable name of the kind of question: "no_stale_entry", ..., "condition"
    std::vector<std::string>
        differs;  ///< "bbm_level = 2": what differs from default hardware, in a fixed order
    Verdict verdict = Verdict::undecided;
    ExpectationSource source = ExpectationSource::none;
    std::optional<Verdict> expected;     ///< none: whatever the verdict, the file does not fail
    std::string reason;                  ///< one sentence that names the cause; for undecided: what ran out
    std::vector<std::string> warnings;   ///< vacuity and the like
    bool no_execution = false;           ///< no execution is allowed at all: the answer says nothing
    bool strict = false;                 ///< such an answer fails (--strict)
    std::vector<AddressRange> affected;  ///< addresses for which the property can be violated
    std::optional<Slicing> slicing;
    std::optional<AnySize> any_size;
    std::optional<CertificateSummary> certificate;  ///< of a safe answer, where one was asked for
    BaselineState baseline = BaselineState::none;
    std::optional<Verdict> recorded;   ///< the baseline's verdict, when it has one
    Place place;                       ///< of the assert, witness or condition
    std::optional<Offence> offence;    ///< the statement a fix would touch, for an unsafe answer
    std::optional<CauseReport> cause;  ///< of an unsafe answer about a schedule
    std::vector<FlowStep> flow;        ///< the witness, step by step, where it was asked for
    std::optional<model::HardwareParameters> hardware;  ///< none for litmus tests
};

/// Something that shaped how kernel code ran (model::KernelNote), with where it was met first.
struct KernelNoteReport {
    model::KernelNote::Kind kind = model::KernelNote::Kind::stub;
    std::string name, value;
    std::vector<model::KernelFrame> stack;
    friend bool operator==(const KernelNoteReport&, const KernelNoteReport&) = default;
};

/// What may become of one barrier, TLBI or ISB of a schedule when all others stay.
enum class Need : std::uint8_t {
    needed,
    could_be_weaker,
    not_needed,
    undecided,  ///< out of time or memory
};
/// "needed", "could be weaker", "not needed", "undecided".
std::string_view to_string(Need need);

/// One step of a schedule that passes, and whether it is needed (`gate --minimize`).
struct StepNote {
    Place place;        ///< of the statement: a helper's, or the kernel's line
    Place called_from;  ///< of the statement in the file that leads there; the same where there is none
    std::string statement;
    Need need = Need::undecided;
    std::vector<std::string> weaker;  ///< what could stand there; or where the statement could be
    std::string note;                 ///< "the answer is vacuous: no proof"
    friend bool operator==(const StepNote&, const StepNote&) = default;
};
struct MinimizedSteps {
    std::vector<StepNote> steps;
    std::string why_not;  ///< why nothing, or not all, is said; else empty
};

/// pass, fail, undecided are answers; error: the file could not be judged (bad input, internal disagreement).
enum class FileVerdict : std::uint8_t { pass, fail, undecided, error };
std::string_view to_string(FileVerdict verdict);

struct FileReport {
    std::string file;
    FrontEnd front_end = FrontEnd::sched;
    std::string title;    ///< the schedule's or the litmus test's name
    std::string variant;  ///< litmus: the variants in force, "vmsa,fatal,ets2"
    std::vector<QuestionReport> questions;
    std::vector<std::string> warnings;  ///< about the file as a whole, e.g. a name missing in the kinds file
    std::vector<KernelNoteReport> kernel;     ///< what shaped the run of kernel code
    std::optional<MinimizedSteps> minimized;  ///< where it was asked for
    std::string smt2;                         ///< the questions as SMT-LIB 2, where asked for
    std::string error;  ///< non-empty: bad input, the file could not be judged; the diagnostic's text
    std::string internal_error;  ///< non-empty: two judges of one answer disagree (exit 4)
};

/// Steps that could be dropped or weakened, in the order of the file; none where some configuration of it was
/// not minimized.
std::vector<StepNote> droppable(const FileReport& file);
/// "isb() (linux.sched:55) is not needed: all else as it is, every assertion stays safe without it".
std::string step_sentence(const StepNote& step);

Outcome outcome_of(const QuestionReport& question);
/// Answers that say nothing, for no execution is allowed at all, fail (--strict).
void be_strict(FileReport& file);
/// error if there is one; else fail if an expectation failed; else undecided if any question is; else pass.
FileVerdict verdict_of(const FileReport& file);
/// Question text with what differs from default hardware: "no_stale_entry(linear) {bbm_level = 2}".
std::string full_text(const QuestionReport& question);

/// The verdict and how it stands to what was expected: "safe", "unsafe (expected safe)", "unsafe (known:
/// expected safe)".
std::string verdict_phrase(const QuestionReport& question);

/// One hardware parameter as printed: name and value as in a machine block.
struct HardwareItem {
    std::string name, value;
    bool is_default = true;
};
/// All parameters in the order of model::hardware_table(); contiguous_entries only where it is set.
std::vector<HardwareItem> hardware_items(const model::HardwareParameters& hardware);

/// Who answers: printed in every document and by --version.
struct ModelIdentity {
    std::string tool = "tlbcheck";
    std::string version;
    std::string herdtools7_commit;  ///< whose cat files the axioms transcribe
    std::vector<std::string> extensions = {"contiguous", "walk", "tlbi-scope", "hazards"};
};
/// The identity of this build.
ModelIdentity model_identity();

/// Exit codes of the contract (docs/reports.md).
enum class ExitCode : int { ok = 0, failed = 1, bad_input = 2, undecided = 3, internal_error = 4 };
/// 2 for bad input, else 4 for an internal disagreement, else 1 for a failed expectation, else 3 for an
/// undecided question, else 0.
ExitCode exit_code(const std::vector<FileReport>& files);

}  // namespace tlbcheck::checker
