// SPDX-License-Identifier: Apache-2.0
//
// Options and work shared by the subcommands: reading the command line, loading inputs, running jobs in
// parallel.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "checker/cli/options.hpp"
#include "checker/engine/litmus_engine.hpp"
#include "checker/engine/schedule_engine.hpp"
#include "checker/kinds.hpp"
#include "checker/text/color.hpp"

namespace tlbcheck::checker::cli {

/// Options that every subcommand takes (docs/reports.md).
struct CommonOptions {
    std::vector<std::pair<std::string, std::string>> hardware;  ///< key and value, as given
    std::vector<std::string> defines;                           ///< NAME=VALUE
    std::vector<std::string> kernel;                            ///< bitcode files instead of the schedule's
    std::string capabilities;                                   ///< header instead of the schedule's
    std::string kernel_source;                                  ///< tree whose lines are shown
    std::string variant;
    std::optional<std::string> model_file;
    std::optional<int> unroll;
    std::optional<std::string> include_root;
    std::optional<double> timeout;        ///< seconds for each file
    std::optional<std::uint64_t> memory;  ///< MiB for each file
    unsigned jobs = 1;
    std::string color = "auto";
    std::optional<std::string> shard;
    bool no_slicing = false;
    bool no_reduction = false;
    bool any_size = false;
    bool quiet = false;
    bool verbose = false;
    bool json = false;
};

/// Adds the options to a subcommand.
void add_common_options(Command& command, CommonOptions& options);
Option shard_option(CommonOptions& options);

/// Limits of a file that asks for none: an absurd one ends undecided.
constexpr double default_timeout = 600;         ///< seconds
constexpr std::uint64_t default_memory = 4096;  ///< MiB

/// Milliseconds, at least one, of a time limit in seconds.
std::uint64_t milliseconds_of(double seconds);

/// Options as the engines take them.
struct EngineOptions {
    ScheduleOptions schedule;
    LitmusOptions litmus;
    /// Options given that say something of schedules only, of those that call kernel code, or of litmus
    /// tests: as on the command line.
    std::vector<std::string> of_schedules, of_kernel_code, of_litmus_tests;
};
/// nullopt after having printed what is wrong with a value.
std::optional<EngineOptions> engine_options(const CommonOptions& options);
std::optional<ColorPolicy> color_policy(const CommonOptions& options);

/// An input that ran out of time or memory while it was read: undecided.
struct UnreadJob {
    std::string file;
    FrontEnd front_end = FrontEnd::sched;
    std::string reason;
};

/// A loaded input: a schedule or a litmus test.
using Job = std::variant<ScheduleJob, LitmusJob, UnreadJob>;
const std::string& file_of(const Job& job);

/// True for a name that is a litmus test rather than a schedule; by suffix, else by content.
bool is_litmus(const std::string& file);
/// Loads one input; prints nothing.
litmus::Result<Job> load(const std::string& file, const EngineOptions& options);
/// Of which kinds inputs are, for what is wrong with an option given that is for none of them.
struct InputKinds {
    bool schedules = false, kernel_code = false, litmus_tests = false;
    void add(const Job& job);
};
/// What is wrong; empty: nothing is. Of a part of the inputs (--shard) nothing is said.
std::string idle_option(const EngineOptions& options, const InputKinds& inputs);
/// Loads all; prints every diagnostic to stderr and returns nullopt when one is an error.
std::optional<std::vector<Job>> load_all(const std::vector<std::string>& files, const EngineOptions& options);
/// The schedule that `command` gives advice on; nullopt after a message where there is none, or an option is
/// wrong. A litmus test is none.
std::optional<Job> load_for_advice(std::string_view command, const std::string& file,
                                   const CommonOptions& options);
/// Whether advice on the job can be written as a schedule; false after a message: kernel code is no text of
/// the schedule.
bool advice_is_text(const Job& job);
/// The report of an input that could not be read: one undecided question.
FileReport unread_report(const UnreadJob& job);
FileReport check(const Job& job, const EngineOptions& options);

/// Runs `work(i)` for i < count on `jobs` threads; `done(i)` is called in the order of i, from one thread at
/// a time.
void run_in_order(std::size_t count, unsigned jobs, const std::function<void(std::size_t)>& work,
                  const std::function<void(std::size_t)>& done);

/// The part of `files` that --shard I/N (or GitLab's CI_NODE_INDEX and CI_NODE_TOTAL) selects; nullopt after
/// a message when it is malformed.
std::optional<std::vector<std::string>> shard_of(const std::vector<std::string>& files,
                                                 const std::optional<std::string>& given);
struct Shard {
    std::size_t index = 1, total = 1;
};
std::optional<Shard> parse_shard(const std::optional<std::string>& given);

void print(const std::string& text);
/// Prints "tlbcheck: error: MESSAGE" to standard error.
void complain(const std::string& message);
/// Writes to a file atomically, or to standard output for "-"; false after a message.
bool write_output(const std::string& path, const std::string& text);

constexpr int bad_input = 2;

// One function a subcommand.
Command check_command();
Command states_command();
Command explain_command();
Command compare_command();
Command minimize_command();
Command repair_command();
Command gate_command();
Command recheck_command();
Command extract_command();
Command kernel_info_command();
Command completions_command();
Command write_docs_command();

}  // namespace tlbcheck::checker::cli
