// SPDX-License-Identifier: Apache-2.0
//
// Steps, costs and diffs laid out for a terminal.
#include "checker/report/advice_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "checker/report/cost_text.hpp"
#include "checker/text/text_tools.hpp"

namespace tlbcheck::checker {

namespace {

void add_wrapped(std::string& out, const std::string& text, std::size_t width, std::string_view indent) {
    const std::size_t room = std::max<std::size_t>(width, indent.size() + 20) - indent.size();
    for (const std::string& line : wrapped(text, room)) out += fmt::format("{}{}\n", indent, line);
}

void add_list(std::string& out, const std::vector<std::string>& items, std::size_t width) {
    for (const std::string& item : items) {
        bool first = true;
        for (const std::string& line : wrapped(item, std::max<std::size_t>(width, 24) - 4)) {
            out += fmt::format("  {} {}\n", first ? "-" : " ", line);
            first = false;
        }
    }
}

std::string head(const std::string& file, const std::string& title) {
    return title.empty() ? file + "\n" : fmt::format("{}: {}\n", file, title);
}

std::string shown(const Place& place, const std::string& main) {
    return place.file == main ? fmt::format("line {}", place.line)
                              : fmt::format("{}:{}", place.file, place.line);
}

std::string place_text(const StepReport& step, const std::string& main) {
    if (step.called_from == step.place) return shown(step.place, main);
    return fmt::format("{}, {}", shown(step.called_from, main), shown(step.place, main));
}

Tone tone_of(Need need) {
    switch (need) {
        case Need::needed:
            return Tone::good;
        case Need::could_be_weaker:
        case Need::undecided:
            return Tone::unsure;
        case Need::not_needed:
            return Tone::bad;
    }
    return Tone::plain;
}

void add_steps(std::string& out, const MinimizeReport& report, const Painter& paint, std::size_t width) {
    std::size_t place_width = 0, statement_width = 0;
    constexpr std::size_t widest = 60;
    for (const StepReport& step : report.steps) {
        place_width = std::max(place_width, character_count(place_text(step, report.file)));
        statement_width = std::max(statement_width, character_count(step.statement));
    }
    place_width = std::min(place_width, widest);
    statement_width = std::min(statement_width, widest);
    for (const StepReport& step : report.steps) {
        out += fmt::format("  {}  {}  {}\n", fitted(place_text(step, report.file), place_width, true),
                           fitted(step.statement, statement_width, true),
                           paint(tone_of(step.need), to_string(step.need)));
        for (const std::string& weaker : step.weaker) add_wrapped(out, "to: " + weaker, width, "      ");
        if (step.without)
            add_wrapped(out, fmt::format("without it {}: {}", step.without->question, step.without->sentence),
                        width, "      ");
        if (!step.note.empty()) add_wrapped(out, step.note, width, "      ");
    }
}

void add_schedule(std::string& out, const AdvisedSchedule& schedule, const ScheduleCost& before,
                  std::size_t width) {
    add_list(out, schedule.changes, width);
    const std::string change = cost_change(before, schedule.cost);
    out += "\n" + cost_table({{"before", before}, {"after", schedule.cost}});
    if (!change.empty()) add_wrapped(out, change, width, "  ");
    if (schedule.whole_judged) out += "  Judged without slicing too: safe.\n";
    if (!schedule.diff.empty()) out += "\n" + schedule.diff;
}

}  // namespace

std::string minimize_text(const MinimizeReport& report, const Painter& paint, std::size_t width) {
    std::string out = head(report.file, report.title);
    if (!report.questions.empty()) {
        out += "must stay safe:\n";
        add_list(out, report.questions, width);
    }
    for (const std::string& warning : report.warnings) add_wrapped(out, "warning: " + warning, width, "");
    if (!report.steps.empty()) {
        out += "\n";
        add_steps(out, report, paint, width);
    }
    switch (report.outcome) {
        case AdviceOutcome::done:
            out += "\nThe cheapest combination found, by passes in a fixed order (a local optimum):\n";
            break;
        case AdviceOutcome::nothing_to_do:
            out += report.steps.empty() ? "\nThere is no barrier and no TLBI.\n"
                                        : "\nNo step can be left out or weakened: the schedule is a local "
                                          "optimum.\n";
            break;
        case AdviceOutcome::not_safe:
            add_wrapped(out, report.reason, width, "");
            out += fmt::format("Not safe as it is; `tlbcheck repair {}` looks for changes.\n", report.file);
            break;
        default:
            add_wrapped(out, fmt::format("{}: {}", to_string(report.outcome), report.reason), width, "");
    }
    if (report.cheapest) add_schedule(out, *report.cheapest, report.cost, width);
    return out;
}

std::string repair_text(const RepairReport& report, const Painter& paint, std::size_t width) {
    std::string out = head(report.file, report.title);
    for (const Counterexample& found : report.violated)
        add_wrapped(out, fmt::format("{}: {}", found.question, found.sentence), width, "");
    for (const std::string& warning : report.warnings) add_wrapped(out, "warning: " + warning, width, "");
    switch (report.outcome) {
        case AdviceOutcome::done:
            break;
        case AdviceOutcome::nothing_to_do:
            out += "Nothing is violated: there is nothing to repair.\n";
            break;
        case AdviceOutcome::none_found:
            add_wrapped(out, fmt::format("No repair was found within the bound: {}.", report.bound), width,
                        "");
            break;
        default:
            add_wrapped(out, fmt::format("{}: {}", to_string(report.outcome), report.reason), width, "");
    }
    for (std::size_t k = 0; k < report.repairs.size(); ++k) {
        out +=
            "\n" + paint(Tone::strong, fmt::format("Repair {} of {}", k + 1, report.repairs.size())) + "\n";
        add_schedule(out, report.repairs[k], report.cost, width);
    }
    if (!report.repairs.empty()) add_wrapped(out, fmt::format("\nLooked at: {}.", report.bound), width, "");
    if (!report.repairs.empty() && !report.unfinished.empty())
        add_wrapped(
            out,
            fmt::format("The search was not finished: {}. There may be better repairs.", report.unfinished),
            width, "");
    return out;
}

}  // namespace tlbcheck::checker
