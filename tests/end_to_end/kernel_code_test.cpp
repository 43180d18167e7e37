// SPDX-License-Identifier: Apache-2.0
//
// Schedules that call compiled C: verdicts of variants, the witness on the lines of the C, what shaped the
// run, the commands extract and kernel-info, bad input.
#include <nlohmann/json.hpp>

#include "tests/end_to_end/kernel_scenario.hpp"
#include "tests/support/catch.hpp"

using namespace tlbcheck::tests;          // NOLINT(google-build-using-namespace)
using namespace tlbcheck::tests::kernel;  // NOLINT(google-build-using-namespace)

namespace {

std::string example(const std::string& name) {
    return folder + name + ".sched";
}

nlohmann::json extracted(const std::string& file, const std::vector<std::string>& options) {
    std::vector<std::string> arguments{"extract", "--json", file};
    arguments.insert(arguments.end(), options.begin(), options.end());
    const auto run = run_tlbcheck(arguments);
    CAPTURE(run.err);
    REQUIRE(run.status == 0);
    return nlohmann::json::parse(run.out);
}

/// What is executed, without the places that it comes from.
nlohmann::json instructions(const nlohmann::json& document) {
    nlohmann::json result = nlohmann::json::array();
    for (const auto& thread : document.at("threads"))
        for (const auto& run : thread.at("runs"))
            for (const auto& in : run.at("body"))
                result.push_back(
                    {run.at("count"), in.at("text"), in.value("va_step", ""), in.value("pa_step", "")});
    return result;
}

/// The message that `text` is refused with; "" when it is not, or not by exit code 2.
std::string refused(const std::string& text) {
    const auto run = Scenario(text + tail).run();
    return run.status == 2 ? run.err : "";
}

}  // namespace

TEST_CASE(
    "leaving out any one clear, barrier or TLBI of the C changes the verdict as derived in its README") {
    if (!reads_bitcode()) return;
    struct Row {
        const char *dropped, *batched, *plain, *pages, *table, *hook;
    };
    const std::vector<Row> rows{{"drop_1", "safe safe", "safe", "unsafe", "unsafe unsafe", "unsafe"},
                                {"drop_2", "unsafe unsafe", "unsafe", "unsafe", "unsafe unsafe", "unsafe"},
                                {"drop_3", "unsafe unsafe", "unsafe", "unsafe", "unsafe unsafe", "unsafe"},
                                {"drop_4", "unsafe unsafe", "unsafe", "unsafe", "unsafe unsafe", "unsafe"},
                                {"drop_5", "unsafe unsafe", "unsafe", "unsafe", "safe unsafe", "safe"},
                                {"drop_6", "safe safe", "safe", "safe", "safe safe", "unsafe"},
                                {"drop_7", "safe safe", "safe", "safe", "safe safe", "unsafe"},
                                {"drop_8", "safe safe", "safe", "safe", "safe safe", "unsafe"}};
    for (const Row& row : rows) {
        CAPTURE(row.dropped);
        const auto options = other_code(row.dropped);
        CHECK(verdicts(example("batched"), options) == row.batched);
        CHECK(verdicts(example("per_leaf_plain_pages"), options) == row.plain);
        CHECK(verdicts(example("free_pages"), options) == row.pages);
        CHECK(verdicts(example("free_table"), options) == row.table);
        CHECK(verdicts(example("hook_table"), options) == row.hook);
    }
    const auto vacuous = run_tlbcheck({"check", "--kernel", variants + "drop_1.bc", "--capabilities",
                                       folder + "cpucaps.h", example("batched")});
    CHECK(has(vacuous.out, "vacuous"));
}

TEST_CASE("-O0, -O1 and a preprocessed file give the instructions of -O2") {
    if (!reads_bitcode()) return;
    for (const char* name : {"batched", "per_leaf", "per_leaf_blocks", "free_pages", "free_table",
                             "hook_table", "key_on", "key_off"}) {
        const auto usual = instructions(extracted(example(name), {}));
        CHECK(usual.size() >= 5);
        for (const char* other : {"O0", "O1", "preprocessed"}) {
            CAPTURE(name, other);
            CHECK(instructions(extracted(example(name), other_code(other))) == usual);
        }
    }
}

