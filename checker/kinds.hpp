// SPDX-License-Identifier: Apache-2.0
//
// Kinds files: what a catalogue says of its litmus tests (herdtools7's kinds.txt).
#pragma once

#include <map>
#include <string>

#include "checker/report/answer.hpp"
#include "litmus/diagnostics.hpp"

namespace tlbcheck::checker {

/// A test's kind, both spellings: Allow(ed), Forbid(den), Require(d), and herd7's observations Never,
/// Sometimes, Always.
enum class Kind : std::uint8_t { allow, forbid, require, never, sometimes, always };

using Kinds = std::map<std::string, Kind>;

/// Reads lines "NAME KIND"; blank lines and lines that begin with `#` are skipped. Anything else is an error
/// with its place.
litmus::Result<Kinds> parse_kinds(const litmus::Source& source);

/// The verdict that a kind stands for. Never is Forbid, Sometimes is Allow, Always is Require for a `forall`
/// and Allow otherwise.
Verdict verdict_of_kind(Kind kind, bool forall);

/// Holds the kinds against a litmus report: sets the expectation of its condition, or warns where the name is
/// missing.
void apply_kinds(FileReport& report, const Kinds& kinds, bool forall);

}  // namespace tlbcheck::checker
