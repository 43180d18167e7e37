// SPDX-License-Identifier: Apache-2.0
//
// Look-up of names, primitives where nothing is defined.
#include "model/axioms/definitions.hpp"

namespace tlbcheck::model::axioms {

Set Definitions::s(std::string_view cat_name) const {
    const auto it = sets_.find(cat_name);
    return it == sets_.end() ? set(cat_name) : it->second;
}

Rel Definitions::r(std::string_view cat_name) const {
    const auto it = relations_.find(cat_name);
    return it == relations_.end() ? rel(cat_name) : it->second;
}

Set Definitions::define(std::string_view cat_name, const Set& set) {
    const Set result = named(cat_name, set);
    sets_.insert_or_assign(std::string(cat_name), result);
    return result;
}

Rel Definitions::define(std::string_view cat_name, const Rel& relation) {
    const Rel result = named(cat_name, relation);
    relations_.insert_or_assign(std::string(cat_name), result);
    return result;
}

}  // namespace tlbcheck::model::axioms
