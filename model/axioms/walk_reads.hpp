// SPDX-License-Identifier: Apache-2.0
//
// The reads that walks make.
#pragma once

#include "model/axioms/definitions.hpp"

namespace tlbcheck::model::axioms {

/// Imp & TTD & R.
inline Set imp_ttd_r(const Definitions& d) {
    return d.s("Imp") & d.s("TTD") & set("R");
}

/// Walks of several T, as schedules have and litmus tests whose tables are written out
/// (docs/formal-model.md section 3).
inline bool several_levels(const Definitions& d) {
    return d.variant("schedule") || d.variant("walks");
}

}  // namespace tlbcheck::model::axioms
