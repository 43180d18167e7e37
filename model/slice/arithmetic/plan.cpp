// SPDX-License-Identifier: Apache-2.0
//
// Breakpoints of a cell: ends of the lines that touch it, rounded to every span that matters, and the periods
// between them (docs/slicing.md, theorem 2).
#include "model/slice/arithmetic/plan.hpp"

#include <algorithm>
#include <optional>

#include "model/limits/budget.hpp"
#include "model/slice/arithmetic/segments.hpp"
#include "model/slice/arithmetic/table_run.hpp"

namespace tlbcheck::model {

namespace {

constexpr std::uint64_t edge = 3;  ///< iterations at each end of a run that are visited one by one

/// An image of virtual in physical memory: pa = va + shift on a range.
struct Image {
    AddressRange va;
    std::uint64_t pa = 0;  ///< of va.first
    enum Kind : std::uint8_t { shifted, constant, other } kind = shifted;
    std::uint64_t pa_bytes = 0;  ///< of a constant one
};

class Planner {
  public:
    Planner(const SliceContext& context, const Lines& lines, const SliceCell& cell)
        : context_(context), geometry_(context.geometry), lines_(lines), cell_(cell), unit_(cell.unit_bytes) {
        const Unit first{&cell, round_down(cell.range.first, unit_), cell.range};
        first_ = first.base;
        last_ = round_down(cell.range.last, unit_);
        cut(first_);
        if (cell.range.first != first_) cut(first_ + unit_);
        if (cell.range.last != last_ + (unit_ - 1)) cut(last_);
        find_spans(first);
    }

    std::vector<Segment> run() {
        add_stores();
        for (const std::uint32_t id : touching(lines_.free_tables, unit_)) note_storer(lines_.all[id]);
        add_plain(lines_.free_tables);
        add_tlbis();
        add_plain(lines_.accesses);
        add_tables();
        add_images();
        for (const std::uint32_t id : lines_.everywhere) {
            const Line& line = lines_.all[id];
            if (line.count > 1 && !repeats_drop(line)) visit(cell_.range);
        }
        return segments_of(Breaks{unit_, first_, last_, fixed_period_, cuts_, visits_, cores_});
    }

  private:
    static std::uint64_t round_down(std::uint64_t value, std::uint64_t to) { return value - value % to; }

    void cut(std::uint64_t address) {
        if (address > first_ && address <= last_) cuts_.push_back(address);
    }
    /// Cuts where `range`, widened to whole spans, starts and ends.
    void cut(const AddressRange& range, std::uint64_t span) {
        cut(round_down(range.first, span));
        cut(round_down(range.last, span) + span);
        if (range.first % span != 0) cut(round_down(range.first, span) + span);
        if ((range.last + 1) % span != 0) cut(round_down(range.last, span));
    }
    /// Every unit that `range` meets is visited.
    void visit(AddressRange range) {
        range.first = std::max(range.first, first_);
        range.last = std::min(range.last, last_ + (unit_ - 1));
        if (range.first > range.last) return;
        visits_.push_back({round_down(range.first, unit_), round_down(range.last, unit_) + (unit_ - 1)});
        cut(visits_.back(), unit_);
    }
    static AddressRange widen(const AddressRange& range, std::uint64_t span) {
        return {round_down(range.first, span), round_down(range.last, span) + (span - 1)};
    }

    void find_spans(const Unit& unit) {
        table_spans_ = leaf_spans_ = {unit_};
        for (int level = SliceContext::first_stored(cell_); level < cell_.finest; ++level) {
            const LevelFacts& facts = cell_.levels[static_cast<std::size_t>(level)];
            const std::uint64_t entry = geometry_.entry_bytes(level);
            if (!context_.per_page() || facts.leaf) table_spans_.push_back(entry);
            if (facts.leaf) leaf_spans_.push_back(entry);
            const AddressRange set = context_.descriptors(unit, level);
            if (facts.contiguous) {
                table_spans_.push_back(set.last - set.first + 1);
                leaf_spans_.push_back(set.last - set.first + 1);
            }
        }
        fixed_period_ = std::max(unit_, cell_.table_bytes);
        for (int level = 0; level < cell_.finest; ++level) {
            if (!context_.set_at(cell_, level)) continue;
            fixed_period_ = std::max(fixed_period_, geometry_.contiguous_bytes(level));
        }
    }

