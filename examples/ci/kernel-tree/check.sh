#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# In a kernel tree: compiles the files named to LLVM bitcode and runs the scenarios on them.
#
# Usage: check.sh SCENARIOS FILE.c...   e.g. check.sh tlbcheck/ arch/arm64/mm/mmu.c mm/vmalloc.c
#   LLVM=-19      the compiler's suffix, as kbuild takes it; tlbcheck reads bitcode up to LLVM 19
#   O=build       the build folder
# The bitcode comes to SCENARIOS/, where the scenarios name it: kernel "mmu.bc";
set -eu
scenarios=$1
shift
O=${O:-$PWD/build}
LLVM=${LLVM:--19}
mkdir -p "$O"
kbuild() { make -s -j "$(nproc)" "LLVM=$LLVM" ARCH=arm64 "O=$O" KCFLAGS=-fno-inline-functions "$@"; }

if [ ! -e "$O/.config" ]; then
    kbuild defconfig
    scripts/config --file "$O/.config" -e MEMORY_HOTPLUG -e MEMORY_HOTREMOVE -e DEBUG_INFO_DWARF5 -d DEBUG_INFO_NONE \
        -d DEBUG_INFO_REDUCED -d DEBUG_INFO_BTF -d DEBUG_INFO_DWARF_TOOLCHAIN_DEFAULT -d MODULE_SIG -d SYSTEM_TRUSTED_KEYRING
    kbuild olddefconfig
fi
for file; do
    kbuild "${file%.c}.ll"
    "llvm-as$LLVM" "$O/${file%.c}.ll" -o "$scenarios/$(basename "$file" .c).bc"
done
for header in cpucap-defs.h cpucaps.h; do
    [ ! -e "$O/arch/arm64/include/generated/asm/$header" ] || cp "$O/arch/arm64/include/generated/asm/$header" "$scenarios/"
done
tlbcheck gate --sarif tlbcheck.sarif --junit tlbcheck-junit.xml "$scenarios"
