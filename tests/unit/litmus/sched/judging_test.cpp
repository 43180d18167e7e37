// SPDX-License-Identifier: Apache-2.0
//
// Labels, `at`, `by`, `tolerate`, and branches on values read.
#include "litmus/sched/judging.hpp"

#include <algorithm>

#include "tests/support/catch.hpp"
#include "tests/unit/litmus/sched/sched_support.hpp"

using namespace tlbcheck;
using tests::executed;
using tests::sched_errors;
using tests::sched_program;
using tests::with_region;

namespace {

/// The first question of the text, with the program it is asked of.
litmus::sched::Question question(const std::string& text) {
    const auto file = litmus::sched::parse_schedule(litmus::make_source("test.sched", text),
                                                    litmus::sched::embedded_include_resolver());
    REQUIRE(file.ok());
    const auto questions = litmus::sched::questions(file.value());
    INFO(litmus::render(questions.diagnostics()));
    REQUIRE(questions.ok());
    return questions.value().front();
}

bool says(const std::string& text, const std::string& part) {
    const std::string errors = sched_errors(text);
    INFO(errors);
    return errors.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a property at a label is asked of the program as far as the label") {
    const auto asked = question(with_region(
        "thread P0 { clear(linear); here: dsb(ish); isb(); }\nassert no_stale_entry(linear) at here;\n"
        "assert no_stale_entry(linear);"));
    CHECK(asked.program->properties[0].text == "no_stale_entry(linear) at here");
    CHECK(model::instruction_count(asked.program->threads[0]) == 16);
    CHECK_FALSE(asked.program->properties[0].judging.moment);  // one thread alone: the end of what is left
}

TEST_CASE("with other threads the moment is that of the label's thread") {
    const auto asked = question(
        with_region("thread P0 { clear(linear); }\nthread P1 { await(f == 1); here: isb(); }\n"
                    "thread P2 { store(f, 1); }\nassert no_stale_entry(linear) at here by P0, other;"));
    const model::Property& property = asked.program->properties[0];
    CHECK(property.text == "no_stale_entry(linear) at here by P0, other");
    REQUIRE(property.judging.moment);
    CHECK(*property.judging.moment == 1);
    CHECK(property.judging.on_thread(0));
    CHECK_FALSE(property.judging.on_thread(1));
    CHECK(property.judging.on_other());
    CHECK(executed(asked.program->threads[1]).find("isb") == std::string::npos);
}

TEST_CASE("tolerate stands in the parentheses or behind them") {
    for (const char* text : {"assert no_stale_entry(linear, tolerate = restrictive);",
                             "assert no_stale_entry(linear) tolerate = restrictive;"}) {
        const auto asked = question(with_region(std::string("thread P0 { isb(); }\n") + text));
        CHECK(asked.program->properties[0].judging.restrictive);
        CHECK(asked.program->properties[0].text == "no_stale_entry(linear, tolerate = restrictive)");
    }
}

TEST_CASE("what names no label, thread or tolerance is an error") {
    const auto with = [](const std::string& property) {
        return with_region("thread P0 { here: isb(); }\nassert " + property + ";");
    };
    CHECK(says(with("no_stale_entry(linear) at ther"), "there is no label 'ther'"));
    CHECK(says(with("no_stale_entry(linear) by P1"), "there is no thread 'P1'"));
    CHECK(says(with("no_stale_entry(linear, tolerate = all)"), "what is tolerated is 'restrictive'"));
    CHECK(says(with("no_use_after_free at here"), "'at' goes with no_stale_entry"));
    CHECK(says(with("never_invalid(linear) by P0"), "'by' goes with no_stale_entry"));
    CHECK(says(with("never_invalid"), "never_invalid needs a region"));
}

TEST_CASE("a label names one moment") {
    CHECK(says(with_region("thread P0 { a: isb(); a: isb(); }"), "the label 'a' is there twice"));
    CHECK(says(with_region("thread P0 { for (x : linear) { a: clear(x); } }"),
               "a label may not stand in a loop"));
    CHECK(says(with_region("def f() { a: isb(); }\nthread P0 { f(); f(); }"), "may name several moments"));
    CHECK(
        says(with_region("def f() { a: isb(); }\nthread P0 { isb(); }\nassert no_stale_entry(linear) at a;"),
             "no thread comes to the label 'a'"));
}

TEST_CASE("branches on values read are refused") {
    for (const char* condition : {"read(f) == 2", "read(f) != 0", "read(f)", "read(linear.start) == 0"}) {
        const std::string text =
            std::string("thread P0 { if (") + condition + ") isb(); }\nthread P1 { store(f, 1); }";
        CHECK(says(with_region(text), "branches on values read are not supported"));
    }
}
