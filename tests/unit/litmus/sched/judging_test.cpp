// SPDX-License-Identifier: Apache-2.0
//
// Labels, `at`, `by`, `tolerate`, and branches on values read.
#include "litmus/sched/judging.hpp"

#include <algorithm>

#include "tests/support/catch.hpp"
#include "tests/unit/litmus/sched/sched_support.hpp"

using namespace tlbcheck;
using tests::executed;
using tests::says;
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

TEST_CASE("a branch on a value read keeps both arms") {
    const auto program = sched_program(with_region(
        "thread P0 { if (read(f) == 2) { isb(); } else { if (read(linear.start) != 0) dsb(ish); } }\n"
        "thread P1 { store(f, 2); }"));
    const auto& body = program.threads[0].code.front().body;
    REQUIRE(body.size() == 7);
    const auto& first = std::get<model::Branch>(body[0].operation);
    CHECK(first.flag);
    CHECK(first.value == 2);
    CHECK(first.equal);
    CHECK(std::holds_alternative<model::Otherwise>(body[2].operation));
    CHECK_FALSE(std::get<model::Branch>(body[3].operation).flag);
    CHECK_FALSE(std::get<model::Branch>(body[3].operation).equal);
    CHECK(std::holds_alternative<model::EndBranch>(body[6].operation));
}

TEST_CASE("conditions on values read are put together as in C") {
    const auto code = [](const std::string& statement) {
        const auto program = sched_program(
            with_region("thread P0 { " + statement + " }\nthread P1 { store(f, 2); store(g, 1); }"));
        std::string text;
        for (const model::Instruction& i : program.threads[0].code.front().body) {
            if (const auto* branch = std::get_if<model::Branch>(&i.operation)) {
                text += "if " + std::to_string(*branch->flag) + (branch->equal ? "==" : "!=") +
                        std::to_string(branch->value) + " ";
            } else if (std::holds_alternative<model::Otherwise>(i.operation)) {
                text += "else ";
            } else if (std::holds_alternative<model::EndBranch>(i.operation)) {
                text += "end ";
            } else {
                text +=
                    std::get<model::Barrier>(i.operation).kind == model::BarrierKind::isb ? "isb " : "dsb ";
            }
        }
        return text;
    };
    CHECK(code("if (read(f)) isb();") == "if 0!=0 isb end ");
    CHECK(code("if (!read(f)) isb();") == "if 0==0 isb end ");
    CHECK(code("if (2 != read(f)) isb();") == "if 0!=2 isb end ");
    CHECK(code("if (!(read(f) == 2)) isb();") == "if 0==2 else isb end ");
    CHECK(code("if (read(f) == 2 && read(g)) isb(); else dsb(ish);") ==
          "if 0==2 if 1!=0 isb else dsb end else dsb end ");
    CHECK(code("if (read(f) == 2 || read(g) == 1) isb();") == "if 0==2 isb else if 1==1 isb end end ");
    CHECK(code("if (read(f) == 2 && 1 == 2) isb(); else dsb(ish);") == "if 0==2 dsb else dsb end ");
    for (const char* condition : {"read(f) > 2", "read(f) + 1 == 2", "read(f) == read(g)"}) {
        INFO(condition);
        CHECK(says(with_region("thread P0 { if (" + std::string(condition) +
                               ") isb(); }\nthread P1 { store(f, 1); store(g, 1); }"),
                   "compared by == or !="));
    }
    CHECK(says(with_region("thread P0 { let x = read(f); }\nthread P1 { store(f, 1); }"),
               "not known while the schedule is expanded"));
}

TEST_CASE("a branch leaves no doubt about what is mapped") {
    const auto two = [](const std::string& arms) {
        return with_region("thread P0 { if (read(f) == 1) " + arms + " }\nthread P1 { store(f, 1); }");
    };
    CHECK(says(two("set(linear, ap = ro);"), "would depend on what was read"));
    CHECK(sched_errors(two("set(linear, ap = ro); else set(linear, ap = ro);")).empty());
    CHECK(sched_errors(two("clear(linear);")).empty());
    CHECK(says(with_region("thread P0 { if (read(linear)) isb(); }"), "read() takes one leaf"));
    CHECK(says(with_region("thread P0 { if (read(linear.start) == 5) isb(); }"), "compared with 0 only"));
}
