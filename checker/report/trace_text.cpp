// SPDX-License-Identifier: Apache-2.0
//
// The timeline as a table of text, one column for each PE.

#include "checker/report/trace_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "checker/report/kernel_place.hpp"
#include "checker/report/timeline_text.hpp"
#include "checker/text/text_tools.hpp"

namespace tlbcheck::checker {
namespace {

constexpr std::size_t step_number_width = 5;
constexpr std::size_t least_column = 30;

void add_wrapped(std::string& out, std::string_view indent, std::string_view text, std::size_t width) {
    for (const std::string& line : wrapped(text, width - std::min(width, indent.size()))) {
        out += fmt::format("{}{}\n", indent, line);
    }
}

struct Line {
    std::string text;
    Tone tone = Tone::plain;
};
using Cell = std::vector<Line>;

void add_lines(Cell& cell, std::string_view first, std::string_view text, Tone tone, std::size_t width) {
    const std::string hanging(first.size(), ' ');
    bool head = true;
    for (const std::string& line : wrapped(text, width > first.size() ? width - first.size() : 1)) {
        cell.push_back({fmt::format("{}{}", head ? first : std::string_view(hanging), line), tone});
        head = false;
    }
}

/// "[DSB-ob] per_leaf.sched:15:9": the rules and the statement behind a step.
std::string origin_of(const TimelineStep& step) {
    std::string text = step.rules.empty() ? "" : fmt::format("[{}]", text_of(step.rules));
    if (!step.kernel.empty()) {
        text += (text.empty() ? "" : " ") + text_of(shown_frame(step.kernel));
    } else if (step.place.line != 0) {
        const Place nearby{std::filesystem::path(step.place.file).filename().string(), step.place.line,
                           step.place.column};
        text += (text.empty() ? "" : " ") + to_string(nearby);
    }
    return text;
}

/// The kernel's line behind a step, without its indentation; empty where its text is not known.
std::string kernel_text_of(const TimelineStep& step, const std::vector<SourceText>& sources) {
    if (step.kernel.empty()) return {};
    const model::KernelFrame& frame = shown_frame(step.kernel);
    for (const SourceText& source : sources)
        if (source.file == frame.file) return line_of(frame, source.lines);
    return {};
}

class Trace {
  public:
    Trace(const Timeline& timeline, const std::vector<SourceText>& sources, const Painter& paint,
          std::size_t width)
        : timeline_(timeline),
          sources_(sources),
          paint_(paint),
          columns_(std::max<std::size_t>(timeline.pes.size(), 1)),
          idle_(idle_walk_caches(timeline)) {
        const std::size_t room = std::max<std::size_t>(width, 60) - step_number_width;
        column_ = std::max(least_column, room / columns_ - 2);
    }

    std::string write() {
        std::vector<Cell> head(columns_);
        for (std::size_t pe = 0; pe < timeline_.pes.size(); ++pe) {
            head[pe].push_back({timeline_.pes[pe], Tone::strong});
            head[pe].push_back({std::string(column_, '-'), Tone::faint});
            contents(head[pe], pe, state_after(timeline_, -1)[pe], memory_after(timeline_, -1), nullptr);
        }
        rows("", head);
        for (std::size_t i = 0; i < timeline_.steps.size(); ++i) step(i);
        return std::move(out_);
    }

  private:
    void step(std::size_t index) {
        const TimelineStep& step = timeline_.steps[index];
        std::vector<Cell> cells(columns_);
        Cell& own = cells[std::min<std::size_t>(step.pe, columns_ - 1)];
        const Tone tone = step.kind == StepKind::hit ? Tone::bad : Tone::strong;
        add_lines(own, step.kind == StepKind::hit ? "!! " : "", step.text, tone, column_);
        if (!step.detail.empty()) add_lines(own, "   ", step.detail, Tone::plain, column_);
        for (const MemoryDescriptor& changed : step.memory) {
            add_lines(own, "   memory: ", fmt::format("{} = {}", changed.name, value_text(changed)),
                      Tone::plain, column_);
        }
        add_lines(own, "   ", origin_of(step), Tone::faint, column_);
        const std::string line = kernel_text_of(step, sources_);
        if (!line.empty()) add_lines(own, "   | ", line, Tone::faint, column_);
        const int now = static_cast<int>(index);
        const std::vector<PeState> before = state_after(timeline_, now - 1);
        const std::vector<PeState> after = state_after(timeline_, now);
        const bool last = index + 1 == timeline_.steps.size();
        const std::vector<MemoryDescriptor> memory = memory_after(timeline_, now);
        for (std::size_t pe = 0; pe < timeline_.pes.size(); ++pe) {
            if (last || !(before[pe] == after[pe])) contents(cells[pe], pe, after[pe], memory, &before[pe]);
        }
        rows(std::to_string(index + 1), cells);
    }

