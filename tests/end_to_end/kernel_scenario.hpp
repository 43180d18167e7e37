// SPDX-License-Identifier: Apache-2.0
//
// Schedules made by a test that call compiled C of ours.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "tests/end_to_end/answers.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/text.hpp"

namespace tlbcheck::tests::kernel {

inline const std::string folder = "examples/kernel_code/";
inline const std::string variants = "tests/end_to_end/kernel/";

/// False in a build without LLVM, which must say so.
inline bool reads_bitcode() {
    if (std::filesystem::exists(program_path().parent_path() / "tlbcheck-kernel.so")) return true;
    const auto run = run_tlbcheck({"check", folder + "batched.sched"});
    CHECK(run.status == 2);
    CHECK(has(run.err, "this build cannot read LLVM bitcode"));
    return false;
}

inline std::vector<std::string> other_code(const std::string& bitcode) {
    return {"--kernel", variants + bitcode + ".bc", "--capabilities", folder + "cpucaps.h"};
}

/// A schedule in a folder of its own that calls the example's C.
class Scenario {
  public:
    explicit Scenario(const std::string& text, const std::string& kernel = "kernel \"hot_remove.bc\";\n") {
        for (const char* each : {"hot_remove.bc", "cpucaps.h"})
            std::filesystem::copy_file(source_dir() / folder / each, here_.path() / each);
        std::ofstream(file()) << kernel << text;
    }
    std::string file() const { return (here_.path() / "s.sched").string(); }
    const std::filesystem::path& path() const { return here_.path(); }
    ProgramResult run(std::vector<std::string> arguments = {"check"}) const {
        arguments.push_back(file());
        return run_tlbcheck(arguments);
    }

  private:
    TemporaryFolder here_;
};

inline const std::string linear = "region r { va = 0xffff000080000000; pa = 0x80000000; size = 64K; }\n";
inline const std::string tail = "assert no_stale_entry(r);\n";

inline std::string thread(const std::string& statements) {
    return linear + "thread P0 { " + statements + " }\n";
}

}  // namespace tlbcheck::tests::kernel
