// SPDX-License-Identifier: Apache-2.0
// Tests of litmus/sched/expand.cpp: which hardware a question is asked on, and threads kept independent.

#include "tests/support/catch.hpp"
#include "tests/unit/litmus/sched/sched_support.hpp"

using namespace tlbcheck::litmus::sched;
using tlbcheck::litmus::make_source;
using tlbcheck::tests::sched_errors;
using tlbcheck::tests::sched_program;
using tlbcheck::tests::with_region;

namespace {

std::vector<Question> asked(const std::string& text, const ExpandOptions& options = {}) {
    const auto file = parse_schedule(make_source("test.sched", text), embedded_include_resolver());
    REQUIRE(file.ok());
    const auto result = questions(file.value(), options);
    INFO(tlbcheck::litmus::render(result.diagnostics()));
    REQUIRE(result.ok());
    return result.value();
}

const std::string three = with_region(
    "machine { bbm_level = 1; } thread P0 flush_tlb_kernel_range(linear);\n"
    "witness no_stale_entry(linear);\n"
    "assert no_bbm_violation with { bbm_level = 2; };\n"
    "assert no_tlb_conflict with { bbm_level = 1; tlb_range = false };\n"
    "assert no_use_after_free;");

}  // namespace

TEST_CASE("each property has its hardware, expectation, text and place") {
    const auto all = asked(three);
    REQUIRE(all.size() == 4);
    const auto& properties = all[0].program->properties;
    REQUIRE(properties.size() == 4);
    CHECK(properties[0].expect_violation);
    CHECK(properties[0].text == "no_stale_entry(linear)");
    CHECK(properties[0].region == 0U);
    CHECK(properties[0].differs == std::vector<std::string>{"bbm_level = 1"});
    CHECK(properties[0].place.line == 3);
    CHECK_FALSE(properties[1].expect_violation);
    CHECK(properties[1].hardware.bbm_level == 2);
    CHECK(properties[1].text == "no_bbm_violation");
    CHECK(properties[2].differs == std::vector<std::string>{"bbm_level = 1", "tlb_range = false"});
}

TEST_CASE("questions on equal hardware share a program expanded for it") {
    const auto all = asked(three);
    CHECK(all[0].program == all[3].program);
    CHECK(all[0].program != all[1].program);
    CHECK(all[1].program->hardware.bbm_level == 2);
    CHECK(tlbcheck::tests::show(all[0].program->threads[0]).find("RVAALE1IS") != std::string::npos);
    CHECK(tlbcheck::tests::show(all[2].program->threads[0]).find("RVAALE1IS") == std::string::npos);
}

TEST_CASE("with wins over the command line, which wins over the machine block") {
    ExpandOptions options;
    REQUIRE(set_hardware(options.hardware, "bbm_level", "0").empty());
    REQUIRE(set_hardware(options.hardware, "ets", "2").empty());
    const auto all = asked(three, options);
    CHECK(all[0].program->hardware.bbm_level == 0);
    CHECK(all[1].program->hardware.bbm_level == 2);
    CHECK(all[1].program->hardware.ets == 2);
    CHECK(all[2].program->hardware.bbm_level == 1);
}

TEST_CASE("a file without a property is still checked for errors") {
    const auto file =
        parse_schedule(make_source("t", "region r { va = 1; pa = 0; size = 4K; } thread P0 isb();"),
                       embedded_include_resolver());
    REQUIRE(file.ok());
    CHECK_FALSE(questions(file.value()).ok());
    CHECK(sched_errors("param x = 1;").find("the file has no thread") != std::string::npos);
    CHECK(sched_errors("").find(":1:1: error: the file has no thread") != std::string::npos);
}

TEST_CASE("places are the statement of the thread, and within helpers that of the helper") {
    const auto program =
        sched_program("def f() { g(); }\ndef g() {\n  isb();\n}\nthread P0 {\n  f();\n  dsb(sy);\n}");
    const auto& body = program.threads.at(0).code.at(0).body;
    CHECK(body.at(0).place == tlbcheck::model::SourcePlace{0, 6, 3});
    CHECK(body.at(0).helper_place == tlbcheck::model::SourcePlace{0, 3, 3});
    CHECK(body.at(1).place == body.at(1).helper_place);
    CHECK(program.files == std::vector<std::string>{"test.sched"});
}

TEST_CASE("an error within a helper shows the call") {
    const std::string errors = sched_errors(with_region("thread P0\n  __flush_tlb_kernel_pgtable(0 - 1);"));
    CHECK(errors.find("linux.sched:") == 0);
    CHECK(errors.find("test.sched:3:3: note: expanded from this call") != std::string::npos);
}

TEST_CASE("threads that go by each other's changes are an error that names both") {
    const std::string conflict =
        sched_errors(with_region("thread P0 set(linear, pa = 0x90000000);\nthread P1 free(linear);"));
    CHECK(conflict.find("test.sched:2:11: error: thread P0 changes the PA of 0xffff000080000000 while thread "
                        "P1 goes by it") == 0);
    CHECK(conflict.find("test.sched:3:11: note: thread P1 goes by it here") != std::string::npos);
    const std::string block = "region b { va = 0; pa = 0; size = 4M; level = 2; }\n";
    CHECK(sched_errors(block + "thread P0 set(b, level = 3);\nthread P1 clear(b);")
              .find("changes which tables map 0x0") != std::string::npos);
    CHECK(sched_errors(block + "thread P0 set(range(0, 2M), level = 3);\nthread P1 clear(range(2M, 4M));") ==
          "");
}

TEST_CASE("threads may clear and flush the same leaves, and set what the other does not keep") {
    CHECK(sched_errors(with_region(
              "def f() { clear(linear); flush_tlb_kernel_range(linear); } thread P0 f(); thread P1 f();")) ==
          "");
    CHECK(sched_errors(with_region(
              "thread P0 { clear(linear); set(linear); } thread P1 { clear(linear); free(linear); }")) == "");
    CHECK(sched_errors(
              with_region("thread P0 set(linear, ap = ro); thread P1 { for (x : linear) clear(x); }")) == "");
    CHECK(sched_errors(with_region("thread P0 set(linear, ap = ro); thread P1 set(linear, attr = device);"))
              .find("the permissions of") != std::string::npos);
}

TEST_CASE("an error that only the hardware of one question brings about shows the question") {
    const auto file = parse_schedule(make_source("t",
                                                 "region r { va = 0; pa = 0; size = 4K; } thread P0 "
                                                 "isb();\nassert no_tlb_conflict with { granule = 64K; };"),
                                     embedded_include_resolver());
    REQUIRE(file.ok());
    const auto result = questions(file.value());
    REQUIRE_FALSE(result.ok());
    CHECK(tlbcheck::litmus::render(result.diagnostics())
              .find("t:2:1: note: on the hardware of this question") != std::string::npos);
}