    /// The walk cache only where it is another than `before`; an idle one's entries are only counted.
    void contents(Cell& cell, std::size_t pe, const PeState& state,
                  const std::vector<MemoryDescriptor>& memory, const PeState* before) {
        entries(cell, "   TLB: ", state.tlb, memory, true);
        const bool changed = before == nullptr || before->walk_cache != state.walk_cache;
        if (changed && idle_[pe] && !state.walk_cache.empty()) {
            const std::size_t count = state.walk_cache.size();
            cell.push_back(
                {fmt::format("   walk cache: {} {}, never stale", count, count == 1 ? "entry" : "entries"),
                 Tone::plain});
        } else if (changed) {
            entries(cell, "   walk cache: ", state.walk_cache, memory,
                    before != nullptr && !before->walk_cache.empty());
        }
        if (before == nullptr || before->context != state.context) {
            for (const std::string& line : state.context) add_lines(cell, "   ", line, Tone::plain, column_);
        }
        for (const std::string& store : state.store_buffer) {
            add_lines(cell, "   store buffer: ", store, Tone::plain, column_);
        }
        for (const std::string& pending : state.pending)
            add_lines(cell, "   pending: ", pending, Tone::plain, column_);
    }

    void entries(Cell& cell, std::string_view label, const std::vector<CachedEntry>& list,
                 const std::vector<MemoryDescriptor>& memory, bool say_empty) {
        if (list.empty() && say_empty) cell.push_back({fmt::format("{}empty", label), Tone::plain});
        for (const CachedEntry& entry : list) {
            const std::string text = entry_text(memory, entry) + (entry.stale ? "  STALE" : "");
            add_lines(cell, label, text, entry.stale ? Tone::bad : Tone::plain, column_);
        }
    }

    void rows(std::string_view number, const std::vector<Cell>& cells) {
        std::size_t height = 0;
        for (const Cell& cell : cells) height = std::max(height, cell.size());
        for (std::size_t row = 0; row < height; ++row) {
            std::string line = fmt::format("{:>3}  ", row == 0 ? number : std::string_view());
            std::size_t gap = 0;  // Padding is held back, so that no line ends in spaces.
            for (const Cell& cell : cells) {
                if (row < cell.size()) {
                    line.append(gap, ' ');
                    gap = 0;
                    const std::string text = fitted(cell[row].text, column_, false);
                    line += paint_(cell[row].tone, text);
                    gap += column_ - std::min(column_, character_count(text)) + 2;
                } else {
                    gap += column_ + 2;
                }
            }
            while (!line.empty() && line.back() == ' ') line.pop_back();
            out_ += line + "\n";
        }
    }

