// SPDX-License-Identifier: Apache-2.0

#include "tests/unit/checker/report/sample.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace tlbcheck::tests {

using namespace checker;  // NOLINT(google-build-using-namespace): test support only.

namespace {

constexpr std::uint64_t va_base = 0xffff000080000000;
constexpr std::uint64_t pa_base = 0x80000000;
constexpr std::uint64_t page = 0x1000;
constexpr std::uint64_t slots = 4;
const std::string file = "examples/unmap_hotplug/per_leaf.sched";

std::uint64_t va_of(std::uint64_t slot) {
    return va_base + slot * page;
}
std::string name_of(std::uint64_t slot) {
    return fmt::format("linear[{}]", slot);
}

model::Descriptor page_at(std::uint64_t oa, bool contiguous) {
    model::Descriptor value;
    value.kind = model::DescriptorKind::leaf;
    value.oa = oa;
    value.contiguous = contiguous;
    return value;
}

model::Descriptor table() {
    model::Descriptor value;
    value.kind = model::DescriptorKind::table;
    return value;
}

MemoryDescriptor leaf(std::uint64_t slot, bool valid) {
    return {name_of(slot),
            {va_of(slot), 3, 0},
            page,
            valid ? page_at(pa_base + slot * page, true) : model::Descriptor{}};
}

CachedEntry entry(std::uint32_t id, std::uint64_t first, std::uint64_t count, std::uint64_t from,
                  EntrySpan span) {
    CachedEntry made;
    made.id = id;
    made.first = va_of(first);
    made.last = va_of(first + count) - 1;
    made.source = {va_of(from), 3, 0};
    made.origin = name_of(from);
    made.value = page_at(pa_base + first * page, true);
    made.span = span;
    return made;
}

CachedEntry pmd_entry(std::uint32_t id) {
    CachedEntry made;
    made.id = id;
    made.first = va_base;
    made.last = va_base + 0x200000 - 1;
    made.level = 2;
    made.source = {va_base, 2, 0};
    made.origin = "PMD[0]";
    made.value = table();
    made.span = EntrySpan::table;
    return made;
}

/// Adds steps and keeps what the PEs hold.
class Story {
  public:
    explicit Story(Timeline& timeline) : timeline_(timeline), state_(timeline.pes.size()) {}

    PeState& pe(std::size_t index) { return state_[index]; }
    void mark_stale(std::uint64_t slot) {
        for (PeState& state : state_) {
            for (CachedEntry& cached : state.tlb) {
                if (cached.first <= va_of(slot) && va_of(slot) <= cached.last) cached.stale = true;
            }
        }
    }
    void remove(std::uint64_t slot) {
        for (PeState& state : state_) {
            std::erase_if(state.tlb, [&](const CachedEntry& cached) {
                return cached.first <= va_of(slot) && va_of(slot) <= cached.last;
            });
        }
    }
    std::uint32_t add(TimelineStep step) {
        step.pes = state_;
        timeline_.steps.push_back(std::move(step));
        return static_cast<std::uint32_t>(timeline_.steps.size() - 1);
    }

  private:
    Timeline& timeline_;
    std::vector<PeState> state_;
};

TimelineStep step(std::uint32_t pe, StepKind kind, std::string text, std::string detail,
                  std::vector<RuleName> rules, Place place = {}, Place helper = {}) {
    TimelineStep made;
    made.pe = pe;
    made.kind = kind;
    made.text = std::move(text);
    made.detail = std::move(detail);
    made.rules = std::move(rules);
    made.place = std::move(place);
    made.helper_place = std::move(helper);
    return made;
}

const Place clear_place{file, 14, 9}, flush_place{file, 15, 9};
Place linux_place(std::uint32_t line) {
    return {"<linux.sched>", line, 5};
}

struct LeafSteps {
    std::uint32_t clear = 0, tlbi = 0, dsb = 0;
};

LeafSteps unmap_leaf(Story& story, std::uint64_t slot) {
    LeafSteps at;
    story.mark_stale(slot);
    TimelineStep clear = step(0, StepKind::store, fmt::format("clear {}", name_of(slot)),
                              "Store an invalid descriptor.", {}, clear_place);
    clear.memory.push_back(leaf(slot, false));
    at.clear = story.add(std::move(clear));
    story.add(step(0, StepKind::barrier, "DSB ISHST",
                   "The cleared descriptor is visible to every table walker.", {"DSB-ob"}, flush_place,
                   linux_place(31)));
    const bool missed = slot > 0;
    at.tlbi = story.add(
        step(0, StepKind::tlbi, fmt::format("TLBI VAALE1IS 0x{:x}", va_of(slot)),
             missed ? "Names this page only: the shattered entry for linear[0] is out of its scope." : "",
             {"TLBI-scope"}, flush_place, linux_place(32)));
    story.remove(slot);
    at.dsb = story.add(step(0, StepKind::barrier, "DSB ISH",
                            missed ? "Complete on every PE, and PE1 keeps its entry."
                                   : "Complete: no PE holds an entry that covers linear[0] any more.",
                            {"DSB-complete"}, flush_place, linux_place(33)));
    return at;
}

}  // namespace

