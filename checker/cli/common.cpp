// SPDX-License-Identifier: Apache-2.0
//
// The options that every command takes, how files are read, and what is written where.
#include "checker/cli/common.hpp"

#include <fmt/format.h>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "checker/advice/question_verdict.hpp"
#include "checker/atomic_file.hpp"
#include "litmus/casemate/reader.hpp"
#include "litmus/isla/reader.hpp"
#include "model/arch/hardware_table.hpp"
#include "model/limits/budget.hpp"

namespace tlbcheck::checker::cli {

namespace {

std::vector<std::string> split(const std::string& text, char separator) {
    std::vector<std::string> parts;
    std::size_t begin = 0;
    while (begin <= text.size()) {
        const std::size_t end = std::min(text.find(separator, begin), text.size());
        if (end > begin) parts.push_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    return parts;
}

std::string dashed(std::string key) {
    for (char& c : key) {
        if (c == '_') c = '-';
    }
    return key;
}

/// Set from the whole text; NaN and the infinities are numbers to the library, but no limits.
std::string take_seconds(std::optional<double>& target, const std::string& given) {
    char* end = nullptr;
    const double seconds = std::strtod(given.c_str(), &end);
    if (given.empty() || *end != '\0' || !std::isfinite(seconds) || !(seconds > 0))
        return "a positive number of seconds is expected";
    target = seconds;
    return {};
}

std::vector<std::string> words_of(const model::HardwareParameter& parameter) {
    std::vector<std::string> words;
    for (const model::HardwareValue& value : parameter.values) words.emplace_back(value.word);
    return words;
}

std::vector<Option> hardware_options(CommonOptions& o) {
    std::vector<Option> options;
    for (const model::HardwareParameter& parameter : model::hardware_table()) {
        const std::string key(parameter.key);
        options.push_back(option("--" + dashed(key), "", std::string(parameter.help),
                                 [&o, key](const std::string& value) {
                                     o.hardware.emplace_back(key, value);
                                     return std::string();
                                 })
                              .with_values(words_of(parameter))
                              .in("Hardware (schedules)"));
    }
    return options;
}

std::vector<Option> common_options(CommonOptions& o) {
    const auto take_timeout = [&o](const std::string& given) { return take_seconds(o.timeout, given); };
    return {
        texts("-D", o.defines, "NAME=VALUE", "sets a param of the schedule").in("Schedules"),
        texts("--kernel", o.kernel, "FILE", "LLVM bitcode to call instead of the schedule's `kernel` files")
            .in("Schedules"),
        text("--capabilities", o.capabilities, "FILE",
             "the kernel's generated header of capabilities instead of the schedule's")
            .in("Schedules"),
        text("--kernel-source", o.kernel_source, "DIR", "a kernel's tree, to show the lines of its files")
            .in("Schedules"),
        flag("--no-slicing", o.no_slicing, "solve the whole schedule in one piece").in("Schedules"),
        text("--variant", o.variant, "LIST", "herd7's variants, such as vmsa,fatal,ets2").in("Litmus tests"),
        text("--model", o.model_file, "FILE", "judge by this cat model").in("Litmus tests"),
        flag("--no-reduction", o.no_reduction, "keep what cannot matter to the answer").in("Litmus tests"),
        number("--unroll", o.unroll, 1, 64, "N", "how often loops are unrolled (default 2)")
            .in("Litmus tests"),
        folder("--include-root", o.include_root,
               "what a file includes or names as bitcode may also lie below this folder (default: only below "
               "its own)"),
        option("--timeout", "SECONDS", "seconds for each file; beyond that it is undecided", take_timeout)
            .by_default("600"),
        number("--memory", o.memory, 16, 1U << 24U, "MIB", "MiB for each file; beyond that it is undecided")
            .by_default("4096"),
        number("-j,--jobs", o.jobs, 1, 256, "N", "files worked on at once"),
        choice("--color", o.color, {"auto", "always", "never"}, "colours and progress on the terminal"),
        flag("-q,--quiet", o.quiet, "only the line of each file"),
        flag("-v,--verbose", o.verbose, "all there is to say about each question")};
}

std::vector<std::string> given_of_schedules(const CommonOptions& o) {
    std::vector<std::string> given;
    for (const auto& [key, value] : o.hardware) given.push_back("--" + dashed(key));
    if (!o.defines.empty()) given.emplace_back("-D");
    if (o.no_slicing) given.emplace_back("--no-slicing");
    if (o.any_size) given.emplace_back("--any-size");
    return given;
}

std::vector<std::string> given_of_kernel_code(const CommonOptions& o) {
    std::vector<std::string> given;
    if (!o.kernel.empty()) given.emplace_back("--kernel");
    if (!o.capabilities.empty()) given.emplace_back("--capabilities");
    if (!o.kernel_source.empty()) given.emplace_back("--kernel-source");
    return given;
}

std::vector<std::string> given_of_litmus_tests(const CommonOptions& o) {
    std::vector<std::string> given;
    if (!o.variant.empty()) given.emplace_back("--variant");
    if (o.model_file) given.emplace_back("--model");
    if (o.no_reduction) given.emplace_back("--no-reduction");
    if (o.unroll) given.emplace_back("--unroll");
    return given;
}

}  // namespace

void complain(const std::string& message) {
    fmt::print(stderr, "tlbcheck: error: {}\n", message);
}

void add_common_options(Command& command, CommonOptions& o) {
    for (auto& options : {hardware_options(o), common_options(o)})
        command.options.insert(command.options.end(), options.begin(), options.end());
}

Option shard_option(CommonOptions& o) {
    return text("--shard", o.shard, "I/N",
                "only every N-th file from the I-th on (default: CI_NODE_INDEX/CI_NODE_TOTAL)");
}

std::uint64_t milliseconds_of(double seconds) {
    return static_cast<std::uint64_t>(std::max(1.0, std::ceil(std::min(seconds, 1e9) * 1000.0)));
}

std::optional<EngineOptions> engine_options(const CommonOptions& o) {
    EngineOptions result;
    for (const auto& [key, value] : o.hardware) {
        const std::string wrong = litmus::sched::set_hardware(result.schedule.expand.hardware, key, value);
        if (!wrong.empty()) {
            complain(fmt::format("--{} {}: {}", dashed(key), litmus::printable(value), wrong));
            return std::nullopt;
        }
    }
    for (const std::string& define : o.defines) {
        const std::size_t equal = define.find('=');
        if (equal == std::string::npos || equal == 0) {
            complain(fmt::format("-D {}: expected NAME=VALUE", litmus::printable(define)));
            return std::nullopt;
        }
        result.schedule.expand.defines.emplace_back(define.substr(0, equal), define.substr(equal + 1));
    }
    result.schedule.expand.kernel_files = o.kernel;
    result.schedule.expand.capabilities_file = o.capabilities;
    result.schedule.kernel_source = o.kernel_source;
    result.schedule.limits.milliseconds = milliseconds_of(o.timeout.value_or(default_timeout));
    result.schedule.limits.mebibytes = o.memory.value_or(default_memory);
    result.schedule.slicing = !o.no_slicing;
    result.schedule.any_size = o.any_size;
    result.schedule.include_root = o.include_root;
    result.schedule.expand.include_root = o.include_root;
    result.litmus.include_root = o.include_root;
    result.litmus.limits = result.schedule.limits;
    result.litmus.read.variants = split(o.variant, ',');
    result.litmus.read.unroll = o.unroll;
    result.litmus.model_file = o.model_file;
    result.litmus.reduction = !o.no_reduction;
    // NOLINTNEXTLINE(concurrency-mt-unsafe): read before threads start
    if (o.shard || std::getenv("CI_NODE_TOTAL") != nullptr) return result;
    result.of_schedules = given_of_schedules(o);
    result.of_kernel_code = given_of_kernel_code(o);
    result.of_litmus_tests = given_of_litmus_tests(o);
    return result;
}

std::optional<ColorPolicy> color_policy(const CommonOptions& o) {
    return parse_color_policy(o.color);
}

const std::string& file_of(const Job& job) {
    return std::visit([](const auto& j) -> const std::string& { return j.file; }, job);
}

bool is_litmus(const std::string& file) {
    if (file.ends_with(".litmus") || litmus::isla::is_litmus_toml(file)) return true;
    if (file.ends_with(".sched") || litmus::casemate::is_log(file)) return false;
    std::string why;
    const litmus::Source source = litmus::read_source(file, why);
    return source != nullptr && litmus::herd::looks_like_litmus(source->text);
}

namespace {

FrontEnd front_end_of(const std::string& file, bool litmus_test) {
    if (litmus_test) return FrontEnd::litmus;
    return litmus::casemate::is_log(file) ? FrontEnd::casemate : FrontEnd::sched;
}

}  // namespace

litmus::Result<Job> load(const std::string& file, const EngineOptions& options) {
    std::error_code unknown;
    if (std::filesystem::is_directory(file, unknown)) {
        litmus::Diagnostic d;
        d.message = fmt::format("'{}' is a folder", litmus::printable(file, 400));
        d.hint = fmt::format("tlbcheck gate {} runs everything below it", litmus::printable(file, 400));
        return litmus::Result<Job>::failure({d});
    }
    const bool litmus_test = is_litmus(file);
    try {
        if (litmus_test) {
            auto job = load_litmus(file, options.litmus);
            if (!job) return litmus::Result<Job>::failure(job.diagnostics());
            return Job(std::move(job).value());
        }
        auto job = load_schedule(file, options.schedule);
        if (!job) return litmus::Result<Job>::failure(job.diagnostics());
        return Job(std::move(job).value());
    } catch (...) {
        return Job(UnreadJob{file, front_end_of(file, litmus_test), model::limit_that_was_reached()});
    }
}

void InputKinds::add(const Job& job) {
    if (const auto* unread = std::get_if<UnreadJob>(&job)) {
        (unread->front_end == FrontEnd::sched ? schedules : litmus_tests) = true;
        kernel_code = kernel_code || unread->front_end == FrontEnd::sched;  // who knows
        return;
    }
    const auto* schedule = std::get_if<ScheduleJob>(&job);
    litmus_tests = litmus_tests || schedule == nullptr;
    if (schedule == nullptr) return;
    schedules = true;
    kernel_code = kernel_code || schedule->parsed.uses_kernel_code();
}

std::string idle_option(const EngineOptions& options, const InputKinds& inputs) {
    if (!inputs.schedules && !options.of_schedules.empty())
        return fmt::format("{} is for schedules, and no input is one", options.of_schedules.front());
    if (!inputs.kernel_code && !options.of_kernel_code.empty())
        return fmt::format("{} is for schedules that call kernel code, and no input does",
                           options.of_kernel_code.front());
    if (!inputs.litmus_tests && !options.of_litmus_tests.empty())
        return fmt::format("{} is for litmus tests, and no input is one", options.of_litmus_tests.front());
    return {};
}

std::optional<std::vector<Job>> load_all(const std::vector<std::string>& files,
                                         const EngineOptions& options) {
    std::vector<Job> jobs;
    bool failed = false;
    for (const std::string& file : files) {
        auto job = load(file, options);
        if (!job.diagnostics().empty()) fmt::print(stderr, "{}", litmus::render(job.diagnostics()));
        failed |= !job.ok();
        if (job.ok()) jobs.push_back(std::move(job).value());
    }
    if (failed) return std::nullopt;
    InputKinds kinds;
    for (const Job& job : jobs) kinds.add(job);
    const std::string idle = idle_option(options, kinds);
    if (!idle.empty()) {
        complain(idle);
        return std::nullopt;
    }
    return jobs;
}

bool advice_is_text(const Job& job) {
    const auto* schedule = std::get_if<ScheduleJob>(&job);
    if (schedule == nullptr || !runs_kernel_code(schedule->questions)) return true;
    fmt::print(stderr,
               "tlbcheck: error: {}: -o: what is changed is kernel code, there is no new schedule to write\n",
               litmus::printable(schedule->file, 400));
    return false;
}

std::optional<Job> load_for_advice(std::string_view command, const std::string& file,
                                   const CommonOptions& options) {
    const auto engine = engine_options(options);
    if (!engine || !color_policy(options)) return std::nullopt;
    if (is_litmus(file)) {
        fmt::print(stderr, "tlbcheck: error: {}: {} takes a schedule\n", litmus::printable(file, 400),
                   command);
        return std::nullopt;
    }
    if (litmus::casemate::is_log(file)) {
        fmt::print(stderr, "tlbcheck: error: {}: {} takes a schedule, not a recorded run\n",
                   litmus::printable(file, 400), command);
        return std::nullopt;
    }
    auto jobs = load_all({file}, *engine);
    if (!jobs) return std::nullopt;
    return std::move(jobs->front());
}

FileReport unread_report(const UnreadJob& job) {
    FileReport report;
    report.file = job.file;
    report.front_end = job.front_end;
    QuestionReport question;
    question.text = "(all questions)";
    question.rule = "limits";
    question.reason = job.reason;
    question.place.file = job.file;
    report.questions.push_back(std::move(question));
    return report;
}

FileReport check(const Job& job, const EngineOptions& options) {
    if (const auto* schedule = std::get_if<ScheduleJob>(&job))
        return check_schedule(*schedule, options.schedule);
    if (const auto* test = std::get_if<LitmusJob>(&job)) return check_litmus(*test);
    return unread_report(std::get<UnreadJob>(job));
}

void print(const std::string& text) {
    std::fwrite(text.data(), 1, text.size(), stdout);
    std::fflush(stdout);
}

bool write_output(const std::string& path, const std::string& text) {
    if (path == "-") {
        print(text);
        return true;
    }
    const std::string wrong = write_file_atomically(path, text);
    if (!wrong.empty()) complain(litmus::printable(wrong, 500));
    return wrong.empty();
}

}  // namespace tlbcheck::checker::cli
