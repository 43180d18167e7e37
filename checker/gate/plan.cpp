// SPDX-License-Identifier: Apache-2.0
//
// Which files are run, each with which options.

#include "checker/gate/plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "checker/gate/glob.hpp"
#include "litmus/casemate/reader.hpp"
#include "litmus/isla/reader.hpp"
#include "litmus/source_file.hpp"

namespace tlbcheck::checker {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(std::string message, std::string hint = {}) {
    throw litmus::InputError(std::move(message), nullptr, {}, std::move(hint));
}

litmus::Source source_of(const std::string& path) {
    std::string why;
    litmus::Source source = litmus::read_list(path, why);
    if (!source) fail(fmt::format("cannot read {}: {}", litmus::printable(path), why));
    return source;
}

template <typename T>
T value_of(litmus::Result<T> result) {
    if (!result) throw litmus::InputError(result.diagnostics());
    return std::move(result).value();
}

std::string tidy(const fs::path& path) {
    const std::string text = path.lexically_normal().generic_string();
    return text.starts_with("./") ? text.substr(2) : text;
}

bool is_input(const fs::path& path) {
    return path.extension() == ".sched" || path.extension() == ".litmus" ||
           litmus::isla::is_litmus_toml(path.generic_string()) || litmus::casemate::is_log(path.string());
}

/// `path` as seen from the configuration file's folder; the path itself when it lies elsewhere.
std::string seen_from(const std::string& folder, const std::string& path) {
    if (folder.empty()) return path;
    const std::string relative = fs::path(path).lexically_relative(folder).generic_string();
    return relative.empty() || relative.starts_with("..") ? path : relative;
}

bool any_match(const std::vector<std::string>& patterns, const std::string& path) {
    return std::any_of(patterns.begin(), patterns.end(),
                       [&](const std::string& pattern) { return glob_match(pattern, path); });
}

std::optional<std::string> config_path(const GateRequest& request, const std::vector<std::string>& paths) {
    if (request.config) return request.config;
    const std::string folder = fs::is_directory(paths.front()) ? paths.front() : "";
    const fs::path usual = fs::path(folder) / "tlbcheck.toml";
    std::error_code ignored;
    if (!fs::is_regular_file(usual, ignored)) return std::nullopt;
    return tidy(usual);
}

/// A folder may have been made by somebody else: what it names or links to elsewhere is not read, for errors
/// show what they are about.
void must_hold(const litmus::IncludeRoot& root, const std::string& path) {
    if (root.holds(path)) return;
    fail(fmt::format("'{}' leads out of its folder", litmus::printable(path, 400)),
         "--include-root DIR allows one more");
}

void check_named_files(const GateConfig& config, const std::string& path,
                       const std::optional<std::string>& include_root) {
    const litmus::IncludeRoot root(path, include_root);
    std::vector<std::string> named = config.kinds;
    for (const ConfigEntry& entry : config.entries)
        named.insert(named.end(), entry.options.kinds.begin(), entry.options.kinds.end());
    if (config.baseline) named.push_back(*config.baseline);
    for (const std::string& file : named) must_hold(root, file);
}

std::vector<std::string> found_files(const std::vector<std::string>& paths, const GateConfig& config,
                                     const std::optional<std::string>& include_root) {
    std::vector<std::string> files;
    for (const std::string& path : paths) {
        std::error_code error;
        if (!fs::exists(path, error))
            fail(fmt::format("{}: no such file or folder", litmus::printable(path)));
        if (!fs::is_directory(path, error)) {
            files.push_back(tidy(path));
            continue;
        }
        const litmus::IncludeRoot root((fs::path(path) / "x").string(), include_root);
        for (std::string& file : files_below(path)) {
            if (any_match(config.exclude, seen_from(config.folder, file))) continue;
            must_hold(root, file);
            files.push_back(std::move(file));
        }
    }
    std::sort(files.begin(), files.end());
    files.erase(std::unique(files.begin(), files.end()), files.end());
    if (files.empty()) {
        fail("nothing to check: no .sched or .litmus file and no casemate log found",
             fmt::format("looked in {}", litmus::printable(fmt::format("{}", fmt::join(paths, ", ")))));
    }
    return files;
}

/// The configuration's options with the command line's on top.
RunOptions merged(RunOptions base, const GateConfig& config, const RunOptions& over) {
    base.hardware = merged(base.hardware, over.hardware);
    base.defines.insert(base.defines.end(), over.defines.begin(), over.defines.end());
    if (over.variant) base.variant = over.variant;
    if (!base.timeout) base.timeout = config.timeout;
    if (over.timeout) base.timeout = over.timeout;
    base.kinds.insert(base.kinds.begin(), config.kinds.begin(), config.kinds.end());
    base.kinds.insert(base.kinds.end(), over.kinds.begin(), over.kinds.end());
    return base;
}

class Planner {
  public:
    explicit Planner(const GateRequest& request) : request_(request), paths_(request.paths) {
        if (paths_.empty()) paths_.emplace_back(".");
    }

