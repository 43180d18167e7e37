// SPDX-License-Identifier: Apache-2.0
//
// Reading bitcode and the header of capabilities.

#include "litmus/sched/kernel_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <optional>

#include "litmus/kernel/bitcode.hpp"
#include "litmus/kernel/kernel_input.hpp"

namespace tlbcheck::litmus::sched {
namespace {

namespace fs = std::filesystem;

struct NamedFile {
    fs::path path;
    Spot spot;
};

/// Those of the command line lie anywhere, those that a schedule names below its folder, as what it includes.
std::vector<NamedFile> named_files(const Expansion& expansion, const std::vector<KernelFileItem>& items,
                                   const std::vector<std::string>& instead, const Spot& spot) {
    const SyntaxTree& tree = expansion.tree;
    const IncludeRoot root(tree.sources.front()->name, expansion.include_root);
    std::vector<NamedFile> result;
    for (const std::string& path : instead) result.push_back({path, spot});
    if (!instead.empty()) return result;
    for (const KernelFileItem& item : items) {
        const fs::path beside = fs::path(tree.sources[item.spot.file]->name).parent_path() / item.path;
        std::error_code error;
        if (fs::exists(beside, error) && !root.holds(beside.string()))
            fail(tree.where(item.spot),
                 fmt::format("kernel file '{}': {}", printable(item.path, 200), IncludeRoot::outside()));
        result.push_back({beside.lexically_normal(), item.spot});
    }
    return result;
}

std::shared_ptr<const kernel::Image> read_image(const SyntaxTree& tree, const std::vector<NamedFile>& files) {
    std::vector<kernel::ir::BitcodeFile> bitcode;
    for (const NamedFile& file : files) {
        std::string why;
        auto bytes = kernel::read_kernel_file(file.path.string(), why);
        if (!bytes)
            fail(tree.where(file.spot),
                 fmt::format("kernel file '{}': {}", printable(file.path.string(), 200), why));
        bitcode.push_back({file.path.string(), std::move(*bytes)});
    }
    std::string error;
    auto image = std::make_shared<const kernel::Image>(kernel::load_bitcode(bitcode, error));
    if (!error.empty()) fail(tree.where(files.front().spot), printable(error, 400));
    return image;
}

}  // namespace

std::shared_ptr<KernelFiles> kernel_files(const Expansion& expansion, const Spot& spot) {
    const SyntaxTree& tree = expansion.tree;
    const std::vector<NamedFile> files =
        named_files(expansion, tree.kernel.files, expansion.kernel_files, spot);
    if (files.empty())
        fail(tree.where(spot), "a call of kernel code, and the file names none",
             "write kernel \"file.bc\"; or give --kernel FILE");
    const std::vector<std::string> header_instead =
        expansion.capabilities_file.empty() ? std::vector<std::string>()
                                            : std::vector<std::string>{expansion.capabilities_file};
    const std::vector<NamedFile> headers =
        named_files(expansion, tree.kernel.capability_files, header_instead, spot);
    std::string key;
    for (const NamedFile& file : files) key += file.path.string() + "\n";
    for (const NamedFile& file : headers) key += "\t" + file.path.string() + "\n";
    if (tree.kernel_files && tree.kernel_files->key == key) return tree.kernel_files;

    auto result = std::make_shared<KernelFiles>();
    result->key = key;
    result->image = read_image(tree, files);
    if (headers.empty()) {
        std::vector<std::string> paths;
        for (const NamedFile& file : files) paths.push_back(file.path.string());
        if (auto found = kernel::default_capabilities(paths, *result->image)) result->capabilities = *found;
    }
    for (const NamedFile& file : headers) {
        std::string why;
        const auto header = kernel::read_kernel_file(file.path.string(), why);
        if (!header)
            fail(tree.where(file.spot),
                 fmt::format("capabilities '{}': {}", printable(file.path.string(), 200), why));
        const auto parsed = kernel::world::Capabilities::parse(*header);
        if (!parsed)
            fail(tree.where(file.spot), "this header defines no capability",
                 "the kernel's build writes arch/arm64/include/generated/asm/cpucap-defs.h (6.x: cpucaps.h)");
        result->capabilities = *parsed;
    }
    tree.kernel_files = result;
    return result;
}

std::string place_text(const std::vector<kernel::interpreter::Frame>& frames) {
    for (const auto& frame : frames) {
        if (frame.file.empty() || frame.file.ends_with(".h")) continue;
        return fmt::format("{} {}:{}", frame.function, frame.file, frame.line);
    }
    return frames.empty() ? "the kernel's code" : frames.front().function;
}

namespace {

/// Kernel code in one thread goes by a descriptor that a statement in another stores.
void check_statements(const Expansion& expansion, std::size_t reader, std::size_t writer) {
    const KernelAccesses& accesses = *expansion.kernel_accesses[reader];
    for (const model::Run& run : expansion.program.threads[writer].code) {
        for (const model::Instruction& in : run.body) {
            const auto* const store = std::get_if<model::StoreDescriptor>(&in.operation);
            if (store == nullptr || in.kernel != model::no_kernel_stack) continue;
            for (std::uint64_t i = 0; i < run.count; ++i) {
                const std::uint64_t va = store->slot.va + in.va_step * i;
                const auto pa = accesses.descriptor_pa(va, store->slot.level);
                const auto touched = pa ? accesses.words.find(*pa / 8) : accesses.words.end();
                if (touched == accesses.words.end() || !touched->second.read) continue;
                Diagnostic diagnostic{
                    Severity::error,
                    fmt::format("{} reads the descriptor for 0x{:x}, which thread {} changes",
                                place_text(touched->second.read_at), va, expansion.tree.threads[writer].name),
                    expansion.tree.sources[accesses.call.file],
                    accesses.call.place,
                    "what the code does would depend on which of the two comes first; let one thread do both",
                    {}};
                diagnostic.notes.push_back({"the other thread's statement",
                                            expansion.tree.sources[in.place.file],
                                            {in.place.line, in.place.column, 1}});
                throw InputError(diagnostic);
            }
        }
    }
}

}  // namespace

void check_kernel_independence(const Expansion& expansion) {
    const auto& all = expansion.kernel_accesses;
    for (std::size_t writer = 0; writer < all.size(); ++writer) {
        for (std::size_t reader = 0; reader < all.size(); ++reader) {
            if (reader == writer || !all[reader]) continue;
            check_statements(expansion, reader, writer);
            if (!all[writer]) continue;
            // The first such word by address, so that the message does not depend on hash order.
            std::optional<std::uint64_t> first;
            for (const auto& [word, access] : all[reader]->words) {
                if (!access.read || (first && word >= *first)) continue;
                const auto other = all[writer]->words.find(word);
                if (other != all[writer]->words.end() && other->second.written) first = word;
            }
            if (!first) continue;
            const auto& read = all[reader]->words.at(*first);
            const auto& written = all[writer]->words.at(*first);
            Diagnostic diagnostic{
                Severity::error,
                fmt::format("{} reads what thread {} changes at {}: PA 0x{:x}", place_text(read.read_at),
                            expansion.tree.threads[writer].name, place_text(written.written_at), *first * 8),
                expansion.tree.sources[all[reader]->call.file],
                all[reader]->call.place,
                "what the code does would depend on which of the two comes first; let one thread call both",
                {}};
            diagnostic.notes.push_back({"the other thread's call",
                                        expansion.tree.sources[all[writer]->call.file],
                                        all[writer]->call.place});
            throw InputError(diagnostic);
        }
    }
}

}  // namespace tlbcheck::litmus::sched
