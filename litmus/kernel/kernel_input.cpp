// SPDX-License-Identifier: Apache-2.0
//
// Reads with a limit; the header is looked for beside the bitcode.
#include "litmus/kernel/kernel_input.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace tlbcheck::litmus::kernel {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t most_bytes = 64U << 20U;
/// Of 6.13 and later, and before.
constexpr std::array<const char*, 2> header_names = {"cpucap-defs.h", "cpucaps.h"};

}  // namespace

std::optional<std::string> read_kernel_file(const std::string& path, std::string& why) {
    std::error_code error;
    if (!fs::is_regular_file(path, error)) {
        why = fs::exists(path, error) ? "is no file" : "no such file";
        return std::nullopt;
    }
    if (fs::file_size(path, error) > most_bytes) {
        why = fmt::format("is larger than {} MiB", most_bytes >> 20U);
        return std::nullopt;
    }
    std::ifstream stream(path, std::ios::binary);
    std::string bytes{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
    if (!stream) {
        why = "cannot be read";
        return std::nullopt;
    }
    return bytes;
}

std::optional<world::Capabilities> default_capabilities(const std::vector<std::string>& bitcode_paths,
                                                        const Image& image) {
    std::vector<fs::path> places;
    for (const std::string& path : bitcode_paths)
        for (const char* name : header_names) places.push_back(fs::path(path).parent_path() / name);
    for (const std::string& folder : image.folders)
        for (const char* name : header_names)
            places.push_back(fs::path(folder) / "arch/arm64/include/generated/asm" / name);
    for (const fs::path& place : places) {
        std::string why;
        const auto text = read_kernel_file(place.string(), why);
        if (!text) continue;
        if (auto parsed = world::Capabilities::parse(*text)) return parsed;
    }
    return std::nullopt;
}

}  // namespace tlbcheck::litmus::kernel
