// SPDX-License-Identifier: Apache-2.0
//
// tlbcheck recheck DIR: checks every proof of a certificate again, without a solver.
#include <fmt/format.h>

#include <memory>

#include "checker/certificate/certificate.hpp"
#include "checker/cli/common.hpp"
#include "checker/text/text_tools.hpp"

namespace tlbcheck::checker::cli {

namespace {

int run(const std::string& folder) {
    const Recheck result = recheck(folder);
    if (!result.unreadable.empty()) {
        fmt::print(stderr, "tlbcheck: error: {}\n", litmus::printable(result.unreadable, 400));
        return bad_input;
    }
    for (const std::string& line : result.refused)
        print(fmt::format("refused: {}\n", litmus::printable(line, 2000)));
    print(
        fmt::format("{}: {} checked, {}: {}\n", litmus::printable(folder, 400),
                    count_text(result.proofs, "proof", "proofs"), count_text(result.steps, "step", "steps"),
                    result.refused.empty() ? "all hold" : fmt::format("{} refused", result.refused.size())));
    return static_cast<int>(result.refused.empty() ? ExitCode::ok : ExitCode::failed);
}

}  // namespace

Command recheck_command() {
    auto folder = std::make_shared<std::string>();
    return {"recheck",
            "checks a certificate (check --certify) again",
            "Example: tlbcheck recheck certificate",
            {text("DIR", *folder, "", "the certificate").must_be_given()},
            [folder] { return run(*folder); }};
}

}  // namespace tlbcheck::checker::cli