TEST_CASE("the witness stands on the lines of the C: text, JSON, SARIF, annotations, page") {
    if (!reads_bitcode()) return;
    const auto text = run_tlbcheck({"check", "-v", example("per_leaf")});
    CHECK(text.status == 0);
    CHECK(has(text.out, "at: hot_remove.c:46: write_entry: linear[0] = invalid\n"));
    CHECK(has(text.out, "in: clear hot_remove.c:98\n"));
    CHECK(has(text.out, "in: unmap_per_leaf hot_remove.c:115\n"));

    const auto json = nlohmann::json::parse(run_tlbcheck({"check", "--json", example("per_leaf")}).out);
    const auto& stack = json["files"][0]["questions"][0]["offence"]["kernel"];
    REQUIRE(stack.size() == 3);
    CHECK(stack[2] ==
          nlohmann::json{{"function", "unmap_per_leaf"}, {"file", "hot_remove.c"}, {"line", 115}});

    const auto sourced = run_tlbcheck({"check", "-v", "--kernel-source", folder, example("per_leaf")});
    CHECK(has(sourced.out, "*(volatile entry *)slot = value;"));
    CHECK(has(run_tlbcheck({"explain", example("per_leaf")}).out, "write_entry hot_remove.c:46"));

    TemporaryFolder out;
    const auto sarif_file = out.path() / "out.sarif";
    const auto page_file = out.path() / "page.html";
    const Scenario failing(
        "region linear { va = 0xffff000080000000; pa = 0x80000000; size = 64K; contiguous = true; }\n"
        "thread P0 { call unmap_per_leaf(linear.start, linear.end); }\nassert no_stale_entry(linear);\n");
    const auto gate = failing.run({"gate", "--sarif", sarif_file.string(), "--github"});
    CHECK(gate.status == 1);
    CHECK(has(gate.out, "file=hot_remove.c,line=46"));
    const auto sarif = nlohmann::json::parse(read_text(sarif_file));
    const auto& place = sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
    CHECK(place["region"]["startLine"] == 46);
    CHECK(has(place["artifactLocation"]["uri"].get<std::string>(), "hot_remove.c"));
    CHECK(failing.run({"explain", "--html", page_file.string()}).status == 1);
    CHECK(has(read_text(page_file), "hot_remove.c"));
}

TEST_CASE("what shaped the run is told: with -v, in JSON always, a WARN always") {
    if (!reads_bitcode()) return;
    CHECK(!has(run_tlbcheck({"check", example("hook_table")}).out, "kernel:"));
    const auto told = run_tlbcheck({"check", "-v", example("hook_table")}).out;
    CHECK(has(told, "kernel: not run: get_zeroed_page allocates pages (map_page hot_remove.c:"));
    CHECK(has(told, "kernel: capability ARM64_HAS_TLB_RANGE: present (has_tlb_range hot_remove.c:83)"));
    const auto json = nlohmann::json::parse(run_tlbcheck({"check", "--json", example("hook_table")}).out);
    CHECK(json["files"][0]["kernel"].size() >= 2);
    // The second argument is left to "...": it is zero, and that is told.
    const auto fewer = nlohmann::json::parse(
        Scenario(thread("call unmap_batched(r.end, ...);") + tail).run({"check", "--json"}).out);
    CHECK(has(fewer.dump(), "argument 2 (end) of unmap_batched"));
}

TEST_CASE("--kernel and --capabilities take the place of the files that a schedule names") {
    if (!reads_bitcode()) return;
    // The file names bitcode that is not there: the command line's is read.
    const Scenario absent(thread("call unmap_batched(r.start, r.end);") + tail,
                          "kernel \"gone.bc\";\ncapabilities \"gone.h\";\n");
    CHECK(absent.run().status == 2);
    CHECK(verdicts(absent.file(),
                   {"--kernel", folder + "hot_remove.bc", "--capabilities", folder + "cpucaps.h"}) == "safe");
    CHECK(verdicts(absent.file(), other_code("drop_3")) == "unsafe");
    // The number of the capability is the header's: under another number the alternative stays as compiled.
    const auto other = absent.path() / "other.h";
    std::ofstream(other) << "#define ARM64_HAS_TLB_RANGE 9\n#define ARM64_OTHER 1\n";
    const auto plain =
        extracted(absent.file(), {"--kernel", folder + "hot_remove.bc", "--capabilities", other.string()});
    CHECK(has(plain.dump(), "TLBI VAALE1IS"));
    CHECK(!has(plain.dump(), "RVAALE1IS"));
}

