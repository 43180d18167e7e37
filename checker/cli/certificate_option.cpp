// SPDX-License-Identifier: Apache-2.0
//
// Errors of the folder are bad usage: they are printed here, like those of any other output.
#include "checker/cli/certificate_option.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace tlbcheck::checker::cli {

Option certify_option(std::string& folder) {
    return text("--certify", folder, "DIR",
                "prove each safe answer with a second solver; the proofs go there");
}

CertificateOption::CertificateOption(const std::string& folder, const EngineOptions& engine)
    : engine_(engine) {
    if (folder.empty()) return;
    try {
        certificate_ = std::make_unique<Certificate>(folder);
    } catch (const std::runtime_error& error) {
        fmt::print(stderr, "tlbcheck: error: {}\n", litmus::printable(error.what(), 400));
        ok_ = false;
    }
}

EngineOptions CertificateOption::options() const {
    EngineOptions result = engine_;
    result.schedule.certificate = certificate_.get();
    return result;
}

bool CertificateOption::finish(ExitCode outcome) {
    if (!certificate_ || outcome == ExitCode::internal_error) return true;
    try {
        certificate_->finish();
        return true;
    } catch (const std::runtime_error& error) {
        fmt::print(stderr, "tlbcheck: error: {}\n", litmus::printable(error.what(), 400));
        return false;
    }
}

}  // namespace tlbcheck::checker::cli