    /// Lines of `index` that touch the cell, widened to `span`.
    std::vector<std::uint32_t> touching(const RangeIndex& index, std::uint64_t span) const {
        std::vector<std::uint32_t> ids;
        index.find(widen({first_, last_ + (unit_ - 1)}, span), ids);
        return ids;
    }

    /// The part of `line` (its addresses shifted by `shift`) that lies in `window`, as cuts, visits and a
    /// core.
    void add(const Line& line, const std::vector<std::uint64_t>& spans, std::uint64_t shift = 0,
             const AddressRange& window = {0, ~std::uint64_t{0}}) {
        const AddressRange hull = line.hull();
        if (!hull.meets(window)) return;
        const auto moved = [&](std::uint64_t first, std::uint64_t last) {
            return AddressRange{std::max(first, window.first) + shift, std::min(last, window.last) + shift};
        };
        if (!line.strided()) {
            for (const std::uint64_t span : spans) cut(moved(hull.first, hull.last), span);
            // Every iteration is kept: each unit has its own number of them before and after its own
            // instructions.
            if (line.count > 1 && !repeats_drop(line)) {
                visit(widen(moved(hull.first, hull.last), *std::max_element(spans.begin(), spans.end())));
            }
            return;
        }
        const std::uint64_t widest = *std::max_element(spans.begin(), spans.end());
        const std::uint64_t step = step_of(line);
        const std::uint64_t margin = edge * step + line.length;
        // Where an iteration holds many units, those near the ends are told apart instead of visited.
        const bool wide = line.alignment == 0 && step > 16 * unit_;
        const auto one_by_one = [&](std::uint64_t from, std::uint64_t to) {
            for (std::uint64_t i = from; i <= to; ++i) {
                const AddressRange at = line.at(i);
                if (!at.meets(window)) continue;
                for (const std::uint64_t span : spans) cut(moved(at.first, at.last), span);
            }
        };
        // A few such iterations cost less one by one than the units of a period would.
        if (wide && line.count <= std::max(8 * edge, step / unit_ / 8)) {
            one_by_one(0, line.count - 1);
            return;
        }
        if (line.count < 8 * edge || (hull.last - hull.first) / 4 < margin) {
            visit(widen(moved(hull.first, hull.last), widest));
            return;
        }
        if (wide) {
            one_by_one(0, edge);
            one_by_one(line.count - 1 - edge, line.count - 1);
            const AddressRange inner{hull.first + (edge + 1) * step, hull.last - (edge + 1) * step};
            if (inner.meets(window)) add_core(line, widen(moved(inner.first, inner.last), unit_), widest);
            return;
        }
        const auto visit_part = [&](std::uint64_t first, std::uint64_t last) {
            if (first <= window.last && window.first <= last) visit(widen(moved(first, last), widest));
        };
        visit_part(hull.first, hull.first + margin);
        visit_part(hull.last - margin, hull.last);
        add_core(line, widen(moved(hull.first, hull.last), widest), widest);
    }

    void add_core(const Line& line, const AddressRange& range, std::uint64_t span) {
        cores_.push_back({range, step_of(line), line.alignment, span, {line.thread, line.run}});
        cut(range, unit_);
    }

    static std::uint64_t step_of(const Line& line) {
        return line.step > 0 ? static_cast<std::uint64_t>(line.step)
                             : std::uint64_t{0} - static_cast<std::uint64_t>(line.step);
    }
    /// Of its repetitions that mean the same to a unit, all but the first few are left out (lemmas 4 and 5).
    bool repeats_drop(const Line& line) const {
        return line.kind == LineKind::tlbi && only_storer_ == line.thread;
    }

