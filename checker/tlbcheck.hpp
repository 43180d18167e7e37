// SPDX-License-Identifier: Apache-2.0
//
// The library's front door, installed as <tlbcheck/tlbcheck.hpp>: load a flush schedule
// (docs/schedule-language.md) or a litmus test (docs/litmus.md), check its questions, explain the answers.
// What is below (engines, model, reports) may change with any version; this does not.
//
//     const tlbcheck::Input input = tlbcheck::load("unmap.sched");
//     for (const tlbcheck::Answer& answer : tlbcheck::check(input))
//         if (answer.verdict == tlbcheck::Verdict::unsafe) std::cout << tlbcheck::explain(input);
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace tlbcheck {

/// How an input is read and judged.
struct Options {
    /// Hardware parameters of schedules as on the command line: {"bbm_level", "2"}, {"granule", "16K"}
    /// (docs/hardware-parameters.md). They win over the machine block, a property's `with` wins over them.
    std::vector<std::pair<std::string, std::string>> hardware;
    /// Values of the schedule's `param`s, each an expression of the language: {"pages", "64"}.
    std::vector<std::pair<std::string, std::string>> defines;
    /// Of litmus tests: herd7's variants, "vmsa", "ets2", ...
    std::vector<std::string> variants;
    /// What a schedule includes may also lie below this folder; by default only below its own.
    std::optional<std::string> include_root;
    /// Seconds for everything that is done with one Input, reading included; more than 0, at most 1e9. What
    /// is not answered by then is undecided.
    double seconds = 600;
    /// MiB that the solver may use for one Input; at least 16. The library's other memory is not counted.
    std::uint64_t mebibytes = 4096;
};

/// The input or an option is at fault. what(): "file:line:col: error: ...", the line, a caret, and hints, a
/// line each.
class InputError : public std::runtime_error {
    using std::runtime_error::runtime_error;
};
/// Two of the checker's judges disagree about one answer: a fault of the checker. There is no answer then.
class InternalError : public std::logic_error {
    using std::logic_error::logic_error;
};

/// safe, unsafe: of a schedule's property. allowed, forbidden, required: of a litmus test's condition (some,
/// no, each allowed final state meets it). undecided: out of time or memory; never to be taken for safe.
enum class Verdict : std::uint8_t { safe, unsafe, allowed, forbidden, required, undecided };

/// The answer to one question of an input.
struct Answer {
    std::string question;  ///< as printed: "no_stale_entry(linear) {bbm_level = 2}", "exists (1:X0=1)"
    Verdict verdict = Verdict::undecided;
    /// False iff the input says which verdict it expects (`assert`: safe, `witness`: unsafe) and it is
    /// another, or there is none.
    bool as_expected = true;
    std::string reason;  ///< one sentence: why it is unsafe, or what ran out; empty otherwise
    std::string place;   ///< "file:line:col" of the question
    /// What to know before the answer is used, a sentence each: that it holds without any flush, for example.
    std::vector<std::string> warnings;
};

/// A loaded input with what is left of its limits. Not for two threads at once; several inputs may be worked
/// on at once.
class Input {
  public:
    struct Content;
    explicit Input(std::unique_ptr<Content> content);
    ~Input();
    Input(Input&&) noexcept;
    Input& operator=(Input&&) noexcept;
    Input(const Input&) = delete;
    Input& operator=(const Input&) = delete;
    const Content& content() const { return *content_; }

  private:
    std::unique_ptr<Content> content_;
};

/// Reads the file of that name, at most 1 MiB, and all that it includes; nothing is solved. "-" is standard
/// input. A name that ends in .litmus is a litmus test, one in .sched a schedule, any other is told by its
/// content. Throws InputError for what is no such file or has errors, and for options that do not exist or
/// are out of range.
Input load(const std::string& path, const Options& options = {});

/// The answers to all questions, in the order of the file; a litmus test has one. Throws InputError for a
/// test whose execution is an error (herd7 would stop as well), InternalError.
std::vector<Answer> check(const Input& input);

enum class Format : std::uint8_t {
    text,  ///< for people, lines of at most 110 characters
    json,  ///< docs/schema/explain-1.schema.json
    html,  ///< one page that needs no other file
};

/// For each question the counterexample step by step, or the orderings that exclude every one. Solves anew,
/// within what check() left of the limits. Ends in a newline. Throws as check() does.
std::string explain(const Input& input, Format format = Format::text);

}  // namespace tlbcheck
