# SPDX-License-Identifier: Apache-2.0
# Finds the distribution's Z3, which on Debian 12 ships no CMake package, as target tlbcheck::z3.
# Installed next to tlbcheckConfig.cmake, for a static tlbcheck_encoder needs it at link time.

find_path(TLBCHECK_Z3_INCLUDE_DIR z3++.h)
find_library(TLBCHECK_Z3_LIBRARY z3)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(TlbcheckZ3 REQUIRED_VARS TLBCHECK_Z3_LIBRARY TLBCHECK_Z3_INCLUDE_DIR)
mark_as_advanced(TLBCHECK_Z3_INCLUDE_DIR TLBCHECK_Z3_LIBRARY)
if(TlbcheckZ3_FOUND AND NOT TARGET tlbcheck::z3)
    add_library(tlbcheck::z3 UNKNOWN IMPORTED)
    set_target_properties(tlbcheck::z3 PROPERTIES
        IMPORTED_LOCATION ${TLBCHECK_Z3_LIBRARY} INTERFACE_INCLUDE_DIRECTORIES ${TLBCHECK_Z3_INCLUDE_DIR})
endif()