TEST_CASE("files that a schedule names lie below its folder, unless a folder is allowed") {
    if (!reads_bitcode()) return;
    const Scenario inner(thread("call unmap_batched(r.start, r.end);") + tail);
    const auto below = inner.path() / "sub";
    std::filesystem::create_directory(below);
    const auto file = (below / "s.sched").string();
    for (const std::string items :
         {"kernel \"../hot_remove.bc\";\n", "kernel \"hot_remove.bc\";\ncapabilities \"../cpucaps.h\";\n"}) {
        std::filesystem::copy_file(inner.path() / "hot_remove.bc", below / "hot_remove.bc",
                                   std::filesystem::copy_options::overwrite_existing);
        std::ofstream(file) << items << thread("call unmap_batched(r.start, r.end);") << tail;
        const auto run = run_tlbcheck({"check", file});
        CHECK(run.status == 2);
        CHECK(has(run.err, "lies outside of the folder"));
        CHECK(has(run.err, "s.sched:"));
        CHECK(verdicts(file, {"--include-root", inner.path().string()}) == "safe");
    }
}

TEST_CASE("extract: instructions with stacks, and a schedule that gives the same again") {
    if (!reads_bitcode()) return;
    const auto text = run_tlbcheck({"extract", "--tlb-range", "false", example("batched")});
    CHECK(has(text.out, "thread P0: 35 instructions\n"));
    CHECK(has(text.out, "16 times:\n"));
    CHECK(has(text.out, "hot_remove.c:46"));
    CHECK(has(run_tlbcheck({"extract", "-v", example("batched")}).out, "unmap_batched hot_remove.c:123"));
    for (const char* name :
         {"batched", "per_leaf", "per_leaf_blocks", "free_pages", "per_leaf_plain_pages"}) {
        CAPTURE(name);
        TemporaryFolder out;
        const auto written = (out.path() / "again.sched").string();
        REQUIRE(run_tlbcheck({"extract", "-o", written, example(name)}).status == 0);
        CHECK(!has(read_text(written), "call "));
        // Questions of other hardware are not asked again.
        const std::string again = verdicts(written);
        CHECK((again == "safe" || again == "unsafe" || again == "safe unsafe"));
        CHECK(verdicts(example(name)).starts_with(again));
        // Not always run for run, but instruction for instruction.
        std::uint64_t before = 0;
        std::uint64_t after = 0;
        for (const auto& each : instructions(extracted(example(name), {})))
            before += each[0].get<std::uint64_t>();
        for (const auto& each : instructions(extracted(written, {}))) after += each[0].get<std::uint64_t>();
        CHECK(before == after);
    }
}

TEST_CASE("kernel-info: what a function needs") {
    if (!reads_bitcode()) return;
    const auto run = run_tlbcheck({"kernel-info", "--json", "--entry", "map_page", folder + "hot_remove.bc"});
    REQUIRE(run.status == 0);
    const auto json = nlohmann::json::parse(run.out);
    CHECK(has(json["functions"].dump(), "\"map_page\""));
    CHECK(has(json["functions"].dump(), "\"walk\""));
    CHECK(!has(json["functions"].dump(), "unmap_batched"));
    CHECK(has(json["externs"].dump(), "get_zeroed_page"));
    CHECK(!has(json["externs"].dump(), "free_pages"));
    const auto missing = run_tlbcheck({"kernel-info", "--entry", "map_pages", folder + "hot_remove.bc"});
    CHECK(missing.status == 2);
    CHECK(has(missing.err, "map_page"));
    CHECK(run_tlbcheck({"kernel-info", folder + "README.md"}).status == 2);
    CHECK(run_tlbcheck({"kernel-info", "not/there.bc"}).status == 2);
}