    const Timeline& timeline_;
    const std::vector<SourceText>& sources_;
    const Painter& paint_;
    std::size_t columns_, column_ = least_column;
    std::vector<bool> idle_;  ///< by PE: its walk cache is shown in short
    std::string out_;
};

void add_memory(std::string& out, const Timeline& timeline) {
    if (timeline.memory.empty()) return;
    out += "tables at the start:\n";
    std::size_t widest = 0;
    for (const MemoryDescriptor& descriptor : timeline.memory)
        widest = std::max(widest, descriptor.name.size());
    for (const MemoryDescriptor& descriptor : timeline.memory) {
        out += fmt::format("  {:<{}}  level {}  0x{:x} ({})  {}\n", descriptor.name, widest,
                           descriptor.slot.level, model::spaces::plain(descriptor.slot.va),
                           size_text(descriptor.size), value_text(descriptor));
    }
    out += "\n";
}

/// What would take the violation away; each was tried.
void add_changes(std::string& out, const QuestionReport& question, std::size_t width) {
    if (!question.cause) return;
    for (const RequestedChange& change : question.cause->changes)
        add_wrapped(out, "", fmt::format("change: {}", change.text), width);
}

void add_timeline(std::string& out, const Timeline& timeline, const std::vector<SourceText>& sources,
                  const QuestionReport& question, const Painter& paint, std::size_t width) {
    add_memory(out, timeline);
    out += Trace(timeline, sources, paint, width).write();
    out += "\n";
    if (!timeline.outcome.empty()) {
        const char* what = question.rule == "no_bbm_violation" ? "the last step" : "the last access";
        const std::string expected = timeline.expected.empty() ? "" : fmt::format("; {}", timeline.expected);
        add_wrapped(out, "", fmt::format("{}: {}{}", what, timeline.outcome, expected), width);
    }
    add_wrapped(out, "", fmt::format("cause: {}", timeline.cause.empty() ? question.reason : timeline.cause),
                width);
    add_changes(out, question, width);
}

/// An assumption is a list of choices, separated by semicolons; of a long one the first is told.
std::string shortened_assumption(const std::string& text) {
    const auto choices = std::count(text.begin(), text.end(), ';') + 1;
    if (choices < 4) return text;
    return fmt::format("{}, and {} choices like it", text.substr(0, text.find(';')), choices - 1);
}

void add_proof(std::string& out, const Proof& proof, const Painter& paint, std::size_t width) {
    if (!proof.summary.empty()) add_wrapped(out, "", proof.summary, width);
    for (const ExcludedReading& excluded : proof.excluded) {
        out += "\n";
        std::string reading = fmt::format("excluded: {}", excluded.reading);
        if (excluded.stands_for > 1) reading += fmt::format(" (and {} like it)", excluded.stands_for - 1);
        add_wrapped(out, "", reading, width);
        for (const ProofCycle& cycle : excluded.cycles) {
            if (!cycle.assumption.empty())
                add_wrapped(out, "  ", fmt::format("if {}:", shortened_assumption(cycle.assumption)), width);
            for (const ProofEdge& edge : cycle.edges) {
                out += fmt::format("    {}\n      {} {}\n", edge.from, paint(Tone::faint, "before, by"),
                                   paint(Tone::strong, edge.rule.text()));
            }
            if (!cycle.edges.empty()) {
                out += fmt::format("    {}\n    {}\n", cycle.edges.back().to,
                                   paint(Tone::faint, "which is where the cycle began: no execution has it"));
            }
        }
    }
}

void add_rules(std::string& out, const std::vector<RuleName>& names, std::size_t width) {
    if (!names.empty()) out += "\nrules:\n";
    for (const RuleName& name : names) {
        const model::axioms::Rule* rule = model::axioms::find_rule(name.text());
        out += fmt::format("  {} ({})\n", rule->name, rule->source);
        add_wrapped(out, "      ", rule->text, width);
    }
}

void cite(std::vector<RuleName>& names, RuleName name) {
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
}

std::vector<RuleName> cited(const QuestionExplanation& explained) {
    std::vector<RuleName> names;
    if (explained.timeline) {
        for (const TimelineStep& step : explained.timeline->steps) {
            for (const RuleName& rule : step.rules) cite(names, rule);
        }
    }
    if (explained.proof) {
        for (const ExcludedReading& excluded : explained.proof->excluded) {
            for (const ProofCycle& cycle : excluded.cycles) {
                for (const ProofEdge& edge : cycle.edges) cite(names, edge.rule);
            }
        }
    }
    return names;
}

void add_graph(std::string& out, const ExecutionGraph& graph) {
    bool first = true;
    for (const GraphEvent& event : graph.events) {
        if (event.thread >= 0) continue;
        out += fmt::format("{}  {}: {}\n", first ? "before the threads:\n" : "", event.id, event.text);
        first = false;
    }
    for (std::size_t thread = 0; thread < graph.threads.size(); ++thread) {
        out += fmt::format("{}:\n", graph.threads[thread]);
        for (const GraphEvent& event : graph.events) {
            if (event.thread == static_cast<int>(thread))
                out += fmt::format("  {}: {}\n", event.id, event.text);
        }
    }
    for (const GraphEdge& edge : graph.edges) {
        if (edge.relation == RuleName("po")) continue;
        out += fmt::format("  {} -{}-> {}\n", graph.events[edge.from].id, edge.relation.text(),
                           graph.events[edge.to].id);
    }
}

}  // namespace

std::string trace_text(const Explanation& explanation, const Painter& paint, std::size_t width) {
    std::string out = paint(Tone::strong, explanation.file);
    if (!explanation.title.empty()) out += fmt::format(": {}", explanation.title);
    out += "\n";
    for (const QuestionExplanation& explained : explanation.questions) {
        const QuestionReport& question = explained.question;
        out += fmt::format("\n{}\n", paint(Tone::strong, headline(question)));
        if (question.hardware)
            add_wrapped(out, "  ", fmt::format("hardware: {}", hardware_line(question)), width);
        if (!question.reason.empty() && !explained.timeline && !explained.proof)
            add_wrapped(out, "  ", question.reason, width);
        out += "\n";
        if (explained.timeline) {
            add_timeline(out, folded(*explained.timeline), explanation.sources, question, paint, width);
        } else if (explained.graph) {
            add_graph(out, *explained.graph);
        }
        if (explained.proof) add_proof(out, *explained.proof, paint, width);
        add_rules(out, cited(explained), width);
    }
    return out;
}

}  // namespace tlbcheck::checker
