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

}  // namespace tlbcheck::model::axioms
