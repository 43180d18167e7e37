// SPDX-License-Identifier: Apache-2.0
//
// Schedules as text with their questions, for tests of what answers them.
#pragma once

#include <memory>
#include <string>

#include "checker/engine/question_engine.hpp"
#include "checker/engine/schedule_engine.hpp"
#include "tests/support/catch.hpp"

namespace tlbcheck::tests {

/// A region R of 16 KiB in pages, the statements as thread P0, and a property. R[n] stands for the n-th page.
inline std::string unmap(const std::string& code, const std::string& property = "assert no_stale_entry(R);",
                         const std::string& settings = "size = 16K;") {
    std::string text = "include \"linux.sched\";\nregion R { va = 0xffff000000000000; pa = 0x80000000; " +
                       settings + " }\nthread P0 {\n" + code + "\n}\n" + property + "\n";
    for (auto at = text.find("R["); at != std::string::npos; at = text.find("R[", at)) {
        const std::string start = std::string("R.start + 4K * ") + text[at + 2];
        text.replace(at, 4, "range(" + start + ", " + start + " + 4K)");
    }
    return text;
}

inline const std::string good_unmap = "clear(R[0]); dsb(ishst); tlbi(vaale1is, R[0]); dsb(ish); isb();";
inline const std::string bad_unmap = "clear(R[0]); dsb(ishst); tlbi(vaale1is, R[0]); isb();";

inline checker::ScheduleJob job_of(const std::string& text) {
    auto parsed = litmus::sched::parse_schedule(litmus::make_source("asked.sched", text));
    REQUIRE(parsed);
    checker::ScheduleJob job;
    job.file = "asked.sched";
    job.parsed = parsed.value();
    auto questions = litmus::sched::questions(job.parsed, {});
    REQUIRE(questions);
    job.questions = questions.value();
    REQUIRE_FALSE(job.questions.empty());
    job.program = *job.questions.front().program;
    job.budget = std::make_shared<model::Budget>();
    return job;
}

/// One question of a text; it keeps the program.
struct Asked {
    checker::ScheduleJob job;
    explicit Asked(const std::string& text) : job(job_of(text)) {}
    const model::ScheduleProgram& program() const { return *job.questions.front().program; }
    const model::Property& property() const { return program().properties[job.questions.front().property]; }
    model::JudgedSchedule whole() const { return model::whole(program(), property()); }
    checker::QuestionAnswer answer(const checker::ScheduleOptions& options = {}) const {
        return checker::answer_question(program(), property(), options);
    }
};

}  // namespace tlbcheck::tests
