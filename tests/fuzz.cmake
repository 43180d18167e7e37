# SPDX-License-Identifier: Apache-2.0
# Each tests/fuzz/NAME.cpp is one libFuzzer target; its seeds are the files of tests/fuzz/seeds/NAME/.
# With TLBCHECK_FUZZ: fuzz_NAME, a short run of it as a test, and a longer one for `./dev test --long`.
# Otherwise: a replay of the seeds as a test.

set(TLBCHECK_FUZZ_SECONDS 3 CACHE STRING "Seconds for each fuzz target in a test run")
set(TLBCHECK_LONG_FUZZ_SECONDS 60 CACHE STRING "Seconds for each fuzz target in a long test run")

# seed: 0 draws a new one each time; any other looks at the same inputs again, so that what a run of CI finds is due to
# the change that it looks at.
function(tlbcheck_fuzz_test name seconds seed)
    set(work ${CMAKE_CURRENT_BINARY_DIR}/fuzz_work/${name})
    file(MAKE_DIRECTORY ${work}/corpus)
    tlbcheck_add_test(fuzz/${name} ${ARGN} COMMAND fuzz_${name} -seed=${seed} -max_total_time=${seconds} -timeout=25
        -rss_limit_mb=2048 -max_len=16384 -print_final_stats=1 -artifact_prefix=${work}/ ${work}/corpus
        ${CMAKE_CURRENT_SOURCE_DIR}/fuzz/seeds/${name})
endfunction()

if(NOT TLBCHECK_FUZZ)
    add_library(tlbcheck_replay OBJECT fuzz/replay/main.cpp)
    target_link_libraries(tlbcheck_replay PRIVATE tlbcheck_options tlbcheck_model)
endif()
file(GLOB targets CONFIGURE_DEPENDS fuzz/*.cpp)
foreach(source IN LISTS targets)
    get_filename_component(name ${source} NAME_WE)
    set(seeds ${CMAKE_CURRENT_SOURCE_DIR}/fuzz/seeds/${name})
    if(NOT IS_DIRECTORY ${seeds})
        message(FATAL_ERROR "${source} has no seeds in ${seeds}")
    endif()
    add_executable(fuzz_${name} ${source})
    set_target_properties(fuzz_${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR})
    target_link_libraries(fuzz_${name} PRIVATE tlbcheck_options)
    if(TLBCHECK_FUZZ)
        target_link_libraries(fuzz_${name} PRIVATE tlbcheck_checker_readers)
        target_compile_options(fuzz_${name} PRIVATE -fsanitize=fuzzer-no-link)
        target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
        tlbcheck_fuzz_test(${name} ${TLBCHECK_FUZZ_SECONDS} 1)
        tlbcheck_fuzz_test(${name} ${TLBCHECK_LONG_FUZZ_SECONDS} 0 LONG)
    else()
        target_link_libraries(fuzz_${name} PRIVATE tlbcheck_cli)
        target_link_libraries(fuzz_${name} PRIVATE tlbcheck_replay)
        tlbcheck_add_test(fuzz/${name}/seeds COMMAND fuzz_${name} ${seeds})
    endif()
endforeach()
