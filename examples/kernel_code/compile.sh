#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Compiles hot_remove.c to LLVM bitcode with debug information. Usage: compile.sh [OUTPUT [CLANG-ARGUMENT...]]
cd "$(dirname "$0")" || exit 2
out=${1:-hot_remove.bc}
[ $# -eq 0 ] || shift
exec "${CLANG:-clang}" --target=aarch64-linux-gnu -O2 -g -ffreestanding -fno-inline-functions -mgeneral-regs-only -fdebug-compilation-dir=. \
    -Wall -Wno-parentheses -c -emit-llvm "$@" -o "$out" hot_remove.c
