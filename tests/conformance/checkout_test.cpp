// SPDX-License-Identifier: Apache-2.0
//
// The suite on a herdtools7 checkout: a folder laid out like one, with tests made for this.
#include <cstdlib>
#include <optional>
#include <utility>

#include "tests/conformance/agreement.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/program.hpp"

namespace fs = std::filesystem;
namespace tests = tlbcheck::tests;

namespace {

/// Sets an environment variable, or takes it away, until the end of the scope.
class Environment {
  public:
    Environment(const char* name, const std::optional<std::string>& value) : name_(name) {
        if (const char* before = std::getenv(name))
            before_ = before;  // NOLINT(concurrency-mt-unsafe): one thread
        set(value);
    }
    ~Environment() { set(before_); }
    Environment(const Environment&) = delete;
    Environment& operator=(const Environment&) = delete;
    Environment(Environment&&) = delete;
    Environment& operator=(Environment&&) = delete;

  private:
    void set(const std::optional<std::string>& value) const {
        // NOLINTBEGIN(concurrency-mt-unsafe): one thread
        value ? ::setenv(name_, value->c_str(), 1) : ::unsetenv(name_);
        // NOLINTEND(concurrency-mt-unsafe)
    }
    const char* name_;
    std::optional<std::string> before_;
};

std::string message_passing(const std::string& name, const std::string& between) {
    return "AArch64 " + name + "\n{ 0:X1=x; 0:X3=y; 1:X1=x; 1:X3=y; }\n" +
           " P0          | P1          ;\n MOV W0,#1   | LDR W2,[X3] ;\n STR W0,[X1] | " + between +
           "      ;\n " + between + "      | LDR W4,[X1] ;\n STR W0,[X3] |             ;\n" +
           "exists (1:X2=1 /\\ 1:X4=0)\n";
}

/// catalogue/aarch64-VMSA/tests with two tests, a kinds file and herd7's output for one of them.
class Checkout {
  public:
    explicit Checkout(const std::string& kind_of_plain, const std::string& observation = "Never 0 3")
        : shared_("TLBCHECK_SHARED", folder_.path().string()),
          checkout_("TLBCHECK_HERDTOOLS7", folder_.path().string()),
          agreement_("TLBCHECK_AGREEMENT_DIR", std::nullopt) {
        const fs::path inside = fs::path("catalogue") / "aarch64-VMSA" / "tests";
        fs::create_directories(folder_.path() / inside);
        const auto write = [&](const char* name, const std::string& text) {
            folder_.write((inside / name).string(), text);
        };
        write("MP.litmus", message_passing("MP", "NOP   "));
        write("MP+dmbs.litmus", message_passing("MP+dmbs", "DMB SY"));
        write("MP+dmbs.litmus.expected",
              "Test MP+dmbs Allowed\nStates 3\n1:X2=0; 1:X4=0;\n1:X2=0; 1:X4=1;\n1:X2=1; "
              "1:X4=1;\nNo\nWitnesses\n"
              "Positive: 0 Negative: 3\nCondition exists (1:X2=1 /\\ 1:X4=0)\nObservation MP+dmbs " +
                  observation + "\n");
        write("VMSA-kinds.txt", "MP+dmbs Forbid\n" + kind_of_plain);
    }

  private:
    tests::TemporaryFolder folder_;
    Environment shared_, checkout_, agreement_;
};

}  // namespace

TEST_CASE("a herdtools7 checkout is read with its kinds and outputs") {
    const Checkout checkout("MP Allow\n");
    const auto all = tests::catalogues();
    REQUIRE(all.size() == 2);
    CHECK(all[0].name == "vmsa");
    CHECK(all[1].name == "vmsa-ets2");
    REQUIRE(all[0].tests.size() == 2);
    CHECK(all[0].tests[0].name == "MP+dmbs");
    REQUIRE(all[0].tests[0].herd7);
    CHECK(all[0].tests[0].herd7->states.size() == 3);
    CHECK(all[0].tests[1].name == "MP");
    CHECK(all[0].tests[1].kind == tlbcheck::checker::Kind::allow);
    CHECK_FALSE(all[0].tests[1].herd7);
}

TEST_CASE("right answers of a checkout are agreed with") {
    const Checkout checkout("MP Allow\n");
    CHECK(tests::run_catalogue("vmsa", 0, 1).empty());
}

TEST_CASE("a wrong kind in a checkout is a disagreement") {
    const Checkout checkout("MP Forbid\n");
    const auto disagreements = tests::run_catalogue("vmsa", 0, 1);
    REQUIRE(disagreements.size() == 1);
    CHECK(disagreements[0] == "MP:\nverdict allowed, catalogue forbidden\n");
}

TEST_CASE("a wrong output in a checkout is a disagreement") {
    const Checkout checkout("MP Allow\n", "Sometimes 1 2");
    const auto disagreements = tests::run_catalogue("vmsa", 0, 1);
    REQUIRE(disagreements.size() == 1);
    CHECK(disagreements[0] == "MP+dmbs:\nobservation Never, herd7 Sometimes\n");
}

TEST_CASE("a test that nobody has an answer for is confirmed by enumeration") {
    const Checkout checkout("");
    const auto all = tests::catalogues();
    REQUIRE(all.size() == 2);
    CHECK(tests::compare(all[0].tests[1], all[0].variants).agreement == tests::Agreement::enumerated);
}
