# SPDX-License-Identifier: Apache-2.0
# Finds the distribution's CaDiCaL (libcadical-dev: a static library and a header), as target tlbcheck::cadical.

find_path(TLBCHECK_CADICAL_INCLUDE_DIR NAMES cadical.hpp PATH_SUFFIXES cadical)
find_library(TLBCHECK_CADICAL_LIBRARY cadical)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(TlbcheckCadical REQUIRED_VARS TLBCHECK_CADICAL_LIBRARY TLBCHECK_CADICAL_INCLUDE_DIR)
mark_as_advanced(TLBCHECK_CADICAL_INCLUDE_DIR TLBCHECK_CADICAL_LIBRARY)
if(TlbcheckCadical_FOUND AND NOT TARGET tlbcheck::cadical)
    add_library(tlbcheck::cadical UNKNOWN IMPORTED)
    set_target_properties(tlbcheck::cadical PROPERTIES
        IMPORTED_LOCATION ${TLBCHECK_CADICAL_LIBRARY} INTERFACE_INCLUDE_DIRECTORIES ${TLBCHECK_CADICAL_INCLUDE_DIR})
endif()
