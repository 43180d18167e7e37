// SPDX-License-Identifier: Apache-2.0
// Catch2, whichever major version the distribution has: v2 is one header, v3 is a library.
#pragma once

#ifdef TLBCHECK_CATCH2_V2
#include <catch2/catch.hpp>
#else
#include <catch2/catch_all.hpp>

using Catch::Approx;  // NOLINT(google-global-names-in-headers): v2 has it at global scope.
#endif
