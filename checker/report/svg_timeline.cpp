// SPDX-License-Identifier: Apache-2.0
//
// The timeline picture. Rows are steps; each PE has a column of steps and beside it bars that last as long as
// the TLB and walk-cache entries they stand for; stale ones are hatched. Arrows run in a gutter on the left.

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "checker/report/kernel_place.hpp"
#include "checker/report/svg.hpp"
#include "checker/report/svg_canvas.hpp"
#include "checker/report/timeline_text.hpp"
#include "checker/text/text_tools.hpp"

namespace tlbcheck::checker {
namespace {

constexpr double number_width = 34, step_width = 272, bar_width = 138, strip_width = 14, lane_gap = 10,
                 track_width = 22, head_height = 26;
constexpr std::size_t step_characters = 35, detail_characters = 43, rule_characters = 42, bar_characters = 20;

struct Row {
    double top = 0, height = 0;
    std::vector<std::string> text, detail, rules;
    double middle() const { return top + height / 2; }
    double bottom() const { return top + height; }
};

struct PeColumns {
    double steps = 0, tlb = 0, walk = 0, end = 0;
    double walk_bar = bar_width;  ///< strip_width where the walk cache is idle
};

/// An arrow's lane in the gutter: arrows that overlap in time have different tracks.
std::vector<int> arrow_tracks(const Timeline& timeline) {
    std::vector<int> tracks;
    std::vector<std::vector<std::pair<std::uint32_t, std::uint32_t>>> taken;
    for (const TimelineArrow& arrow : timeline.arrows) {
        const std::uint32_t low = std::min(arrow.from, arrow.to);
        const std::uint32_t high = std::max(arrow.from, arrow.to);
        const auto free = std::find_if(taken.begin(), taken.end(), [&](const auto& spans) {
            return std::none_of(spans.begin(), spans.end(),
                                [&](const auto& span) { return span.first <= high && low <= span.second; });
        });
        tracks.push_back(static_cast<int>(free - taken.begin()));
        if (free == taken.end())
            taken.push_back({{low, high}});
        else
            free->push_back({low, high});
    }
    return tracks;
}

class Drawing {
  public:
    Drawing(SvgCanvas& canvas, const Timeline& timeline, double x, double y)
        : canvas_(canvas),
          timeline_(timeline),
          lives_(entry_lives(timeline)),
          tracks_(arrow_tracks(timeline)),
          idle_(idle_walk_caches(timeline)),
          x_(x),
          y_(y) {
        lay_out_columns();
        lay_out_rows();
    }

    SvgExtent draw() {
        lanes();
        for (const EntryLife& life : lives_) bar(life);
        for (std::size_t i = 0; i < rows_.size(); ++i) step(i);
        for (std::size_t i = 0; i < timeline_.arrows.size(); ++i) arrow(i);
        return {right_ - x_, bottom_ - y_};
    }

  private:
    int track_count(std::size_t pe, Lane lane) const {
        int count = 0;
        for (const EntryLife& life : lives_) {
            if (life.pe == pe && life.lane == lane) count = std::max(count, life.track + 1);
        }
        return count;
    }

    void lay_out_columns() {
        const int gutter = tracks_.empty() ? 0 : *std::max_element(tracks_.begin(), tracks_.end()) + 1;
        numbers_ = x_ + gutter * track_width;
        double at = numbers_ + number_width;
        for (std::size_t pe = 0; pe < timeline_.pes.size(); ++pe) {
            PeColumns columns;
            columns.steps = at;
            columns.tlb = at + step_width + lane_gap;
            columns.walk = columns.tlb + std::max(1, track_count(pe, Lane::tlb)) * bar_width + lane_gap;
            const int walks = track_count(pe, Lane::walk_cache);
            if (idle_[pe]) columns.walk_bar = strip_width;
            columns.end = columns.walk + std::max<double>(84, walks * columns.walk_bar);
            at = columns.end + 2 * lane_gap;
            columns_.push_back(columns);
        }
        right_ = at;
    }

