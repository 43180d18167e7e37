// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/families.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace tlbcheck::bench {

namespace {

std::string cell(const std::vector<std::string>& column, std::size_t row) {
    return row < column.size() ? column[row] : std::string();
}

}  // namespace

std::string batch_litmus(int pages) {
    std::string text = fmt::format("AArch64 batch{}\n{{\n0:X28=(valid:0); 0:X30=z; 1:X30=z;\n", pages);
    std::vector<std::string> first;
    std::vector<std::string> second{"LDR W29,[X30]", "DSB SY", "ISB"};
    std::string seen;
    for (int i = 0; i < pages; ++i) {
        text += fmt::format("0:X{0}=pte_x{0}; 1:X{0}=x{0};\n", i);
        first.push_back(fmt::format("STR X28,[X{}]", i));
        second.push_back(fmt::format("L{0}: LDR W20,[X{0}]", i));
        seen += fmt::format("{0}~fault(P1:L{1},x{1})", i == 0 ? "" : " \\/ ", i);
    }
    for (const char* line : {"DSB ISH", "TLBI VMALLE1IS", "DSB ISH", "MOV W29,#1", "STR W29,[X30]"}) {
        first.emplace_back(line);
    }
    text += "}\n P0 | P1 ;\n";
    for (std::size_t row = 0; row < std::max(first.size(), second.size()); ++row) {
        text += fmt::format(" {} | {} ;\n", cell(first, row), cell(second, row));
    }
    return text + fmt::format("exists (1:X29=1 /\\ ({}))\n", seen);
}

std::string to_string(Shape shape) {
    switch (shape) {
        case Shape::per_leaf:
            return "per leaf";
        case Shape::batched:
            return "batched";
        case Shape::tables_after:
            return "batched, then tables";
        case Shape::nested:
            break;
    }
    return "nested loops";
}

std::string unmap_schedule(std::uint64_t bytes, Shape shape) {
    const auto body = [shape]() -> std::string {
        const char* const unhook = "{ clear(t); __flush_tlb_kernel_pgtable(t); }";
        switch (shape) {
            case Shape::per_leaf:
                return "for (leaf : r) { clear(leaf); flush_tlb_kernel_range(leaf); }";
            case Shape::batched:
                return "clear(r); flush_tlb_kernel_range(r);";
            case Shape::tables_after:
                return fmt::format(
                    "clear(r); flush_tlb_kernel_range(r); for (t : tables(r, 3)) {0} for (t : tables(r, 2)) "
                    "{0}",
                    unhook);
            case Shape::nested:
                break;
        }
        return fmt::format(
            "for (u : tables(r, 2)) {{ for (v : tables(u, 3)) {{ for (leaf : v) {{ clear(leaf); "
            "flush_tlb_kernel_range(leaf); }} let t = v; {0} }} let t = u; {0} }}",
            unhook);
    };
    const bool safe = shape == Shape::batched || shape == Shape::tables_after;
    return fmt::format(
        "include \"linux.sched\";\n"
        "region r {{ va = 0xffff000000000000; pa = 0x80000000; size = {}; level = 3; contiguous = true; }}\n"
        "thread P0 {{ {} }}\n{} no_stale_entry(r);\n",
        bytes, body(), safe ? "assert" : "witness");
}

double growth_exponent(const std::vector<double>& sizes, const std::vector<double>& costs) {
    double x = 0;
    double y = 0;
    double xx = 0;
    double xy = 0;
    const auto n = static_cast<double>(sizes.size());
    for (std::size_t i = 0; i < sizes.size(); ++i) {
        const double a = std::log(sizes[i]);
        const double b = std::log(costs[i]);
        x += a;
        y += b;
        xx += a * a;
        xy += a * b;
    }
    return (n * xy - x * y) / (n * xx - x * x);
}

std::string size_text(std::uint64_t bytes) {
    constexpr std::array<const char*, 5> units{"", "K", "M", "G", "T"};
    std::size_t unit = 0;
    while (bytes % 1024 == 0 && unit < 4) {
        bytes /= 1024;
        ++unit;
    }
    return fmt::format("{}{}", bytes, units[unit]);
}

}  // namespace tlbcheck::bench
