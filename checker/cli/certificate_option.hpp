// SPDX-License-Identifier: Apache-2.0
//
// --certify DIR, as `check` and `gate` have it.
#pragma once

#include <memory>
#include <string>

#include "checker/certificate/certificate.hpp"
#include "checker/cli/common.hpp"

namespace tlbcheck::checker::cli {

Option certify_option(std::string& folder);

class CertificateOption {
  public:
    /// An empty folder: no certificate. Prints what is wrong; ok() is false then.
    CertificateOption(const std::string& folder, const EngineOptions& engine);

    bool ok() const { return ok_; }
    /// The engine's options with the certificate.
    EngineOptions options() const;
    /// Puts the folder in its place, unless the run ended in an internal disagreement. False after a message.
    bool finish(ExitCode outcome);

  private:
    EngineOptions engine_;
    std::unique_ptr<Certificate> certificate_;
    bool ok_ = true;
};

}  // namespace tlbcheck::checker::cli