Timeline seed_timeline() {
    Timeline timeline;
    timeline.pes = {"PE0 (P0)", "PE1 (observer)"};
    timeline.memory.push_back({"PMD[0]", {va_base, 2, 0}, 0x200000, table()});
    for (std::uint64_t slot = 0; slot < slots; ++slot) timeline.memory.push_back(leaf(slot, true));
    Story story(timeline);
    story.pe(1).walk_cache.push_back(pmd_entry(1));
    story.pe(1).tlb.push_back(entry(2, 0, slots, 2, EntrySpan::coalesced));
    TimelineStep first = step(1, StepKind::fill, "walk for linear[2], one entry for the set",
                              "A speculative walk; the hardware coalesces the contiguous set.",
                              {"CONTIGUOUS-SPAN", "walk-order"});
    first.lane = Lane::tlb;
    story.add(std::move(first));
    const LeafSteps leaf0 = unmap_leaf(story, 0);
    story.add(step(0, StepKind::barrier, "ISB", "", {"IFB-ob"}, flush_place, linux_place(34)));
    CachedEntry shattered = entry(3, 0, 1, 1, EntrySpan::shattered);
    shattered.stale = true;
    story.pe(1).tlb.push_back(shattered);
    TimelineStep fill =
        step(1, StepKind::fill, "walk finds linear[1], still Contiguous",
             "The hint says that all four pages are one mapping, so the walk may fill an entry for "
             "linear[0] from its neighbour; it shatters to one page.",
             {"CONTIGUOUS-FILL", "RNGLXZ"});
    fill.lane = Lane::tlb;
    const std::uint32_t fill_step = story.add(std::move(fill));
    LeafSteps last;
    for (std::uint64_t slot = 1; slot < slots; ++slot) {
        const LeafSteps at = unmap_leaf(story, slot);
        if (slot == 1) {
            timeline.arrows.push_back(
                {fill_step, at.clear, "fr", "the walk read linear[1] before it was cleared"});
        }
        last = at;
    }
    story.add(
        step(0, StepKind::access, "store done = 1", "The schedule has completed.", {"bob"}, {file, 17, 1}));
    const std::uint32_t flag = static_cast<std::uint32_t>(timeline.steps.size() - 1);
    story.add(step(1, StepKind::access, "load done = 1; DSB ISH; ISB",
                   "The observer knows that it has completed.", {"IFB-ob"}));
    const std::uint32_t hit =
        story.add(step(1, StepKind::hit, fmt::format("load 0x{:x}", va_base),
                       "Hits the stale entry and reads 0x80000000; a fresh walk would fault.", {"TLB-hit"}));
    timeline.arrows.push_back({leaf0.dsb, fill_step, "no-program-order", "nothing holds the walk back"});
    timeline.arrows.push_back({last.dsb, flag, "DSB-ob", ""});
    timeline.arrows.push_back({flag, flag + 1, "rf", ""});
    timeline.arrows.push_back({fill_step, hit, "TLB-hit", "the entry filled here is used here"});
    timeline.cause =
        "PE1 keeps an entry for linear[0] that a walk filled from linear[1] after linear[0] had been "
        "flushed, and no "
        "later TLBI names linear[0].";
    return timeline;
}

QuestionReport unsafe_question() {
    QuestionReport question;
    question.text = "no_stale_entry(linear)";
    question.rule = "no_stale_entry";
    question.verdict = Verdict::unsafe;
    question.source = ExpectationSource::witness;
    question.expected = Verdict::unsafe;
    question.reason = seed_timeline().cause;
    question.affected = {{va_base, va_of(slots) - 1}};
    question.slicing = Slicing{{{Verdict::unsafe, 1, slots, va_base}}, ""};
    question.place = {file, 19, 1};
    question.offence = Offence{flush_place, "flush_tlb_kernel_range(leaf)"};
    question.hardware = model::HardwareParameters{};
    question.hardware->contiguous_entries = 4;
    question.differs = {"contiguous_entries = 4"};
    return question;
}

QuestionReport failed_question() {
    QuestionReport question = unsafe_question();
    question.source = ExpectationSource::assertion;
    question.expected = Verdict::safe;
    question.place.line = 20;
    return question;
}

QuestionReport safe_question() {
    QuestionReport question = failed_question();
    question.verdict = Verdict::safe;
    question.reason = "Every reading of an old descriptor closes a cycle of orderings.";
    question.affected.clear();
    question.offence.reset();
    question.slicing = Slicing{{{Verdict::safe, 1, slots, va_base}}, ""};
    question.hardware->contiguous_fill = model::ContiguousFill::coalesced;
    question.differs = {"contiguous_fill = coalesced", "contiguous_entries = 4"};
    question.place.line = 21;
    return question;
}

