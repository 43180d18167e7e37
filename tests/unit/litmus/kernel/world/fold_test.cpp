// SPDX-License-Identifier: Apache-2.0
// Tests of litmus/kernel/world/fold.cpp: what is folded gives, expanded, what was added.

#include "litmus/kernel/world/fold.hpp"

#include <random>

#include "tests/support/catch.hpp"

using namespace tlbcheck;
using litmus::kernel::world::Fold;

namespace {

model::Instruction store(std::uint64_t va, std::uint64_t oa, std::uint32_t stack = 0) {
    model::StoreDescriptor out;
    out.slot = {va, 3, 0};
    if (oa != 0) {
        out.value.kind = model::DescriptorKind::leaf;
        out.value.oa = oa;
    }
    model::Instruction result;
    result.operation = out;
    result.kernel = stack;
    return result;
}

model::Instruction barrier(std::uint32_t stack = 0) {
    model::Instruction result;
    result.operation =
        model::Barrier{model::BarrierKind::dsb, model::BarrierDomain::ish, model::BarrierAccess::full, false};
    result.kernel = stack;
    return result;
}

std::vector<model::Instruction> expanded(const std::vector<model::Run>& runs) {
    std::vector<model::Instruction> result;
    for (const model::Run& run : runs)
        for (std::uint64_t i = 0; i < run.count; ++i)
            for (const model::Instruction& in : run.body) result.push_back(model::instantiate(in, i));
    return result;
}

bool same(const model::Instruction& a, const model::Instruction& b) {
    if (a.operation.index() != b.operation.index() || a.kernel != b.kernel) return false;
    const auto* x = std::get_if<model::StoreDescriptor>(&a.operation);
    if (x == nullptr) return true;
    const auto& y = std::get<model::StoreDescriptor>(b.operation);
    return x->slot.va == y.slot.va && x->value.kind == y.value.kind && x->value.oa == y.value.oa;
}

void check(const std::vector<model::Instruction>& all, std::size_t most_held) {
    Fold fold;
    for (const model::Instruction& each : all) fold.add(each);
    CHECK(fold.added() == all.size());
    const auto runs = fold.take();
    std::size_t held = 0;
    for (const model::Run& run : runs) held += run.body.size();
    CHECK(held <= most_held);
    const auto again = expanded(runs);
    REQUIRE(again.size() == all.size());
    for (std::size_t i = 0; i < all.size(); ++i) {
        CAPTURE(i);
        REQUIRE(same(again[i], all[i]));
    }
    CHECK(fold.take().empty());
}

}  // namespace

TEST_CASE("loops are held once, with what comes before and after them") {
    std::vector<model::Instruction> all{barrier(7)};
    for (std::uint64_t i = 0; i < 1000; ++i) {
        all.push_back(store(i * 0x1000, 0x8000'0000 + i * 0x1000));
        all.push_back(barrier());
        all.push_back(store(i * 0x1000, 0));
    }
    all.push_back(barrier(8));
    check(all, 8);
}

TEST_CASE("stores that come from elsewhere are no part of a loop") {
    std::vector<model::Instruction> all;
    for (std::uint64_t i = 0; i < 100; ++i) all.push_back(store(i * 0x1000, 0, i < 50 ? 1 : 2));
    check(all, 4);
}

TEST_CASE("random sequences are expanded to themselves") {
    std::mt19937_64 random(5);
    for (int round = 0; round < 200; ++round) {
        std::vector<model::Instruction> all;
        while (all.size() < 300) {
            const std::uint64_t body = 1 + random() % 5;
            const std::uint64_t count = 1 + random() % 20;
            const std::uint64_t step = (random() % 3) * 0x1000;
            std::vector<model::Instruction> first;
            for (std::uint64_t k = 0; k < body; ++k) {
                const auto stack = static_cast<std::uint32_t>(random() % 3);
                first.push_back(random() % 4 == 0
                                    ? barrier(stack)
                                    : store(random() % 64 * 0x1000, random() % 2 * 0x4000'0000, stack));
            }
            for (std::uint64_t i = 0; i < count; ++i) {
                for (model::Instruction each : first) {
                    if (auto* out = std::get_if<model::StoreDescriptor>(&each.operation)) {
                        out->slot.va += i * step;
                        if (out->value.oa != 0) out->value.oa += i * step;
                    }
                    all.push_back(std::move(each));
                }
            }
        }
        check(all, all.size());
    }
}

TEST_CASE("a run added at once stands where it was added") {
    Fold fold;
    fold.add(barrier());
    fold.add_run(512, store(0, 0), 0x1000);
    fold.add(barrier());
    const auto all = expanded(fold.take());
    REQUIRE(all.size() == 514);
    CHECK(same(all[0], barrier()));
    CHECK(same(all[512], store(511 * 0x1000, 0)));
    CHECK(same(all[513], barrier()));
}
