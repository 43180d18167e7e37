// SPDX-License-Identifier: Apache-2.0
//
// minimize and repair, seen from outside: what they say of the examples, and that `check` agrees with what
// they write.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "tests/end_to_end/answers.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/schema_check.hpp"
#include "tests/support/skip.hpp"

using namespace tlbcheck::tests;  // NOLINT(google-build-using-namespace)
using nlohmann::json;

namespace {

json answer(const std::string& command, std::vector<std::string> arguments, int status = 0) {
    arguments.insert(arguments.begin(), {command, "--json"});
    const auto run = run_tlbcheck(arguments);
    CAPTURE(arguments.back(), run.out, run.err);
    REQUIRE(run.status == status);
    json document = json::parse(run.out);
    CHECK(schema_violation(schema_file(command + "-1.schema.json"), document).empty());
    return document;
}

/// `check` of a schedule that advice wrote: every expectation must hold.
bool passes(const json& schedule, const std::vector<std::string>& options = {}) {
    const TemporaryFolder folder;
    folder.write("advised.sched", schedule["schedule"].get<std::string>());
    for (const bool sliced : {true, false}) {
        std::vector<std::string> arguments{"check", "--strict", (folder.path() / "advised.sched").string()};
        arguments.insert(arguments.end(), options.begin(), options.end());
        if (!sliced && schedule["judged_whole"].get<bool>()) arguments.emplace_back("--no-slicing");
        if (run_tlbcheck(arguments).status != 0) return false;
    }
    return true;
}

std::vector<std::string> needs_of(const json& document) {
    std::vector<std::string> needs;
    for (const json& step : document["steps"]) needs.push_back(step["need"]);
    return needs;
}

const std::string needed = "needed";

}  // namespace

TEST_CASE("every step of the batched unmap is needed, the ISB not with FEAT_ETS2") {
    const std::string batched = "examples/unmap_hotplug/batched.sched";
    const json plain = answer("minimize", {batched});
    CHECK(needs_of(plain) == std::vector<std::string>{needed, needed, needed, needed});
    CHECK(plain["outcome"] == "nothing_to_do");
    for (const json& step : plain["steps"]) CHECK(!step["without"]["sentence"].get<std::string>().empty());
    const json ets2 = answer("minimize", {"--ets", "2", batched});
    CHECK(needs_of(ets2) == std::vector<std::string>{needed, needed, needed, "not needed"});
    CHECK(ets2["cheapest"]["cost"]["isbs"]["count"] == 0);
    CHECK(passes(ets2["cheapest"], {"--ets", "2"}));
}

TEST_CASE("a flush of each plain page goes behind the loop") {
    const json document = answer("minimize", {"examples/unmap_hotplug/per_leaf_plain_pages.sched"});
    const json& cheapest = document["cheapest"];
    REQUIRE(cheapest.is_object());
    CHECK(cheapest["cost"]["dsbs"]["count"] == 2);
    CHECK(cheapest["cost"]["dsbs"]["growth"] == "constant");
    CHECK(document["cost"]["dsbs"]["count"].get<int>() > 2);
    CHECK(passes(cheapest));
}

TEST_CASE("a barrier and a TLBI that are stronger than needed are weakened") {
    const TemporaryFolder folder;
    folder.write("strong.sched",
                 "region r { va = 0xffff000080000000; pa = 0x80000000; size = 16K; }\n"
                 "thread P0 {\n    clear(r);\n    dsb(sy);\n    tlbi(vmalle1os);\n    dsb(sy);\n    isb();\n"
                 "    isb();\n}\nassert no_stale_entry(r);\n");
    const json document = answer("minimize", {(folder.path() / "strong.sched").string()});
    REQUIRE(document["steps"].size() == 5);
    CHECK(document["steps"][0]["weaker"][0] == "DSB ST");
    CHECK(document["steps"][1]["need"] == "could be weaker");
    CHECK(document["steps"][1]["weaker"][0] == "TLBI VAALE1IS of r alone");
    CHECK(document["steps"][2]["weaker"][0] == "DSB OSH");
    CHECK(document["steps"][3]["need"] == "not needed");
    CHECK(passes(document["cheapest"]));
    // Minimal: asked again, nothing more can go.
    folder.write("weak.sched", document["cheapest"]["schedule"].get<std::string>());
    CHECK(answer("minimize", {(folder.path() / "weak.sched").string()})["outcome"] == "nothing_to_do");
}

