// SPDX-License-Identifier: Apache-2.0
//
// Arm's memory model with its VMSA part, as relational expressions: herd/libdir/aarch64.cat of herdtools7
// 5feffe4e8 and what it includes; prose in Arm ARM (DDI 0487) B2.3. One function for each group of
// definitions, called in the order of the cat files. Names are the cat names (in code `-` is written `_`).
#pragma once

#include <memory>

#include "model/axioms/definitions.hpp"

namespace tlbcheck::model::axioms {

/// The commit of herd/herdtools7 whose aarch64.cat is transcribed here.
inline constexpr std::string_view cat_commit = "5feffe4e8";

void define_utilities(Definitions& d);          ///< aarch64util.cat, aarch64loc.cat, cos.cat
void define_fences(Definitions& d);             ///< aarch64fences.cat
void define_memory_attributes(Definitions& d);  ///< aarch64memattrs.cat
void define_bbm(Definitions& d);                ///< aarch64bbm.cat
void define_dependencies(Definitions& d);       ///< aarch64deps.cat
void define_local_order(Definitions& d);   ///< aarch64hwreqs.cat: DSB-ob, IFB-ob, dob, ..., local-hw-reqs
void define_enumerations(Definitions& d);  ///< enumerations.cat: TLBI-after, DC-after, IC-after
void define_hazards(Definitions& d);       ///< aarch64.cat: haz-ob with TLBI-ob
void define_observations(Definitions& d);  ///< aarch64.cat: Exp-obs, TTD-obs, obs
void define_external(Definitions& d);      ///< aarch64.cat: ob, external visibility
void define_internal(Definitions& d);      ///< aarch64.cat: internal visibility, atomicity
void define_flags(Definitions& d);         ///< aarch64.cat: BBM, CMODX

/// The whole of Arm's model under the variants.
Definitions arm_definitions(const Variants& variants);
/// The same, built once in a process for each set of variants. Not charged to any budget.
std::shared_ptr<const Definitions> shared_arm_definitions(const Variants& variants);
/// Its checks, flags and choices alone.
MemoryModel arm_model(const Variants& variants);

}  // namespace tlbcheck::model::axioms