FileReport sample_file(std::vector<QuestionReport> questions) {
    FileReport report;
    report.file = file;
    report.title = "unmap_hotplug_range: one flush per leaf";
    report.questions = std::move(questions);
    return report;
}

Proof batched_proof() {
    Proof proof;
    proof.summary = "Every reading of an old descriptor closes a cycle of orderings.";
    for (std::uint64_t slot = 0; slot < 2; ++slot) {
        const std::string read =
            fmt::format("T: PE1's walk for linear[0] reads the initial value of linear[{}]", slot);
        const std::string write = fmt::format("a{}: W linear[{}] = invalid (P0)", slot, slot);
        const std::string tlbi = "b: TLBI VAALE1IS 0xffff000080000000 (P0)";
        const std::string access = "R: PE1's load of 0xffff000080000000";
        const Place here{"examples/unmap_hotplug/batched.sched", 14, 9};
        ExcludedReading excluded;
        excluded.reading = fmt::format(
            "PE1's load of 0xffff000080000000 translates through the initial value of linear[{}]", slot);
        excluded.stands_for = 2;
        excluded.cycles.push_back(
            {{{tlbi, write, "TLBI-ca", here, here}, {write, tlbi, "DSB-ob", here, here}},
             "the TLBI comes before the walk's read"});
        excluded.cycles.push_back({{{read, tlbi, "TLBI-after", {}, here},
                                    {tlbi, access, "TLBI-ob", here, {}},
                                    {access, read, "tr-ib", {}, {}}},
                                   "the walk's read comes before the TLBI"});
        proof.excluded.push_back(std::move(excluded));
    }
    return proof;
}

ExecutionGraph message_passing_graph() {
    ExecutionGraph graph;
    graph.title = "MP+dmb.sy+po";
    graph.threads = {"P0", "P1"};
    graph.events = {{"i0", "W[x]=0", -1, false, {}}, {"a", "W[x]=1", 0, false, {}},
                    {"b", "W[y]=1", 0, false, {}},   {"c", "R[y]=1", 1, false, {}},
                    {"d", "R[x]=0", 1, false, {}},   {"e", "Imp TTD R(PTE(x))", 1, true, {}}};
    graph.edges = {{1, 2, "po"}, {2, 3, "rf"}, {3, 4, "po"},   {0, 4, "rf"},
                   {4, 1, "fr"}, {0, 1, "co"}, {5, 4, "tr-ib"}};
    return graph;
}

Explanation unsafe_explanation() {
    Explanation explanation;
    explanation.file = file;
    explanation.title = "unmap_hotplug_range: one flush per leaf";
    QuestionExplanation first{unsafe_question(), seed_timeline(), std::nullopt, std::nullopt};
    QuestionExplanation second{safe_question(), std::nullopt, std::nullopt, batched_proof()};
    explanation.questions = {first, second};
    explanation.sources = {{file,
                            {"schedule \"unmap_hotplug_range: one flush per leaf\";",
                             "include \"linux.sched\";",
                             "",
                             "machine { granule = 4K; contiguous_entries = 4; }",
                             "",
                             "region linear {",
                             "    va = 0xffff000080000000;  pa = 0x80000000;  size = 16K;",
                             "    level = 3;  contiguous = true;",
                             "}",
                             "",
                             "",
                             "thread P0 {",
                             "    for (leaf : linear) {",
                             "        clear(leaf);",
                             "        flush_tlb_kernel_range(leaf);",
                             "    }",
                             "}",
                             "",
                             "witness no_stale_entry(linear);",
                             "",
                             "assert  no_stale_entry(linear) with { contiguous_fill = coalesced; };"}}};
    return explanation;
}

Explanation safe_explanation() {
    Explanation explanation = unsafe_explanation();
    explanation.file = "examples/unmap_hotplug/batched.sched";
    explanation.title = "unmap_hotplug_range: one flush at the end";
    explanation.questions.erase(explanation.questions.begin());
    return explanation;
}

Explanation litmus_explanation() {
    Explanation explanation;
    explanation.file = "MP+dmb.sy+po.litmus";
    explanation.front_end = FrontEnd::litmus;
    explanation.title = "MP+dmb.sy+po";
    explanation.variant = "vmsa,fatal";
    QuestionReport question;
    question.text = "exists (1:X0=1 /\\ 1:X2=0)";
    question.rule = "condition";
    question.verdict = Verdict::allowed;
    explanation.questions = {{question, std::nullopt, message_passing_graph(), std::nullopt}};
    return explanation;
}

}  // namespace tlbcheck::tests
