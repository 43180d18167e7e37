#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Compiles odd.c to odd.bc, contexts.c to contexts.bc.
cd "$(dirname "$0")" || exit 2
for name in odd contexts; do
    "${CLANG:-clang}" --target=aarch64-linux-gnu -O1 -g -ffreestanding -fno-inline-functions -fno-optimize-sibling-calls -fdebug-compilation-dir=. -w -c -emit-llvm \
        -o "$name.bc" "$name.c" || exit 1
done
