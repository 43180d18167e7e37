// SPDX-License-Identifier: Apache-2.0
//
// The instructions of an extracted schedule as JSON.
#include "checker/engine/instruction_text.hpp"
#include "checker/extract/extract.hpp"
#include "checker/report/json_parts.hpp"
#include "checker/report/kernel_place.hpp"
#include "model/program/judged_schedule.hpp"

namespace tlbcheck::checker {
namespace {

struct Kind {
    const char* operator()(const model::StoreDescriptor&) const { return "store_descriptor"; }
    const char* operator()(const model::TlbiInstruction&) const { return "tlbi"; }
    const char* operator()(const model::Barrier&) const { return "barrier"; }
    const char* operator()(const model::Access&) const { return "access"; }
    const char* operator()(const model::Await&) const { return "await"; }
    const char* operator()(const model::Free&) const { return "free"; }
    const char* operator()(const model::Branch&) const { return "branch"; }
    const char* operator()(const model::Otherwise&) const { return "else"; }
    const char* operator()(const model::EndBranch&) const { return "end"; }
    const char* operator()(const model::ContextChange&) const { return "context_change"; }
};

Json instruction_json(const model::ScheduleProgram& program, const model::Instruction& in) {
    model::PlainInstruction plain;
    plain.operation = in.operation;
    Json json = {{"kind", std::visit(Kind(), in.operation)},
                 {"text", instruction_text(program, program.hardware, plain)},
                 {"va_step", hex(in.va_step)},
                 {"pa_step", hex(in.pa_step)},
                 {"place", json_of(place_of(program, in.place))}};
    const auto* stack = kernel_stack(program, in.kernel);
    json["kernel"] = stack == nullptr ? Json(nullptr) : json_of(*stack);
    return json;
}

Json thread_json(const model::ScheduleProgram& program, const model::ScheduleThread& thread) {
    Json runs = Json::array();
    for (const model::Run& run : thread.code) {
        Json body = Json::array();
        for (const model::Instruction& in : run.body) body.push_back(instruction_json(program, in));
        runs.push_back({{"count", run.count}, {"body", std::move(body)}});
    }
    return {
        {"name", thread.name}, {"instructions", model::instruction_count(thread)}, {"runs", std::move(runs)}};
}

}  // namespace

std::string extract_json(const model::ScheduleProgram& program, const std::string& file) {
    Json document = document_head("tlbcheck.extract/1");
    document["file"] = file;
    document["machine"] = json_of(program.hardware);
    document["threads"] = Json::array();
    for (const model::ScheduleThread& thread : program.threads)
        document["threads"].push_back(thread_json(program, thread));
    document["kernel"] = Json::array();
    for (const KernelNoteReport& note : kernel_notes(program))
        document["kernel"].push_back({{"kind", to_string(note.kind)},
                                      {"name", note.name},
                                      {"value", note.value},
                                      {"stack", json_of(note.stack)}});
    return dumped(document);
}

}  // namespace tlbcheck::checker