    GatePlan plan() {
        if (const auto path = config_path(request_, paths_)) {
            if (!request_.config) must_hold(litmus::IncludeRoot(*path, request_.include_root), *path);
            plan_.config = value_of(parse_gate_config(source_of(*path)));
            check_named_files(plan_.config, *path, request_.include_root);
        }
        used_.resize(plan_.config.entries.size());
        const std::vector<std::string> files = found_files(paths_, plan_.config, request_.include_root);
        for (std::size_t i = 0; i < files.size(); ++i)
            add(files[i], i % request_.shards == request_.shard - 1);
        complain_of_unused();
        read_baseline();
        return std::move(plan_);
    }

  private:
    void add(const std::string& file, bool in_shard) {
        bool configured = false;
        for (std::size_t i = 0; i < plan_.config.entries.size(); ++i) {
            const ConfigEntry& entry = plan_.config.entries[i];
            if (!any_match(entry.match, seen_from(plan_.config.folder, file))) continue;
            configured = true;
            used_[i] = true;
            if (!in_shard) continue;
            for (const auto& hardware : entry.configurations) {
                RunOptions options = entry.options;
                options.hardware = hardware;
                plan_.jobs.push_back({file, merged(std::move(options), plan_.config, request_.options),
                                      entry.expected, entry.place});
            }
        }
        if (!configured && in_shard)
            plan_.jobs.push_back({file, merged({}, plan_.config, request_.options), {}, {0, 0, 1}});
    }

    /// A pattern that matches nothing is a slip of the pen, unless only a part of the tree is run.
    void complain_of_unused() const {
        const std::string whole = plan_.config.folder.empty() ? "." : plan_.config.folder;
        const bool all = std::any_of(paths_.begin(), paths_.end(), [&](const std::string& path) {
            return fs::path(path).lexically_normal() == fs::path(whole).lexically_normal();
        });
        if (!all) return;
        for (std::size_t i = 0; i < used_.size(); ++i) {
            if (used_[i]) continue;
            const ConfigEntry& entry = plan_.config.entries[i];
            throw litmus::InputError(
                fmt::format("[[file]] matches no file: {}", fmt::join(entry.match, ", ")),
                plan_.config.source, entry.place, "patterns are relative to the configuration file");
        }
    }

    void read_baseline() {
        const auto path = request_.baseline ? request_.baseline : plan_.config.baseline;
        if (!path) return;
        plan_.baseline_path = *path;
        std::error_code ignored;
        if (request_.update_baseline && !fs::exists(*path, ignored)) {
            plan_.baseline = Baseline{};
            return;
        }
        plan_.baseline = value_of(parse_baseline(source_of(*path)));
    }

    const GateRequest& request_;
    std::vector<std::string> paths_;
    std::vector<bool> used_;
    GatePlan plan_;
};

}  // namespace

litmus::Result<GatePlan> plan_gate(const GateRequest& request) {
    return litmus::collect([&] { return Planner(request).plan(); });
}

std::vector<std::string> files_below(const std::string& folder) {
    std::vector<std::string> files;
    std::error_code error;
    fs::recursive_directory_iterator walk(folder, fs::directory_options::skip_permission_denied, error);
    for (; !error && walk != fs::recursive_directory_iterator(); walk.increment(error)) {
        const fs::path& path = walk->path();
        std::error_code unreadable;
        if (path.filename().string().starts_with('.')) {
            if (walk->is_directory(unreadable)) walk.disable_recursion_pending();
        } else if (is_input(path) && walk->is_regular_file(unreadable)) {
            files.push_back(tidy(path));
        }
    }
    std::sort(files.begin(), files.end());
    return files;
}

}  // namespace tlbcheck::checker
