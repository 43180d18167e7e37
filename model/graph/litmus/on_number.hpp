// SPDX-License-Identifier: Apache-2.0
//
// Functions of integers on the values of litmus tests.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "model/program/litmus_value.hpp"

namespace tlbcheck::model {

/// What `f` makes of an integer; nullopt for any other value.
inline std::optional<LitmusValue> on_number(const LitmusValue& v,
                                            const std::function<std::uint64_t(std::uint64_t)>& f) {
    if (v.kind != ValueKind::integer) return std::nullopt;
    return LitmusValue::of(f(v.number));
}

}  // namespace tlbcheck::model
