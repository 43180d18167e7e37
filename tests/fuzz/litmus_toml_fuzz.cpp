// SPDX-License-Identifier: Apache-2.0
//
// Fuzz target of the reader of .litmus.toml files and of the walks over written tables: any bytes give a
// program and a bounded graph, or an error with a place, never a crash.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "litmus/herd/print.hpp"
#include "litmus/isla/reader.hpp"
#include "model/graph/litmus/litmus_graph.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace tlbcheck;
    const auto source = litmus::make_source("fuzz.litmus.toml", std::string(data, data + size));
    const auto program = litmus::isla::read_litmus_toml(source);
    if (!program.ok()) {
        if (litmus::render(program.diagnostics()).empty()) std::abort();
        return 0;
    }
    if (litmus::herd::print_condition(program.value()).empty()) std::abort();
    model::LitmusGraphLimits limits;
    limits.instances = 24;
    limits.events = 240;
    limits.values = 8;
    const model::LitmusGraph graph = model::build_litmus_graph(program.value(), limits);
    if (graph.finals.size() != program.value().displayed().size()) std::abort();
    return 0;
}