    /// A TLBI meets a unit also through entries of `spans` wider than its step, with several iterations each.
    /// Where repetitions drop these count only near their ends. Beyond some width they are therefore no part
    /// of the period; the units around the borders of such entries are visited instead.
    void add_tlbi(const Line& line, std::vector<std::uint64_t> spans) {
        std::ranges::sort(spans);
        std::size_t near = spans.size();  // so many of them are part of the period
        const std::uint64_t step = step_of(line);
        if (line.strided() && line.alignment == 0 && !context_.per_page() && repeats_drop(line)) {
            const AddressRange hull = line.hull();
            double least = static_cast<double>(spans.back());
            for (std::size_t n = spans.size() - 1; n > 0 && spans[n] / (8 * edge) >= step; --n) {
                const std::uint64_t around = 2 * std::max(edge * step + line.length, unit_);
                const double borders = static_cast<double>((hull.last - hull.first) / spans[n] + 2);
                const std::uint64_t period = std::max(spans[n - 1], step);
                const double cost = borders * static_cast<double>(around + 2 * period);
                if (cost < least) near = n, least = cost;
            }
            if (near < spans.size()) visit_borders(line, spans[near]);
        }
        spans.resize(near);
        add(line, spans);
    }

    void visit_borders(const Line& line, std::uint64_t span) {
        const AddressRange hull = line.hull();
        const std::uint64_t margin = std::max(edge * step_of(line) + line.length, unit_);
        const std::uint64_t first = std::max(hull.first, first_);
        const std::uint64_t last = std::min(hull.last, last_);
        for (std::uint64_t at = round_down(first, span); at <= last + span; at += span) {
            poll();
            visit({at < margin ? 0 : at - margin, at + margin > at ? at + margin : ~std::uint64_t{0}});
            if (at + span < at) break;
        }
    }

    void note_storer(const Line& line) {
        if (!only_storer_) only_storer_ = line.thread;
        if (*only_storer_ != line.thread) only_storer_ = several;
    }

    void add_stores() {
        const Unit unit{&cell_, first_, cell_.range};
        for (int level = context_.start_level(); level <= cell_.finest; ++level) {
            const AddressRange descriptors = context_.descriptors(unit, level);
            const std::uint64_t span = descriptors.last - descriptors.first + 1;
            for (const std::uint32_t id : touching(lines_.stores[static_cast<std::size_t>(level)], span)) {
                const Line& line = lines_.all[id];
                note_storer(line);
                add(line, {span});
                add_store_image(line);
            }
        }
    }

    void add_tlbis() {
        if (SliceContext::first_stored(cell_) > cell_.finest) return;
        const auto add_all = [&](const RangeIndex& index, const std::vector<std::uint64_t>& spans) {
            const std::uint64_t widest = *std::max_element(spans.begin(), spans.end());
            for (const std::uint32_t id : touching(index, widest)) add_tlbi(lines_.all[id], spans);
        };
        add_all(lines_.tlbis, table_spans_);
        add_all(lines_.leaf_tlbis, leaf_spans_);
    }

    void add_plain(const RangeIndex& index) {
        for (const std::uint32_t id : touching(index, unit_)) add(lines_.all[id], {unit_});
    }

    /// Table pages made by the schedule: a cut wherever one is not the continuation of its neighbour.
    void add_tables() {
        const std::vector<NewTable>& tables = context_.program.new_tables;
        const AddressRange range{first_, last_ + (unit_ - 1)};
        for (std::size_t i = 0; i < tables.size();) {
            std::size_t end = i;
            const TablePage& page = tables[i].page;
            while (end < tables.size() && tables[end].page.level == page.level &&
                   tables[end].page.va_base == page.va_base) {
                ++end;
            }
            const std::uint64_t bytes = geometry_.table_bytes(page.level);
            const AddressRange span{page.va_base,
                                    bytes == 0 ? ~std::uint64_t{0} : page.va_base + (bytes - 1)};
            if (bytes != 0 && span.meets(range)) {
                if (!continues(tables, i, end, bytes)) cut(span.first);
                const bool next = end < tables.size() && tables[end].page.level == page.level &&
                                  tables[end].page.va_base == page.va_base + bytes;
                if (!next) cut(span.last + 1);
                for (std::size_t t = i; t < end; ++t) add_table_images(tables[t]);
            }
            i = end;
        }
    }

    void add_table_images(const NewTable& table) {
        for (const Region& piece : table.leaves) {
            if (piece.size != 0) images_.push_back({{piece.va, piece.va + (piece.size - 1)}, piece.pa});
        }
    }