TEST_CASE("the page of minimize has the table and a timeline for each needed step") {
    const TemporaryFolder folder;
    const std::string page = (folder.path() / "page.html").string();
    REQUIRE(run_tlbcheck({"minimize", "--html", page, "examples/unmap_hotplug/batched.sched"}).status == 0);
    const std::string text = read_text(page), start = "<script type=\"application/json\" id=\"data\">";
    const std::size_t begin = text.find(start) + start.size();
    const json document = json::parse(text.substr(begin, text.find("</script>", begin) - begin));
    CHECK(schema_violation(schema_file("explain-1.schema.json"), document).empty());
    const json& steps = document["minimum"]["steps"];
    REQUIRE(steps.size() == 4);
    REQUIRE(document["questions"].size() == 5);
    CHECK(document["questions"][0]["question"]["verdict"] == "safe");
    for (const json& step : steps) {
        CHECK(step["need"] == needed);
        const json& without = document["questions"][step["question"].get<std::size_t>()];
        CHECK(without["question"]["verdict"] == "unsafe");
        CHECK(without["question"]["expected"].is_null());
        CHECK(!without["timeline"]["steps"].empty());
        CHECK(without["question"]["text"].get<std::string>().starts_with(
            "no_stale_entry(linear) without " + step["statement"].get<std::string>()));
    }
}

TEST_CASE("minimize says so of what is unsafe, asks nothing, or proves nothing") {
    const TemporaryFolder folder;
    const auto write = [&](const std::string& threads) {
        folder.write("a.sched",
                     "region r { va = 0xffff000080000000; pa = 0x80000000; size = 16K; }\n" + threads);
        return (folder.path() / "a.sched").string();
    };
    CHECK(answer("minimize", {write("thread P { clear(r); } assert no_stale_entry(r);")}, 1)["outcome"] ==
          "not_safe");
    CHECK(answer("minimize", {write("thread P { clear(r); } witness no_stale_entry(r);")}, 2)["outcome"] ==
          "no_questions");
    const json vacuous = answer(
        "minimize", {write("thread P { dsb(ish); tlbi(vmalle1is); dsb(ish); } assert no_use_after_free;")});
    CHECK(vacuous["warnings"][0].get<std::string>().starts_with("vacuous"));
    CHECK(vacuous["steps"][1]["note"] == "the answer is vacuous: no proof");
    CHECK(run_tlbcheck({"minimize", "no/such.sched"}).status == 2);
    CHECK(run_tlbcheck({"minimize", "tests/mutation/litmus/none.litmus"}).status == 2);
}

TEST_CASE("the flush of each leaf is repaired by one flush at the end, or one for each set") {
    for (const std::string name : {"per_leaf", "per_leaf_2g"}) {
        const json document = answer("repair", {"examples/unmap_hotplug/" + name + ".sched"});
        CAPTURE(name);
        REQUIRE(document["repairs"].size() >= 2);
        const json& first = document["repairs"][0];
        CHECK(first["changes"][0].get<std::string>().starts_with("flush once behind the loop"));
        CHECK(first["cost"]["dsbs"]["count"] == 2);
        const bool by_set = std::ranges::any_of(document["repairs"], [](const json& repair) {
            return repair["changes"][0].get<std::string>().starts_with("flush once for each contiguous set");
        });
        CHECK(by_set);
        for (const json& repair : document["repairs"]) CHECK(passes(repair));
        if (name == "per_leaf") continue;
        CHECK(document["cost"]["broadcasts"]["count"] == 524288);
        CHECK(first["cost"]["broadcasts"]["count"].get<int>() * 33 < 524288);
    }
}

namespace {

void check_mistakes(const std::vector<std::string>& names) {
    for (const std::string& name : names) {
        const json document = answer("repair", {"examples/flush_mistakes/" + name + ".sched"});
        CAPTURE(name);
        REQUIRE(!document["repairs"].empty());
        CHECK(document["repairs"][0]["changes"].size() == 1);
        for (const json& repair : document["repairs"]) CHECK(passes(repair));
    }
}

}  // namespace

TEST_CASE("mistakes of the examples are repaired by one change, and check agrees") {
    check_mistakes({"no_dsb_before", "one_page_short"});
}

TEST_CASE("every mistake of the examples is repaired, and check agrees", "[.long]") {
    check_mistakes({"dmb_before", "ishst_after", "local_tlbi", "no_dsb_after", "no_dsb_before", "no_isb",
                    "one_page_short", "short_num", "wrong_ttl"});
}