TEST_CASE("what cannot be run is an error with the place in the C, what was met, and what to do") {
    if (!reads_bitcode()) return;
    const std::string outside = refused(thread("call map_page(0xfffff00000000000, 0x80000000);"));
    CHECK(has(outside, "hot_remove.c:"));
    CHECK(has(outside, "note: in map_page hot_remove.c:"));
    CHECK(has(refused(thread("call nobody(1);")), "defines no function 'nobody'"));
    CHECK(has(refused(thread("call unmap_batch(r.start, r.end);")), "did you mean 'unmap_batched'?"));
    CHECK(has(refused(thread("call unmap_batched(1, 2, 3);")), "takes 2 argument(s): start, end, 3 given"));
    CHECK(has(refused(thread("call unmap_batched(1);")),
              "takes 2 argument(s): start, end; not given: argument 2 (end)"));
    CHECK(has(refused(thread("call unmap_batched();")), "not given: argument 1 (start), argument 2 (end)"));
    CHECK(has(refused(thread("call unmap_batched(..., 1);")), "expected ')' after '...', the last argument"));
    CHECK(has(refused(thread("call unmap_batched(1, 2, 3, ...);")), "3 given"));
    CHECK(has(refused(thread("isb(...);")), "expected a value"));
    CHECK(has(refused("kernel_set nothing = 1;\n" + thread("call unmap_batched(r.start, r.end);")),
              "no variable 'nothing'"));
    CHECK(has(refused("kernel_set batching.nothing = 1;\n" + thread("call unmap_batched(r.start, r.end);")),
              "no field 'nothing'"));
    CHECK(has(refused("kernel_stub nothing = 1;\n" + thread("call unmap_batched(r.start, r.end);")),
              "no function 'nothing'"));
    CHECK(has(refused("object x = nothing;\n" + thread("call unmap_batched(r.start, x);")),
              "no struct 'nothing'"));
    CHECK(has(refused("layout { nothing = 1; }\n" + thread("call unmap_batched(r.start, r.end);")),
              "no 'nothing'"));
    CHECK(has(refused("capabilities { NOTHING = true; }\n" + thread("call unmap_batched(r.start, r.end);")),
              "no capability 'NOTHING'"));
    CHECK(has(
        refused(
            "machine { granule = 16K; }\nregion r { va = 0xffff000080000000; pa = 0x80000000; size = 64K; }\n"
            "thread P0 { call unmap_batched(r.start, r.end); }\n"),
        "4K pages only"));
}

TEST_CASE("files that are no bitcode, or broken, are errors that name them") {
    if (!reads_bitcode()) return;
    const std::string whole = read_text(source_dir() / folder / "hot_remove.bc");
    const auto answer = [&](const std::string& bytes) {
        const Scenario scenario(thread("call unmap_batched(r.start, r.end);") + tail);
        std::ofstream(scenario.path() / "hot_remove.bc", std::ios::binary) << bytes;
        return scenario.run();
    };
    for (const std::string& bytes :
         {std::string(), std::string("no bitcode"), whole.substr(0, whole.size() / 2), whole.substr(0, 8)}) {
        const auto run = answer(bytes);
        CHECK(run.status == 2);
        CHECK(has(run.err, "hot_remove.bc"));
    }
    CHECK(answer(whole).status == 0);
}

TEST_CASE("out of steps or time is undecided") {
    if (!reads_bitcode()) return;
    // More pages than the time allows, one by one.
    const Scenario large(
        "region r { va = 0xffff000080000000; pa = 0x80000000; size = 64G; }\n"
        "thread P0 { call unmap_per_leaf(r.start, r.end); }\nassert no_stale_entry(r);\n");
    const auto run = large.run({"check", "--timeout", "1"});
    CHECK(run.status == 3);
    CHECK(has(run.out, "undecided"));
}