    void add_store_image(const Line& line) {
        const auto& store = std::get<StoreDescriptor>(line.instruction->operation);
        if (store.value.kind != DescriptorKind::leaf) return;
        Image image;
        image.va = line.hull();
        image.pa = store.value.oa;
        image.pa_bytes = line.length;
        if (line.strided()) {
            const auto pa_step = static_cast<std::int64_t>(line.instruction->pa_step);
            image.kind = pa_step == line.step ? Image::shifted
                         : pa_step == 0       ? Image::constant
                                              : Image::other;
            if (image.kind == Image::shifted && line.step < 0) {
                image.pa += static_cast<std::uint64_t>(line.step) * (line.count - 1);
            }
        }
        // A contiguous value serves its whole set.
        if (store.value.contiguous && geometry_.contiguous_slots(line.level)) {
            const std::uint64_t set = geometry_.contiguous_bytes(line.level);
            const AddressRange whole = widen(image.va, set);
            if (image.kind == Image::shifted) {
                image.pa -= image.va.first - whole.first;
                image.va = whole;
                // Values that do not fit their slots point into two sets' memory.
                const bool fits = image.pa % set == 0;
                image.pa = round_down(image.pa, set);
                images_.push_back(image);
                if (!fits) image.pa += set;
            }
            if (image.kind == Image::constant) image.pa = round_down(image.pa, set), image.pa_bytes = set;
            image.va = whole;
        }
        images_.push_back(image);
    }

    void add_images() {
        const Region& region = context_.program.regions[cell_.region];
        images_.push_back({{region.va, region.va + (region.size - 1)}, region.pa});
        for (const Image& image : images_) {
            poll();
            if (image.kind == Image::other) visit(image.va);
            if (image.kind == Image::constant) add_crossings(image);
            add_frees(image);
        }
    }

    /// Units that one image maps to the memory of a constant one.
    void add_crossings(const Image& constant) {
        const AddressRange memory{constant.pa, constant.pa + (constant.pa_bytes - 1)};
        for (const Image& image : images_) {
            poll();
            if (image.kind != Image::shifted || !image.va.meets(constant.va)) continue;
            const AddressRange all{image.pa, image.pa + (image.va.last - image.va.first)};
            if (!all.meets(memory)) continue;
            const std::uint64_t shift = image.va.first - image.pa;
            const AddressRange met{std::max(all.first, memory.first) + shift,
                                   std::min(all.last, memory.last) + shift};
            visit({met.first - std::min(unit_, met.first - image.va.first),
                   met.last + std::min(unit_, image.va.last - met.last)});
        }
    }

    void add_frees(const Image& image) {
        if (lines_.free_pages.empty() || image.kind == Image::other) return;
        const std::uint64_t bytes =
            image.kind == Image::constant ? image.pa_bytes : image.va.last - image.va.first + 1;
        // A frame may reach over the image's ends: the part of it that is not mapped can be freed just the
        // same.
        const AddressRange memory{image.pa, image.pa + (bytes - 1)};
        std::vector<std::uint32_t> ids;
        lines_.free_pages.find(memory, ids);
        for (const std::uint32_t id : ids) {
            poll();
            if (image.kind == Image::shifted) {
                add(lines_.all[id], {unit_}, image.va.first - image.pa, memory);
            } else if (lines_.all[id].strided()) {
                visit(image.va);
            }
        }
    }

    const SliceContext& context_;
    const Geometry& geometry_;
    const Lines& lines_;
    const SliceCell& cell_;
    const std::uint64_t unit_;
    std::uint64_t first_ = 0, last_ = 0;  ///< bases of the first and the last unit
    std::vector<std::uint64_t> table_spans_, leaf_spans_;
    static constexpr std::uint32_t several = ~0U;
    std::optional<std::uint32_t>
        only_storer_;  ///< thread that alone stores to descriptors of the cell, or `several`
    std::uint64_t fixed_period_ = 0;
    std::vector<std::uint64_t> cuts_;
    std::vector<AddressRange> visits_;
    std::vector<Core> cores_;
    std::vector<Image> images_;
};

}  // namespace

std::vector<Segment> plan(const SliceContext& context, const Lines& lines, const SliceCell& cell,
                          bool every_unit) {
    if (every_unit) {
        const std::uint64_t unit = cell.unit_bytes;
        return {{cell.range.first - cell.range.first % unit, cell.range.last - cell.range.last % unit, 0}};
    }
    return Planner(context, lines, cell).run();
}

}  // namespace tlbcheck::model
