// SPDX-License-Identifier: Apache-2.0
//
// Reading a schedule with all it includes. A text is read once, however often it is included.

#include <fmt/format.h>

#include <filesystem>
#include <set>
#include <utility>

#include "litmus/sched/embedded.hpp"
#include "litmus/sched/parser.hpp"
#include "litmus/sched/schedule.hpp"
#include "litmus/sched/syntax_tree.hpp"

namespace tlbcheck::litmus::sched {
namespace {

constexpr std::size_t max_sources = 64;
constexpr std::size_t max_items = 4096;
constexpr std::size_t max_regions = 256;
constexpr std::size_t max_threads = 64;
constexpr int max_include_depth = 16;

class Reader {
  public:
    explicit Reader(const IncludeResolver& resolver)
        : resolver_(resolver), tree_(std::make_shared<SyntaxTree>()) {}

    ScheduleFile read(const Source& main) {
        text(main);
        check_sizes();
        tree_->index_defs();
        check_names(*tree_);
        return {tree_};
    }

  private:
    void check_sizes() const {
        const Where where{tree_->sources[0], {}};
        const std::size_t items =
            tree_->params.size() + tree_->defs.size() + tree_->flags.size() + tree_->properties.size();
        if (items > max_items)
            fail(where, fmt::format("more than {} params, defs, flags and properties", max_items));
        if (tree_->regions.size() > max_regions)
            fail(where, fmt::format("more than {} regions", max_regions));
        if (tree_->threads.size() > max_threads)
            fail(where, fmt::format("more than {} threads", max_threads));
    }

    void text(const Source& source) {
        const auto file = static_cast<std::uint32_t>(tree_->sources.size());
        tree_->sources.push_back(source);
        read_.insert(source->name);
        Parser(source, file).parse_file(*tree_, [&](const Parser::IncludeItem& item) {
            include(source, item);
        });
    }

    void include(const Source& from, const Parser::IncludeItem& item) {
        const Where where{from, item.spot.place};
        std::string why = "no such file";
        const Source found = resolver_ ? resolver_(from->name, item.path, why) : nullptr;
        if (!found) {
            fail(where, fmt::format("cannot include \"{}\": {}", printable(item.path, 100), why),
                 item.path == "linux.sched"
                     ? ""
                     : "a path is looked for beside the including file; \"linux.sched\" is built in");
        }
        if (read_.count(found->name) != 0) return;
        if (depth_ >= max_include_depth) fail(where, "includes are nested too deeply");
        if (tree_->sources.size() >= max_sources)
            fail(where, fmt::format("more than {} files are included", max_sources - 1));
        ++depth_;
        text(found);
        --depth_;
    }

    const IncludeResolver& resolver_;
    std::shared_ptr<SyntaxTree> tree_;
    std::set<std::string> read_;
    int depth_ = 0;
};

Source embedded(const std::string& path, std::string& why) {
    if (path == "linux.sched") return make_source("linux.sched", std::string(embedded_linux_sched()));
    why = "no such file";
    return nullptr;
}

}  // namespace

bool ScheduleFile::uses_kernel_code() const {
    return !tree->kernel.files.empty() || tree->kernel_files != nullptr;
}

const std::vector<Source>& ScheduleFile::sources() const {
    return tree->sources;
}

IncludeResolver embedded_include_resolver() {
    return [](const std::string& /*including*/, const std::string& path, std::string& why) {
        return embedded(path, why);
    };
}

IncludeResolver include_resolver(IncludeRoot root) {
    return [root = std::move(root)](const std::string& including, const std::string& path,
                                    std::string& why) -> Source {
        namespace fs = std::filesystem;
        if (path.empty() || path.find('\0') != std::string::npos) {
            why = "no such file";
            return nullptr;
        }
        const fs::path beside = fs::path(including).parent_path() / path;
        std::error_code error;
        if (fs::exists(beside, error)) return root.read(beside.lexically_normal().string(), why);
        return embedded(path, why);
    };
}

Result<ScheduleFile> parse_schedule(const Source& main, const IncludeResolver& resolver) {
    return collect([&] { return Reader(resolver).read(main); });
}

Result<ScheduleFile> parse_schedule(const Source& main) {
    return parse_schedule(main, include_resolver(IncludeRoot(main->name)));
}

}  // namespace tlbcheck::litmus::sched