TEST_CASE("two threads: what one reads and the other changes is an error that names both lines") {
    if (!reads_bitcode()) return;
    const auto two = [](const std::string& second) {
        return Scenario("machine { tlb_range = false; }\n" + linear +
                        "region s { va = 0xffff000090000000; pa = 0x90000000; size = 64K; }\n"
                        "thread P0 { call unmap_batched(r.start, r.end); }\nthread P1 { " +
                        second + " }\n" + tail)
            .run();
    };
    CHECK(two("call unmap_batched(s.start, s.end);").status == 0);
    const auto conflict = two("call unmap_and_free(r.start, r.start + 4K);");
    CHECK(conflict.status == 2);
    CHECK(has(conflict.err, "hot_remove.c:"));
    CHECK(has(conflict.err, "reads what thread P0 changes at write_entry hot_remove.c:46"));
    CHECK(has(conflict.err, "s.sched:6:"));
    CHECK(has(conflict.err, "s.sched:5:"));
    // A statement of the schedule is as good as code.
    const auto statement = two("clear(r);");
    CHECK((statement.status == 2 || statement.status == 0));
    const auto table = two("clear(table(r, 3));");
    CHECK(table.status == 2);
    CHECK(has(table.err, "while thread P1 goes by it"));
}

TEST_CASE("each thing that cannot be judged is told with its function, file and line") {
    if (!reads_bitcode()) return;
    struct Row {
        const char* call;
        int status;
        const char* first;
        const char* second;
    };
    for (const Row& row : std::vector<Row>{
             {"stops()", 2, "in stops odd.c:35: the kernel stops with BUG at odd.c:35",
              "not one that it meets"},
             {"half_a_descriptor(r.start)", 2, "odd.c:37: a store of 4 bytes to a translation table",
              "8 bytes at a time"},
             {"changes_gp(r.start)", 2, "odd.c:41: the descriptor for VA 0xffff000080000000 changes GP",
              "descriptor(region)"},
             {"calls_elsewhere()", 2, "odd.c:44: 'elsewhere' is called, which is not in the bitcode",
              "kernel_stub elsewhere ="},
             {"calls_null(0)", 2, "odd.c:46: a call through a pointer of 0x0", "symbol(name)"},
             {"reads(16)", 2, "odd.c:48: a read through a null pointer", "kernel_set"},
             {"reads(r.start)", 2, "odd.c:48: a read at 0xffff000080000000", "contents of mapped pages"},
             {"reads(0xfff0000000000000)", 2, "odd.c:48: a read at 0xfff0000000000000",
              "a region may be missing"},
             {"reads_its_stack()", 2, "odd.c:57: 8 bytes", "nobody has set"},
             {"unknown_instruction()", 2, "odd.c:69: instruction 'fmov d0, x0'", "hint: kernel_stub"},
             {"writes_a_register()", 2, "odd.c:71: instruction 'msr': writing ttbr0_el1",
              "hint: kernel_stub"},
             {"runs_for_ever()", 3, "undecided", "out of time"},
             {"calls_itself(1)", 3, "undecided", "nested more than"}}) {
        CAPTURE(row.call);
        const Scenario scenario(thread(std::string("call ") + row.call + ";") + tail,
                                "kernel \"unused.bc\";\n");
        auto options = other_code("odd");
        options.insert(options.begin(), {"check", "--timeout", "1"});
        const auto run = scenario.run(options);
        CHECK(run.status == row.status);
        const std::string all = run.out + run.err;
        CAPTURE(all);
        CHECK(has(all, row.first));
        CHECK(has(all, row.second));
    }
}

TEST_CASE("a WARN is told always, what is only declared and read is told with -v") {
    if (!reads_bitcode()) return;
    auto options = other_code("odd");
    options.insert(options.begin(), "check");
    const Scenario warns(thread("call warns(r.start);") + tail, "kernel \"unused.bc\";\n");
    CHECK(has(warns.run(options).out, "the kernel warns at odd.c:30 (warns odd.c:30)"));
    options.emplace_back("-v");
    const Scenario reads(thread("call reads_what_is_not_set(r.start);") + "assert no_bbm_violation;\n",
                         "kernel \"unused.bc\";\n");
    CHECK(has(reads.run(options).out, "kernel: read as zero: not_set (reads_what_is_not_set odd.c:52)"));
}