    /// Below the heads: entries held from the start, and the word "empty" where there is none ever.
    bool has_initial_row() const {
        if (std::ranges::any_of(lives_, [](const EntryLife& life) { return life.born < 0; })) return true;
        for (std::size_t pe = 0; pe < timeline_.pes.size(); ++pe) {
            if (track_count(pe, Lane::tlb) == 0 || track_count(pe, Lane::walk_cache) == 0) return true;
        }
        return false;
    }

    void lay_out_rows() {
        double at = y_ + head_height + (has_initial_row() ? 30 : 4);
        for (const TimelineStep& step : timeline_.steps) {
            Row row;
            row.top = at;
            row.text = wrapped(step.text, step_characters);
            row.detail = wrapped(step.detail, detail_characters);
            row.rules = wrapped(text_of(step.rules), rule_characters);
            row.height = 14 + 15.0 * static_cast<double>(row.text.size()) +
                         14.0 * static_cast<double>(row.detail.size()) +
                         13.0 * static_cast<double>(row.rules.size());
            at += row.height + 6;
            rows_.push_back(std::move(row));
        }
        bottom_ = at + 4;
    }

    void lanes() {
        for (std::size_t pe = 0; pe < columns_.size(); ++pe) {
            const PeColumns& columns = columns_[pe];
            canvas_.rect(columns.steps - 6, y_, columns.end - columns.steps + 12, bottom_ - y_, "tc-lane", 8);
            canvas_.text(columns.steps + 4, y_ + 18, "tc-h2", timeline_.pes[pe]);
            tlb_heads(pe);
            canvas_.text(columns.walk, y_ + 18, "tc-h2", "walk cache");
            if (track_count(pe, Lane::tlb) == 0)
                canvas_.text(columns.tlb, y_ + 36, "tc-note", "empty throughout");
            if (track_count(pe, Lane::walk_cache) == 0)
                canvas_.text(columns.walk, y_ + 36, "tc-note", "empty");
        }
    }

    /// Where there are VMs one for each stage that has entries.
    void tlb_heads(std::size_t pe) {
        std::map<int, const EntryLife*> first;
        for (const EntryLife& life : lives_) {
            if (life.pe != pe || life.lane != Lane::tlb || stage_column(life) == 0) continue;
            const EntryLife*& known = first[stage_column(life)];
            if (known == nullptr || life.track < known->track) known = &life;
        }
        if (first.empty()) canvas_.text(columns_[pe].tlb, y_ + 18, "tc-h2", "TLB");
        for (const auto& [stage, life] : first)
            canvas_.text(left_of(*life), y_ + 18, "tc-h2", "TLB, " + stage_text(life->entry.tags->stage));
    }

    void step(std::size_t index) {
        const TimelineStep& step = timeline_.steps[index];
        const Row& row = rows_[index];
        const double left = columns_[step.pe].steps;
        const std::string_view css = step.kind == StepKind::hit ? "tc-box-hit"
                                     : step.lane == Lane::pe    ? "tc-box"
                                                                : "tc-box-fill";
        canvas_.open_group("tc-step", fmt::format("{}\n{}", text_of(step.rules),
                                                  step.kernel.empty() ? to_string(step.place)
                                                                      : text_of(shown_frame(step.kernel))));
        canvas_.line(numbers_ + number_width - 8, row.top + 14, left, row.top + 14, "tc-guide");
        canvas_.text(numbers_ + number_width - 12, row.top + 18, "tc-note", std::to_string(index + 1), "end");
        canvas_.rect(left, row.top, step_width, row.height, css);
        double at = row.top + 4;
        for (const std::string& line : row.text) {
            at += 15;
            canvas_.text(left + 8, at, step.kind == StepKind::hit ? "tc-bad-text" : "tc-strong", line);
        }
        for (const std::string& line : row.detail) {
            at += 14;
            canvas_.text(left + 8, at, "tc-detail", line);
        }
        for (const std::string& line : row.rules) {
            at += 13;
            canvas_.text(left + 8, at, "tc-rule", line);
        }
        canvas_.close_group();
        if (step.kind == StepKind::hit) used_entries(index);
    }