TEST_CASE("bugs of record are repaired, and check agrees", "[.long]") {
    int repaired = 0;
    for (const auto& entry : std::filesystem::directory_iterator(source_dir() / "examples/history")) {
        if (!entry.is_directory()) continue;
        for (const auto& file : std::filesystem::directory_iterator(entry)) {
            const std::string name = file.path().filename().string();
            if (!name.starts_with("before")) continue;
            CAPTURE(entry.path().filename().string(), name);
            // Its fix goes by tables with nothing in them, which no edit of the sequence does.
            const bool none = entry.path().filename() == "kasan_tables_swapped";
            const json document = answer("repair", {file.path().string()}, none ? 1 : 0);
            CHECK(document["repairs"].empty() == none);
            for (const json& repair : document["repairs"]) CHECK(passes(repair));
            ++repaired;
        }
    }
    CHECK(repaired > 25);
}

TEST_CASE("repair says so of what is safe, and of what no change within the bound repairs") {
    CHECK(answer("repair", {"examples/unmap_hotplug/batched.sched"})["outcome"] == "nothing_to_do");
    const TemporaryFolder folder;
    // What is freed stays mapped: no barrier and no flush helps.
    folder.write("mapped.sched",
                 "region r { va = 0xffff000080000000; pa = 0x80000000; size = 4K; }\n"
                 "thread P0 { free(r); }\nassert no_use_after_free;\n");
    const json none = answer("repair", {(folder.path() / "mapped.sched").string()}, 1);
    CHECK(none["outcome"] == "none_found");
    CHECK(none["repairs"].empty());
    CHECK(!none["bound"].get<std::string>().empty());
}

TEST_CASE("a repair never makes threads wait for each other") {
    const TemporaryFolder folder;
    // Told behind the flush, P1 would never answer: then nothing is executed, and nothing violated.
    folder.write("handshake.sched",
                 "include \"linux.sched\";\n"
                 "region r { va = 0x400000; pa = 0x80000000; size = 4K; asid = 5; }\n"
                 "thread P0 {\n    clear(r);\n    store_release(a, 1);\n    await(b == 1);\n"
                 "    flush_tlb_range(r);\n    isb();\n}\n"
                 "thread P1 {\n    await(a == 1);\n    free(r);\n    store_release(b, 1);\n}\n"
                 "assert no_use_after_free;\n");
    const json document = answer("repair", {(folder.path() / "handshake.sched").string()});
    REQUIRE(!document["repairs"].empty());
    CHECK(document["repairs"][0]["changes"][0] == "flush (lines 7 to 8) already before line 5");
    for (const json& repair : document["repairs"]) CHECK(passes(repair));
}

TEST_CASE("a thread that frees too early waits for the one that flushes") {
    const TemporaryFolder folder;
    folder.write("early.sched",
                 "include \"linux.sched\";\n"
                 "region r { va = 0x400000; pa = 0x80000000; size = 4K; asid = 5; }\n"
                 "thread P0 {\n    clear(r);\n    flush_tlb_range(r);\n}\n"
                 "thread P1 {\n    free(r);\n}\nassert no_use_after_free;\n");
    const json document = answer("repair", {(folder.path() / "early.sched").string()});
    REQUIRE(!document["repairs"].empty());
    CHECK(document["repairs"][0]["changes"][0] == "P1 waits for the end of P0 before line 8");
    for (const json& repair : document["repairs"]) CHECK(passes(repair));
}

TEST_CASE("what must never be invalid is written in place, or left as it is") {
    const TemporaryFolder folder;
    folder.write("split.sched",
                 "include \"linux.sched\";\nmachine { bbm_level = 3; }\n"
                 "region r { va = 0xffff000080000000; pa = 0x80000000; size = 2M; level = 2; }\n"
                 "thread P0 {\n    clear(r);\n    flush_tlb_kernel_range(r);\n    set(r, level = 3);\n"
                 "    emit_pte_barriers();\n}\n"
                 "assert never_invalid(r);\nassert no_bbm_violation;\n");
    const json split = answer("repair", {(folder.path() / "split.sched").string()});
    REQUIRE(!split["repairs"].empty());
    CHECK(split["repairs"][0]["changes"][0].get<std::string>().starts_with(
        "write line 7 in place, without making it invalid first (line 5)"));
    for (const json& repair : split["repairs"]) CHECK(passes(repair));
    const json left = answer("repair", {"examples/history/hotplug_splits_leaf/before.sched"});
    REQUIRE(left["repairs"].size() == 1);
    CHECK(left["repairs"][0]["changes"][0] ==
          "leave linear as it is, for it must never be invalid: without line 7");
    CHECK(passes(left["repairs"][0]));
}

