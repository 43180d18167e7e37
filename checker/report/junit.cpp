// SPDX-License-Identifier: Apache-2.0
//
// A suite for each file, a case for each question.

#include "checker/report/junit.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "checker/report/check_text.hpp"
#include "checker/text/text_tools.hpp"

namespace tlbcheck::checker {
namespace {

struct Counts {
    std::size_t tests = 0, failures = 0, errors = 0, skipped = 0;
    void add(const Counts& other) {
        tests += other.tests;
        failures += other.failures;
        errors += other.errors;
        skipped += other.skipped;
    }
    std::string attributes() const {
        return fmt::format(R"(tests="{}" failures="{}" errors="{}" skipped="{}")", tests, failures, errors,
                           skipped);
    }
};

Counts counts_of(const FileReport& file) {
    if (verdict_of(file) == FileVerdict::error) return {1, 0, 1, 0};
    Counts counts{file.questions.size(), 0, 0, 0};
    for (const QuestionReport& question : file.questions) {
        const Outcome outcome = outcome_of(question);
        if (outcome == Outcome::failed) ++counts.failures;
        if (outcome == Outcome::undecided || outcome == Outcome::known) ++counts.skipped;
    }
    return counts;
}

/// The question with its details, as --verbose prints it.
std::string body_of(const FileReport& file, const QuestionReport& question) {
    FileReport one = file;
    one.questions = {question};
    one.warnings.clear();
    return check_text(one, {Detail::verbose, Painter(false)});
}

std::string message_of(const QuestionReport& question) {
    std::string message = verdict_phrase(question);
    if (!question.reason.empty()) message += fmt::format(": {}", question.reason);
    return message;
}

std::string case_of(const FileReport& file, const QuestionReport& question) {
    std::string place;
    if (question.place.line != 0) {
        place = fmt::format(R"( file="{}" line="{}")", xml_escaped(question.place.file), question.place.line);
    }
    const std::string start = fmt::format(R"(    <testcase classname="{}" name="{}"{})",
                                          xml_escaped(file.file), xml_escaped(full_text(question)), place);
    const std::string message = xml_escaped(message_of(question));
    switch (outcome_of(question)) {
        case Outcome::failed:
            return fmt::format(
                "{}>\n      <failure type=\"{}\" message=\"{}\">{}</failure>\n    </testcase>\n", start,
                xml_escaped(question.rule), message, xml_escaped(body_of(file, question)));
        case Outcome::undecided:
        case Outcome::known:
            return fmt::format("{}>\n      <skipped message=\"{}\"/>\n    </testcase>\n", start, message);
        case Outcome::met:
        case Outcome::no_expectation:
            break;
    }
    if (question.warnings.empty()) return start + "/>\n";
    std::string warnings;
    for (const std::string& warning : question.warnings)
        warnings += "warning: " + xml_escaped(warning) + "\n";
    return fmt::format("{}>\n      <system-out>{}</system-out>\n    </testcase>\n", start, warnings);
}

std::string suite_of(const FileReport& file) {
    std::string text =
        fmt::format("  <testsuite name=\"{}\" {}>\n", xml_escaped(file.file), counts_of(file).attributes());
    if (verdict_of(file) == FileVerdict::error) {
        const bool input = !file.error.empty();
        text += fmt::format(
            "    <testcase classname=\"{}\" name=\"input\">\n      <error type=\"{}\">{}</error>\n    "
            "</testcase>\n",
            xml_escaped(file.file), input ? "input" : "internal",
            xml_escaped(input ? file.error : file.internal_error));
    } else {
        for (const QuestionReport& question : file.questions) text += case_of(file, question);
    }
    return text + "  </testsuite>\n";
}

}  // namespace

std::string junit_xml(const std::vector<FileReport>& files) {
    Counts total;
    for (const FileReport& file : files) total.add(counts_of(file));
    std::string text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    text += fmt::format("<testsuites name=\"tlbcheck\" {}>\n", total.attributes());
    for (const FileReport& file : files) text += suite_of(file);
    return text + "</testsuites>\n";
}

}  // namespace tlbcheck::checker
