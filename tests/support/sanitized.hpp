// SPDX-License-Identifier: Apache-2.0
// Whether the tests are built under clang's AddressSanitizer, where random rounds cost some fifteen times as
// much.
#pragma once

namespace tlbcheck::tests {

#ifdef __has_feature
constexpr bool sanitized = __has_feature(address_sanitizer);
#else
constexpr bool sanitized = false;
#endif

}  // namespace tlbcheck::tests
