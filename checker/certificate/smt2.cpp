// SPDX-License-Identifier: Apache-2.0
//
// The comments tell a reader which schedule, question, slice, observer and event a part speaks of.
#include "checker/certificate/smt2.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "checker/engine/observer_formulas.hpp"
#include "checker/engine/slice_solver.hpp"
#include "encoder/smtlib.hpp"

namespace tlbcheck::checker {

namespace {

std::string comment(std::string text) {
    std::ranges::replace_if(
        text, [](char c) { return c == '\n' || c == '\r'; }, ' ');
    return "; " + text + "\n";
}

std::string events_of(const model::EventGraph& graph) {
    std::string text =
        comment("v1 rf W R: the read R reads from the write W; other pairs: docs/formal-model.md");
    for (std::size_t e = 0; e < graph.size(); ++e) {
        text += comment(fmt::format("event {}: {}", e, graph.event(static_cast<model::EventId>(e)).label));
    }
    return text;
}

}  // namespace

std::string smt2_of(const std::string& file, const QuestionReport& question, const model::Slicing& slicing,
                    model::PropertyKind kind) {
    std::string text;
    for (const model::Slice& slice : slicing.slices) {
        for (const model::ScheduleQuestion& asked : questions_for(kind, slice.schedule)) {
            ObserverFormulas query(slice.schedule, asked);
            std::vector<encoder::NamedFormula> asserted;
            for (std::size_t i = 0; i < query.formulas.checks().size(); ++i)
                asserted.push_back({"check " + query.formulas.check_names()[i], query.formulas.checks()[i]});
            asserted.push_back({"the question: " + question.text, query.built.violated});
            text +=
                comment(fmt::format("{}: {}: {}", file, full_text(question), to_string(question.verdict)));
            text += comment(fmt::format("slice at 0x{:x}, {}", slice.schedule.candidates.front(),
                                        observer_text(asked, slice.schedule)));
            text += events_of(query.built.graph);
            if (question.verdict == Verdict::safe) text += "(set-info :status unsat)\n";
            text += encoder::smtlib_script(query.built.graph, asserted) + "(reset)\n\n";
        }
    }
    return text;
}

}  // namespace tlbcheck::checker
