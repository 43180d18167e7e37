#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Compiles odd.c to odd.bc.
cd "$(dirname "$0")" || exit 2
exec "${CLANG:-clang}" --target=aarch64-linux-gnu -O1 -g -ffreestanding -fno-inline-functions -fno-optimize-sibling-calls -fdebug-compilation-dir=. -w -c -emit-llvm \
    -o odd.bc odd.c
