# SPDX-License-Identifier: Apache-2.0
# Install rules and Debian packages, in two components: `program` (tlbcheck, linux.sched, manual, examples) is the
# package tlbcheck; `development` (static libraries, headers, CMake package) is libtlbcheck-dev.

include(CMakePackageConfigHelpers)
set(data ${CMAKE_INSTALL_DATADIR})
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/tlbcheck)

if(TARGET tlbcheck)
    install(TARGETS tlbcheck RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT program)
endif()
set(written ${CMAKE_BINARY_DIR}/docs)
install(DIRECTORY ${written}/man1 DESTINATION ${CMAKE_INSTALL_MANDIR} COMPONENT program OPTIONAL)
install(FILES ${written}/bash/tlbcheck DESTINATION ${data}/bash-completion/completions COMPONENT program OPTIONAL)
install(FILES ${written}/fish/tlbcheck.fish DESTINATION ${data}/fish/vendor_completions.d COMPONENT program OPTIONAL)
foreach(folder site-functions vendor-completions) # zsh's own folder, and Debian's
    install(FILES ${written}/zsh/_tlbcheck DESTINATION ${data}/zsh/${folder} COMPONENT program OPTIONAL)
endforeach()
install(FILES litmus/sched/linux.sched DESTINATION ${data}/tlbcheck COMPONENT program OPTIONAL)
install(FILES LICENSE DESTINATION ${data}/doc/tlbcheck RENAME copyright COMPONENT program)
install(FILES README.md DESTINATION ${data}/doc/tlbcheck COMPONENT program OPTIONAL)
install(DIRECTORY docs examples DESTINATION ${data}/doc/tlbcheck COMPONENT program OPTIONAL)

install(TARGETS tlbcheck_model tlbcheck_litmus tlbcheck_encoder tlbcheck_checker EXPORT tlbcheckTargets
    ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT development)
install(EXPORT tlbcheckTargets NAMESPACE tlbcheck:: DESTINATION ${package_dir} COMPONENT development)
install(DIRECTORY model litmus encoder checker DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/tlbcheck COMPONENT development
    FILES_MATCHING PATTERN *.hpp PATTERN detail EXCLUDE PATTERN cli EXCLUDE)
install(FILES checker/tlbcheck.hpp DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/tlbcheck COMPONENT development)
configure_package_config_file(.ci/cmake/tlbcheckConfig.cmake.in ${CMAKE_BINARY_DIR}/tlbcheckConfig.cmake
    INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${CMAKE_BINARY_DIR}/tlbcheckConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_BINARY_DIR}/tlbcheckConfig.cmake ${CMAKE_BINARY_DIR}/tlbcheckConfigVersion.cmake
    .ci/cmake/FindTlbcheckZ3.cmake .ci/cmake/FindTlbcheckCadical.cmake DESTINATION ${package_dir} COMPONENT development)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME tlbcheck)
set(CPACK_PACKAGE_CONTACT "tlbcheck maintainers")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "checker of TLB flush schedules and virtual-memory litmus tests")
set(CPACK_RESOURCE_FILE_LICENSE ${CMAKE_SOURCE_DIR}/LICENSE)
set(CPACK_PACKAGE_DIRECTORY ${CMAKE_BINARY_DIR}/packages)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_ALL program development)
if(TARGET tlbcheck_kernel)
    list(APPEND CPACK_COMPONENTS_ALL kernel)
    set(CPACK_DEBIAN_KERNEL_PACKAGE_NAME tlbcheck-kernel)
    set(CPACK_DEBIAN_KERNEL_PACKAGE_SECTION devel)
    set(CPACK_DEBIAN_KERNEL_PACKAGE_DEPENDS "tlbcheck (= ${PROJECT_VERSION})")
    set(CPACK_COMPONENT_KERNEL_DESCRIPTION
        "Reader of LLVM bitcode for tlbcheck: checks a kernel's compiled code in place of a schedule.")
endif()
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_NAME tlbcheck)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SECTION devel)
set(CPACK_COMPONENT_PROGRAM_DESCRIPTION
    "Decides, under Arm's VMSA memory model, whether a kernel's flush schedule can leave a stale TLB entry;
 with a counterexample or the orderings that exclude one. Reads AArch64 litmus tests too.")
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_NAME libtlbcheck-dev)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS "libz3-dev, libcadical-dev, libfmt-dev, libboost-graph-dev")
set(CPACK_COMPONENT_DEVELOPMENT_DESCRIPTION
    "Static libraries and headers of tlbcheck, for find_package(tlbcheck).")
include(CPack)