    /// From the bad access to the stale entries its PE holds.
    void used_entries(std::size_t index) {
        const TimelineStep& step = timeline_.steps[index];
        for (const EntryLife& life : lives_) {
            if (life.pe != step.pe || !life.ever_stale || life.last < static_cast<int>(index)) continue;
            const PeColumns& columns = columns_[life.pe];
            const double to = left_of(life);
            const double y = rows_[index].middle();
            canvas_.path(fmt::format("M{} {}H{}", coordinate(to), coordinate(y),
                                     coordinate(columns.steps + step_width + 1)),
                         "tc-edge-hit", true);
        }
    }

    double left_of(const EntryLife& life) const {
        const PeColumns& columns = columns_[life.pe];
        return life.lane == Lane::tlb ? columns.tlb + life.track * bar_width
                                      : columns.walk + life.track * columns.walk_bar;
    }

    void bar(const EntryLife& life) {
        const double left = left_of(life);
        const bool strip = life.lane == Lane::walk_cache && idle_[life.pe];
        const double top =
            life.born < 0 ? y_ + head_height + 4 : rows_[static_cast<std::size_t>(life.born)].top + 2;
        const double end = life.last < 0 ? top + 16 : rows_[static_cast<std::size_t>(life.last)].bottom();
        const double width = (strip ? strip_width : bar_width) - 6;
        const std::vector<MemoryDescriptor> memory = memory_after(timeline_, -1);
        canvas_.open_group("tc-life", entry_text(memory, life.entry));
        canvas_.rect(left, top, width, end - top, life.lane == Lane::tlb ? "tc-entry" : "tc-walk");
        std::vector<std::string> lines;
        if (!strip) lines = wrapped(entry_text(memory, life.entry), bar_characters);
        if (life.ever_stale) {
            const double stale_top =
                life.stale_from <= life.born ? top : rows_[static_cast<std::size_t>(life.stale_from)].top;
            canvas_.rect(left, stale_top, width, end - stale_top, "tc-stale");
            if (stale_top == top)
                lines.insert(lines.begin(), "STALE");
            else
                canvas_.text(left + 6, stale_top + 15, "tc-bad-text", "STALE");
        }
        double at = top + 3;
        for (const std::string& line : lines) {
            at += 13;
            if (at > end - 2) break;
            canvas_.text(left + 6, at, line == "STALE" ? "tc-bad-text" : "tc-note", line);
        }
        canvas_.close_group();
    }

    void arrow(std::size_t index) {
        const TimelineArrow& arrow = timeline_.arrows[index];
        const double down = arrow.to > arrow.from ? 3 : -3;  // Keeps an end and a start at one step apart.
        const double from = rows_[arrow.from].top + 14 + down;
        const double to = rows_[arrow.to].top + 14 - down;
        const double edge = numbers_ + 6;
        const double lane = edge - (tracks_[index] + 1) * track_width + 8;
        const double bend = to > from ? 8 : -8;
        const bool hit = timeline_.steps[arrow.to].kind == StepKind::hit;
        canvas_.open_group("tc-arrow-group", fmt::format("{}: {}", arrow.rule.text(), arrow.detail));
        canvas_.path(fmt::format("M{0} {1}H{2}Q{3} {1} {3} {4}V{5}Q{3} {6} {2} {6}H{0}", coordinate(edge),
                                 coordinate(from), coordinate(lane + 8), coordinate(lane),
                                 coordinate(from + bend), coordinate(to - bend), coordinate(to)),
                     hit ? "tc-edge-hit" : "tc-edge", true);
        canvas_.vertical_text(lane - 3, (from + to) / 2, "tc-rule", arrow.rule.text());
        canvas_.close_group();
    }

    SvgCanvas& canvas_;
    const Timeline& timeline_;
    std::vector<EntryLife> lives_;
    std::vector<int> tracks_;
    std::vector<bool> idle_;  ///< by PE: its walk cache is shown as strips
    std::vector<PeColumns> columns_;
    std::vector<Row> rows_;
    double x_, y_, numbers_ = 0, right_ = 0, bottom_ = 0;
};

}  // namespace

SvgExtent draw_timeline(SvgCanvas& canvas, const Timeline& timeline, double x, double y) {
    return Drawing(canvas, timeline, x, y).draw();
}

}  // namespace tlbcheck::checker
