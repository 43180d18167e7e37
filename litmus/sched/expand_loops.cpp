// SPDX-License-Identifier: Apache-2.0
//
// Loops. A batch of items whose tables look alike is tried once for all iterations; where a condition changes
// in between the batch is split there, and where the body grows unevenly its iterations are expanded one by
// one and joined again.

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "litmus/sched/runs.hpp"
#include "litmus/sched/thread_expander.hpp"

namespace tlbcheck::litmus::sched {
namespace {

constexpr int max_splits = 64;  ///< of one batch, before its iterations are expanded one by one

const char* name_of(SpanKind kind) {
    switch (kind) {
        case SpanKind::set:
            return "contiguous sets";
        case SpanKind::table:
            return "tables";
        case SpanKind::page:
            return "pages";
        default:
            return "leaves";
    }
}

}  // namespace

SpanList ThreadExpander::list_of(const Expression& expression) {
    const Value value = evaluate(expression);
    if (const auto* list = std::get_if<SpanList>(&value)) return *list;
    if (const auto* span = std::get_if<Span>(&value)) return {SpanKind::leaf, *span, 0};
    error(expression.spot,
          fmt::format("a loop runs over leaves, sets, tables or pages, not over {}", describe(value)),
          "write for (leaf : region)");
}

void ThreadExpander::loop(const Statement& item) {
    const SpanList list = list_of(*item.expression);
    Span over = list.of;
    if (over.kind == SpanKind::table && list.kind != SpanKind::page) {
        over.start = over.inner_start;
        over.size = over.inner_size;
    }
    const SpanList clipped{list.kind, over, list.level};
    const Affine end = over.end();
    ran_over(item.spot, over.start.base < end.base, "the loop runs over nothing");
    std::vector<model::Run> out;
    for (Affine at = over.start; at.base < end.base;) {
        const Batch batch = next_batch(clipped, at, end, item.expression->spot);
        run_batch(item, batch, out);
        at.base = batch.item.start.base + static_cast<Wide>(batch.stride) * static_cast<Wide>(batch.count);
    }
    if (!window_) add_code(runs_, std::move(out));
}

ThreadExpander::Batch ThreadExpander::next_batch(const SpanList& list, const Affine& at, const Affine& end,
                                                 const Spot& spot) {
    if (list.kind == SpanKind::table) return table_batch(list, at, end, spot);
    address(at, spot);
    const WalkEnd slot = walk(at, spot);
    Batch batch;
    batch.item.kind = list.kind;
    batch.item.start = at;
    if (list.kind == SpanKind::page) {
        batch.stride = model::granule_bytes(geometry_.granule());
    } else {
        if (!slot.leaf)
            error(spot, fmt::format("nothing is mapped at {}", to_string(at.base)),
                  "a loop over leaves stays within regions");
        use(at, 1, bit(Field::structure), 0, spot);
        batch.stride = geometry_.entry_bytes(slot.level);
        if (list.kind == SpanKind::set) {
            if (!geometry_.contiguous_slots(slot.level))
                error(spot, fmt::format("there are no contiguous sets at level {}", slot.level));
            batch.stride = geometry_.contiguous_bytes(slot.level);
        }
    }
    const auto stride = static_cast<Wide>(batch.stride);
    if (at.step % stride != 0) throw NotUniform{};
    if (at.base % stride != 0 || at.base + stride > end.base) {
        error(spot,
              fmt::format("{} .. {} is not made of whole {} of {}", to_string(at.base), to_string(end.base),
                          name_of(list.kind), to_string(stride)),
              fmt::format("start and size must be multiples of {}", to_string(stride)));
    }
    const Wide alike = std::min<Wide>(end.base, static_cast<Wide>(slot.last) + 1) - at.base;
    batch.count = static_cast<std::uint64_t>(std::max<Wide>(alike / stride, 1));
    batch.item.size = stride;
    batch.item.level = slot.level;
    return batch;
}

ThreadExpander::Batch ThreadExpander::table_batch(const SpanList& list, const Affine& at, const Affine& end,
                                                  const Spot& spot) {
    address(at, spot);
    if (list.level < geometry_.start_level()) {
        error(spot, fmt::format("the walk starts at level {}, there is no table at level {}",
                                geometry_.start_level(), list.level));
    }
    if (list.level == geometry_.start_level())
        error(spot, fmt::format("the table at level {} is the first of the walk; no descriptor points to it",
                                list.level));
    const auto page = page_at(at, list.level, spot);
    if (!page) {
        error(spot, fmt::format("no table at level {} maps {}", list.level, to_string(at.base)),
              "the walk for it ends at a block above, or nowhere");
    }
    use(at, 1, bit(Field::structure), 0, spot);
    const auto bytes = static_cast<Wide>(geometry_.table_bytes(list.level));
    if (at.step % bytes != 0) throw NotUniform{};
    Batch batch;
    batch.stride = static_cast<std::uint64_t>(bytes);
    batch.item.kind = SpanKind::table;
    batch.item.start = {at.base - at.base % bytes, at.step};
    batch.item.size = bytes;
    batch.item.level = list.level;
    batch.item.generation = page->generation;
    batch.item.inner_start = at;
    batch.item.inner_size = std::min(end.base, batch.item.start.base + bytes) - at.base;
    if (batch.item.inner_size < bytes) return batch;
    const Wide alike = std::min<Wide>(end.base, static_cast<Wide>(walk(at, spot).last) + 1) - at.base;
    batch.count = static_cast<std::uint64_t>(std::max<Wide>(alike / bytes, 1));
    return batch;
}

void ThreadExpander::run_batch(const Statement& item, const Batch& batch, std::vector<model::Run>& out) {
    std::vector<Batch> todo = {batch};
    int splits = 0;
    while (!todo.empty()) {
        const Batch part = todo.back();
        todo.pop_back();
        std::uint64_t split = 0;
        if (part.count < 2 || window_ || expansion_.one_by_one || splits > max_splits ||
            !run_once_for_all(item, part, out, split)) {
            if (split == 0) {
                run_each(item, part, out);
                continue;
            }
            ++splits;
            Batch rest = part;
            rest.item.start.base += static_cast<Wide>(part.stride) * static_cast<Wide>(split);
            rest.item.inner_start.base += static_cast<Wide>(part.stride) * static_cast<Wide>(split);
            rest.count = part.count - split;
            Batch head = part;
            head.count = split;
            todo.push_back(rest);
            todo.push_back(head);
        }
    }
}

void ThreadExpander::iteration(const Statement& item, const Span& value) {
    const auto depth = frames_.back().scopes.size();
    frames_.back().scopes.push_back({{item.name, value}});
    statement(*item.body[0]);
    frames_.back().scopes.resize(depth);
}

/// False when the body is not the same for all iterations; `split` is then where it changes, or 0 when it
/// grows unevenly.
bool ThreadExpander::run_once_for_all(const Statement& item, const Batch& batch, std::vector<model::Run>& out,
                                      std::uint64_t& split) {
    const auto new_tables = expansion_.program.new_tables.size();
    const auto flags = expansion_.program.flags.size();
    const auto instructions = expansion_.instructions;
    const Statement* const loop_before = loop_;
    const auto frames = frames_.size();
    const auto scopes = frames_.back().scopes.size();
    const auto calls = calls_.size();
    const Window window{static_cast<std::uint64_t>(batch.item.start.base), batch.stride, batch.count};
    const auto undo = [&] {
        state_.roll_back();
        remove_pages(new_tables);
        expansion_.program.flags.resize(flags);
        expansion_.instructions = instructions;
        loop_ = loop_before;
        frames_.resize(frames);
        frames_.back().scopes.resize(scopes);
        calls_.resize(calls);
        window_.reset();
        window_body_.clear();
        window_uses_.clear();
        return false;
    };
    Span value = batch.item;
    value.start.step = static_cast<Wide>(batch.stride);
    value.inner_start.step = static_cast<Wide>(batch.stride);
    window_ = window;
    state_.start_log();
    try {
        iteration(item, value);
        if (!state_.repeat(window.first, window.stride, window.count)) throw NotUniform{};
    } catch (const NotUniform&) {
        return undo();
    } catch (const SplitAt& at) {
        split = at.at;
        return undo();
    }
    window_.reset();
    for (const PendingUse& pending : window_uses_) commit_use(pending);
    window_uses_.clear();
    count_instructions(window_body_.size());
    add_run(out, {batch.count, std::exchange(window_body_, {})});
    return true;
}

void ThreadExpander::run_each(const Statement& item, const Batch& batch, std::vector<model::Run>& out) {
    if (window_) {
        if (batch.count > max_body) throw NotUniform{};
    } else if (batch.count > 1) {
        expansion_.uneven_iterations += batch.count;
        if (batch.count > max_uneven_iterations || expansion_.uneven_iterations > 4 * max_uneven_iterations) {
            error(item.spot,
                  fmt::format("the {} iterations of this loop differ from each other; at most {} can be "
                              "expanded one by one",
                              batch.count, max_uneven_iterations),
                  "make the region smaller, or let what the body does depend on the loop variable by sums "
                  "and multiples only");
        }
    }
    const Statement* const outer = std::exchange(loop_, &item);
    for (std::uint64_t i = 0; i < batch.count; ++i) {
        Span value = batch.item;
        value.start.base += static_cast<Wide>(batch.stride) * static_cast<Wide>(i);
        value.inner_start.base += static_cast<Wide>(batch.stride) * static_cast<Wide>(i);
        if (window_) {
            iteration(item, value);
            continue;
        }
        std::vector<model::Run> before = std::exchange(runs_, {});
        iteration(item, value);
        const std::uint64_t held = held_instructions(runs_);
        if (add_iteration(out, std::exchange(runs_, std::move(before)))) expansion_.instructions -= held;
    }
    loop_ = outer;
}

}  // namespace tlbcheck::litmus::sched
