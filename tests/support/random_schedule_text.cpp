// SPDX-License-Identifier: Apache-2.0
#include "tests/support/random_schedule_text.hpp"

#include <fmt/format.h>

#include <array>
#include <span>
#include <string_view>
#include <vector>

#include "tests/support/random_execution.hpp"

namespace tlbcheck::tests {

namespace {

using Words = std::span<const std::string_view>;

class TextWriter {
  public:
    explicit TextWriter(std::uint64_t seed) : dice_(seed * 0x9e3779b97f4a7c15ULL + 7) {}

    std::string text() {
        user_ = dice_.chance(0.3);
        contiguous_ = dice_.chance(0.4);
        const std::size_t leaves = contiguous_ || dice_.chance(0.3) ? 4 : 2;
        two_ = dice_.chance(0.2);
        line("include \"linux.sched\";");
        line("machine { contiguous_entries = 2; }");
        region("a", 0, leaves);
        if (two_) region("b", 16, 2);
        own_ = dice_.chance(0.3);
        if (own_) {
            line("def own(x) {");
            indent_ = 1;
            steps("x", "x");
            indent_ = 0;
            line("}");
        }
        thread();
        questions();
        return out_;
    }

  private:
    std::string_view any(Words words) { return words[dice_.below(words.size())]; }
    void line(std::string_view text) { out_ += fmt::format("{:{}}{}\n", "", 4 * indent_, text); }

    void region(std::string_view name, std::size_t page, std::size_t leaves) {
        line(fmt::format("region {} {{ va = {:#x}; pa = {:#x}; size = {}K;{}{} }}", name,
                         (user_ ? 0x400000 : 0xffff000080000000) + page * 4096, 0x80000000 + page * 4096,
                         4 * leaves, contiguous_ ? " contiguous = true;" : "", user_ ? " asid = 5;" : ""));
    }

    /// A maintenance sequence, single steps; `x` is a stretch, `one` what a plain TLBI is given.
    void steps(std::string_view x, std::string_view one) {
        static constexpr std::array<std::string_view, 6> first = {"ishst", "ishst", "ish", "sy", "nshst", ""};
        static constexpr std::array<std::string_view, 6> then = {"ish", "ish", "sy", "nsh", "ishst", ""};
        static constexpr std::array<std::string_view, 6> kernel = {"vaale1is",  "vaae1is", "vaale1is",
                                                                   "vmalle1is", "vaale1",  "vmalle1"};
        static constexpr std::array<std::string_view, 6> user = {"vale1is",  "vae1is",  "vae1is",
                                                                 "aside1is", "vaae1is", "vmalle1is"};
        const std::string_view before = any(first), behind = any(then);
        if (!before.empty()) line(fmt::format("{}({});", dice_.chance(0.1) ? "dmb" : "dsb", before));
        const std::string_view op = any(user_ ? Words(user) : Words(kernel));
        if (op.starts_with("vmall"))
            line(fmt::format("tlbi({});", op));
        else if (op.starts_with("aside"))
            line(fmt::format("tlbi({}, {});", op, x));
        else if (dice_.chance(0.5))
            line(fmt::format("tlbi_pages({}, {});", op, x));
        else
            line(fmt::format("tlbi({}, {}{});", op, one, dice_.chance(0.1) ? ", ttl = 2" : ""));
        if (!behind.empty()) line(fmt::format("dsb({});", behind));
        if (dice_.chance(0.6)) line("isb();");
    }

    void flush(std::string_view x, std::string_view one) {
        if (dice_.chance(0.1)) return;
        if (own_ && dice_.chance(0.5)) return line(fmt::format("own({});", x));
        if (dice_.chance(0.5)) return steps(x, one);
        static constexpr std::array<std::string_view, 3> user = {"flush_tlb_range", "flush_tlb_mm",
                                                                 "flush_tlb_page"};
        if (!user_) return line(fmt::format("flush_tlb_kernel_range({});", x));
        line(fmt::format("{}({});", any(user), x));
        if (dice_.chance(0.5)) line("isb();");
    }

    void change(std::string_view x) {
        static constexpr std::array<std::string_view, 5> changes = {
            "clear({});", "clear({});", "clear({});", "set({}, ap = ro);", "set({}, pa = {}.pa + 256M);"};
        // Another thread that frees the memory must not depend on what is mapped there now.
        std::string text(other_ ? changes[dice_.below(4)] : changes[dice_.below(5)]);
        for (auto at = text.find("{}"); at != std::string::npos; at = text.find("{}")) text.replace(at, 2, x);
        line(text);
    }

    void part(std::string_view x, bool first) {
        const bool loop = dice_.chance(0.4);
        const bool sets = loop && contiguous_ && dice_.chance(0.3);
        std::string one(x);
        if (loop) {
            one = "leaf";
            line(sets ? fmt::format("for (leaf : sets({})) {{", x) : fmt::format("for (leaf : {}) {{", x));
            ++indent_;
        }
        change(one);
        const bool inside = loop && dice_.chance(0.6), early = dice_.chance(0.15);
        const bool frees = first && dice_.chance(0.4);
        if (frees && early) line(fmt::format("free({});", one));
        if (inside || !loop) flush(one, one);
        if (frees && !early && inside) line(fmt::format("free({});", one));
        if (loop) {
            --indent_;
            line("}");
            if (!inside) flush(x, x);
        }
        if (frees && !early && !inside) line(fmt::format("free({});", x));
        if (dice_.chance(0.15)) flush(x, x);
    }

    void thread() {
        other_ = dice_.chance(0.25);
        line("thread P0 {");
        indent_ = 1;
        const bool told_early = dice_.chance(0.3);
        const std::string_view tell = dice_.chance(0.7) ? "store_release(done, 1);" : "store(done, 1);";
        if (other_ && told_early) {
            change("a");
            line(tell);
            flush("a", "a");
        } else {
            part("a", true);
            if (other_) line(tell);
        }
        if (two_) part("b", false);
        indent_ = 0;
        line("}");
        if (!other_) return;
        line("thread P1 {");
        indent_ = 1;
        line("await(done == 1);");
        if (dice_.chance(0.5)) flush("a", "a");
        if (dice_.chance(0.3)) line("free(a);");
        if (dice_.chance(0.3)) line("isb();");
        indent_ = 0;
        line("}");
    }

    void questions() {
        static constexpr std::array<std::string_view, 5> hardware = {
            "", "", " with { ets = 2; }", " with { contiguous_fill = none; }", " with { bbm_level = 2; }"};
        static constexpr std::array<std::string_view, 6> asked = {
            "no_stale_entry(a)", "no_stale_entry(a)", "no_use_after_free",
            "no_bbm_violation",  "no_tlb_conflict",   "no_stale_entry(a, tolerate = restrictive)"};
        const std::size_t count = 1 + dice_.below(3);
        line(fmt::format("assert no_stale_entry(a){};", any(hardware)));
        for (std::size_t k = 1; k < count; ++k) line(fmt::format("assert {}{};", any(asked), any(hardware)));
        if (two_) line("assert no_stale_entry(b);");
    }

    Dice dice_;
    std::string out_;
    int indent_ = 0;
    bool user_ = false, contiguous_ = false, two_ = false, own_ = false, other_ = false;
};

}  // namespace

std::string random_schedule_text(std::uint64_t seed) {
    return TextWriter(seed).text();
}

}  // namespace tlbcheck::tests