TEST_CASE("changes after a move are told by the lines of the file that was given") {
    const TemporaryFolder folder;
    folder.write(
        "two.sched",
        "include \"linux.sched\";\n\n"
        "region r { va = 0xffff000080000000; pa = 0x80000000; size = 128K; contiguous = true; }\n"
        "thread P0 {\n    for (set : sets(r))\n        for (leaf : set) {\n            clear(leaf);\n"
        "            flush_tlb_kernel_range(leaf);\n        }\n    dsb(ish);\n    isb();\n}\n"
        "assert no_stale_entry(r);\n");
    const json answered = answer("repair", {(folder.path() / "two.sched").string()});
    REQUIRE(!answered["repairs"].empty());
    bool moved = false;
    for (const json& repair : answered["repairs"]) {
        const auto& changes = repair["changes"];
        if (!changes[0].get<std::string>().ends_with("the loop of line 6, not in each iteration")) continue;
        moved = true;
        for (std::size_t k = 1; k < changes.size(); ++k)
            CHECK(changes[k].get<std::string>().find("the new line behind line") != std::string::npos);
    }
    CHECK(moved);
}

TEST_CASE("-o writes the schedule that the report has") {
    const TemporaryFolder folder;
    const std::string out = (folder.path() / "fixed.sched").string();
    const auto run = run_tlbcheck({"repair", "-o", out, "examples/flush_mistakes/no_isb.sched"});
    CHECK(run.status == 0);
    CHECK(run.out.find("\n+    isb();\n") != std::string::npos);
    CHECK(read_text(out).find("assert no_stale_entry(linear);") != std::string::npos);
    CHECK(run_tlbcheck({"check", out}).status == 0);
}

TEST_CASE("advice on kernel code names the kernel's lines") {
    const std::string folder = "examples/kernel_code/";
    if (run_tlbcheck({"kernel-info", folder + "hot_remove.bc"}).status != 0)
        return skip("this build reads no bitcode");
    const json repaired = answer("repair", {folder + "per_leaf.sched"});
    REQUIRE(repaired["repairs"].size() >= 2);
    const json& first = repaired["repairs"][0];
    CHECK(first["changes"][0].get<std::string>().starts_with(
        "flush once behind the loop, not in each iteration: unmap_per_leaf hot_remove.c:"));
    CHECK(first["cost"]["dsbs"]["count"] == 2);
    CHECK(first["judged_whole"] == true);
    CHECK(first["schedule"].is_null());
    CHECK(repaired["repairs"][1]["changes"][0].get<std::string>().starts_with(
        "flush once for each contiguous set: unmap_per_leaf hot_remove.c:"));

    const json batched = answer("minimize", {folder + "batched.sched"});
    CHECK(needs_of(batched) == std::vector<std::string>{needed, needed, needed, needed, needed});
    for (const json& step : batched["steps"]) CHECK(step["place"]["file"] == "hot_remove.c");
    const json plain = answer("minimize", {folder + "per_leaf_plain_pages.sched"});
    CHECK(plain["cheapest"]["cost"]["dsbs"]["count"] == 2);

    CHECK(run_tlbcheck({"repair", "-o", "-", folder + "per_leaf.sched"}).status == 2);
}

TEST_CASE("a search that runs out of time says so, and shows only what it verified") {
    const TemporaryFolder folder;
    for (const std::string seconds : {"0.05", "0.3", "1"}) {
        const auto run = run_tlbcheck(
            {"repair", "--json", "--timeout", seconds, "examples/history/mremap_late_flush/before.sched"});
        const json document = json::parse(run.out);
        CAPTURE(seconds, run.out);
        CHECK(schema_violation(schema_file("repair-1.schema.json"), document).empty());
        CHECK(document["exit_code"] == run.status);
        CHECK(run.status == (document["repairs"].empty() ? 3 : 0));
        // However far it came: what it says ended it is the limit that was asked for.
        if (document["repairs"].empty())
            CHECK(document["reason"] == "out of time (limit: " + seconds + " s)");
        for (const json& repair : document["repairs"]) CHECK(passes(repair));
    }
}
