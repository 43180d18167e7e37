// SPDX-License-Identifier: Apache-2.0
//
// Sections of text, each left out where it has nothing to say.
#include "checker/extract/kernel_info_report.hpp"

#include <fmt/format.h>

#include "checker/report/json_parts.hpp"

namespace tlbcheck::checker {
namespace {

using litmus::kernel::info::KernelInfo;
using litmus::kernel::info::Location;
using litmus::kernel::world::Capabilities;

std::string text_of(const Location& at) {
    if (at.file.empty()) return at.function;
    return fmt::format("{} {}:{}", at.function, at.file, at.line);
}

Json json_of(const Location& at) {
    return {{"function", at.function}, {"file", at.file}, {"line", at.line}};
}

class InfoWriter {
  public:
    void heading(std::string_view title, std::size_t count) {
        out_ += fmt::format("{}{}: {}\n", out_.empty() ? "" : "\n", title, count);
    }
    void line(const std::string& text) { out_ += "  " + text + "\n"; }
    std::string take() { return std::move(out_); }

  private:
    std::string out_;
};

}  // namespace

std::string kernel_info_text(const KernelInfo& info, const Capabilities& names) {
    InfoWriter out;
    out.heading("compiled by", info.producers.size());
    for (const std::string& each : info.producers) out.line(each);
    if (info.va_bits != 0) out.line(fmt::format("for {} bits of virtual address", info.va_bits));
    out.heading("functions reached", info.functions.size());
    for (const auto& each : info.functions) {
        const std::string instead = each.stub.empty() ? "" : fmt::format("   not run: {}", each.stub);
        const Location& at = each.location;
        out.line(at.file.empty() ? each.name + instead
                                 : fmt::format("{} {}:{}{}", each.name, at.file, at.line, instead));
    }
    out.heading("functions that are not in the bitcode", info.externs.size());
    for (const auto& each : info.externs) {
        const std::string otherwise = each.weak ? "weak: its address is 0"
                                                : "a call is refused: link the file that has it, or write "
                                                  "kernel_stub " +
                                                      each.name + " = 0;";
        out.line(fmt::format("{}   {}", each.name, each.stub.empty() ? otherwise : each.stub));
    }
    out.heading("variables", info.variables.size());
    for (const auto& each : info.variables)
        out.line(fmt::format("{}   {} bytes{}", each.name, each.bytes,
                             each.defined ? "" : ", not in the bitcode: zero unless kernel_set sets it"));
    out.heading("capabilities asked", info.capabilities.size());
    for (const auto& [number, at] : info.capabilities)
        out.line(fmt::format("{}   {}", names.name(number), text_of(at)));
    out.heading("refused where it is met", info.refused.size());
    for (const auto& each : info.refused) out.line(fmt::format("{}: {}", text_of(each.location), each.why));
    return out.take();
}

std::string kernel_info_json(const KernelInfo& info, const Capabilities& names) {
    Json document = document_head("tlbcheck.kernel-info/1");
    document["producers"] = info.producers;
    document["va_bits"] = info.va_bits == 0 ? Json(nullptr) : Json(info.va_bits);
    const auto text_or_null = [](const std::string& text) {
        return text.empty() ? Json(nullptr) : Json(text);
    };
    document["functions"] = Json::array();
    for (const auto& each : info.functions)
        document["functions"].push_back(
            {{"name", each.name}, {"place", json_of(each.location)}, {"stub", text_or_null(each.stub)}});
    document["externs"] = Json::array();
    for (const auto& each : info.externs)
        document["externs"].push_back(
            {{"name", each.name}, {"weak", each.weak}, {"stub", text_or_null(each.stub)}});
    document["variables"] = Json::array();
    for (const auto& each : info.variables)
        document["variables"].push_back(
            {{"name", each.name}, {"bytes", each.bytes}, {"defined", each.defined}});
    document["capabilities"] = Json::array();
    for (const auto& [number, at] : info.capabilities)
        document["capabilities"].push_back(
            {{"number", number}, {"name", names.name(number)}, {"place", json_of(at)}});
    document["refused"] = Json::array();
    for (const auto& each : info.refused)
        document["refused"].push_back({{"place", json_of(each.location)}, {"why", each.why}});
    return dumped(document);
}

}  // namespace tlbcheck::checker
