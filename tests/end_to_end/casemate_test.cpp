// SPDX-License-Identifier: Apache-2.0
//
// Recorded runs through the commands: the examples' answers, JSON, and what is refused.
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/support/catch.hpp"
#include "tests/support/program.hpp"
#include "tests/support/schema_check.hpp"

using namespace tlbcheck::tests;  // NOLINT(google-build-using-namespace)
using nlohmann::json;

namespace {

/// The questions that are unsafe, in the order in which they are asked.
std::string unsafe_in_log(const std::string& file) {
    std::string result;
    const json document = json::parse(run_tlbcheck({"check", "--json", file}).out);
    CHECK(schema_violation(schema_file("check-1.schema.json"), document).empty());
    const json& report = document["files"][0];
    CHECK(report["front_end"] == "casemate");
    CHECK(report["questions"].size() == 4);
    for (const json& question : report["questions"]) {
        CHECK(question["verdict"] != "undecided");
        if (question["verdict"] == "unsafe") result += question["rule"].get<std::string>() + " ";
    }
    return result;
}

}  // namespace

TEST_CASE("the recorded runs have the answers that were derived") {
    const std::map<std::string, std::string> derived{
        {"remap", ""},
        {"remap_without_stage1", "no_bbm_violation no_stale_entry no_tlb_conflict "},
        {"remap_other_page", "no_bbm_violation no_stale_entry no_tlb_conflict "},
        {"table_freed", ""},
        {"table_freed_early", "no_use_after_free no_tlb_conflict "},
        {"two_pes", ""},
        {"hyp_remap", ""},
        {"hyp_remap_vm_flush", "no_bbm_violation no_stale_entry no_tlb_conflict "},
        {"hyp_table_freed", ""},
        {"hyp_table_freed_one_page", "no_stale_entry "},
        {"hyp_table_freed_last_level", "no_use_after_free no_stale_entry no_tlb_conflict "},
    };
    for (const auto& [name, unsafe] : derived) {
        INFO(name);
        CHECK(unsafe_in_log("examples/casemate/" + name + ".log") == unsafe);
    }
}

TEST_CASE("a witness of a recorded run is told step by step") {
    const auto run = run_tlbcheck({"explain", "examples/casemate/table_freed_early.log"});
    CHECK(run.status == 1);
    CHECK(run.out.find("internal error") == std::string::npos);
    CHECK(run.out.find("free the level 3 table of 0x40000000") != std::string::npos);
}

TEST_CASE("a recorded run has no parameters, and no advice changes it") {
    const std::string log = "examples/casemate/remap.log";
    CHECK(run_tlbcheck({"check", "-D", "a=1", log}).status == 2);
    CHECK(run_tlbcheck({"check", "--granule", "16K", log}).status == 2);
    const auto refused = run_tlbcheck({"repair", log});
    CHECK(refused.status == 2);
    CHECK(refused.err.find("not a recorded run") != std::string::npos);
    CHECK(run_tlbcheck({"gate", "examples/casemate"}).status == 1);
}
