// SPDX-License-Identifier: Apache-2.0
//
// The models in use: of a hundred litmus tests in one run most have the same variants.
#include <map>
#include <mutex>

#include "model/axioms/arm_model.hpp"
#include "model/limits/budget.hpp"

namespace tlbcheck::model::axioms {

std::shared_ptr<const Definitions> shared_arm_definitions(const Variants& variants) {
    struct Known {
        std::mutex mutex;
        std::map<Variants, std::shared_ptr<const Definitions>> models;
    };
    // Never destroyed: taking the expressions down node by node would only delay the end of the program.
    static Known& known = *new Known;
    const UncountedScope uncounted;
    const std::lock_guard lock(known.mutex);
    std::shared_ptr<const Definitions>& model = known.models[variants];
    if (!model) model = std::make_shared<const Definitions>(arm_definitions(variants));
    return model;
}

}  // namespace tlbcheck::model::axioms
