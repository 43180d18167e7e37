#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# From a kernel source archive or tree to LLVM bitcode: extract what is needed, configure, compile.
#
# Usage: bitcode.sh SOURCE OUT [FILE.c...]
#   SOURCE  linux-source-VERSION.tar.xz of Debian, or a kernel tree
#   OUT     folder that gets FILE.bc for each file, cpucaps.h, flags, and a build tree of 20 to 60 MB
#   FILE.c  paths below the tree; default: those that the table of `./dev kernel` needs
# LLVM=-19 (a suffix as kbuild takes it) chooses the compiler; default -14, or -19 for releases that need it.
# Kernel text, and what is compiled from it, is GPL-2.0: OUT must not lie in the repository.

set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
jobs=${TLBCHECK_JOBS:-$(nproc)}
source=$(realpath "$1")
mkdir -p "$2"
out=$(realpath "$2")
shift 2

die() {
    echo "bitcode.sh: $*" >&2
    exit 2
}

case $out/ in
"$(cd "$here/../.." && pwd)/build/"*) ;;
"$(cd "$here/../.." && pwd)/"*) die "$out lies in the repository; what is made from the kernel must not" ;;
esac

# extract: the folders that compiling these files reads, and every Kconfig file. Not the drivers: 1.1 GB less.
extract() {
    tree=$out/linux
    if [ -e "$tree/.extracted" ]; then return; fi
    rm -rf "$tree"
    mkdir -p "$tree"
    local name top
    name=$(basename "$source" .tar.xz)
    local wanted=("$name/Makefile" "$name/Kbuild" "$name/*Kconfig*" "$name/.clang-format")
    for top in arch/arm64 arch/arm/vdso arch/x86/entry/syscalls include scripts mm kernel lib tools/include tools/build tools/scripts \
        tools/arch tools/lib virt init certs security usr; do
        wanted+=("$name/$top")
    done
    # Not every release has each of them: what is lacking tar tells, and make would tell.
    tar -xf "$source" -C "$tree" --strip-components=1 --wildcards --anchored "${wanted[@]}" 2>"$out/extract.log" ||
        [ -e "$tree/arch/arm64/mm/mmu.c" ] || die "no kernel source: $source ($out/extract.log)"
    touch "$tree/.extracted"
}

if [ -d "$source" ]; then tree=$source; else extract; fi
release=$(make -s -C "$tree" ARCH=arm64 kernelversion)
major=${release%%.*}

# 7.x refuses compilers before LLVM 17.
if [ -z "${LLVM:-}" ]; then
    LLVM=-14
    [ "$major" -lt 7 ] || LLVM=-19
fi
build=$out/build
mkdir -p "$build"

# Static functions stay functions, so that a schedule can call each; what is declared inline is inlined as ever.
kbuild() {
    make -s -C "$tree" -j "$jobs" "LLVM=$LLVM" ARCH=arm64 "O=$build" HOSTCC=gcc KCFLAGS=-fno-inline-functions "$@"
}

configure() {
    kbuild defconfig >"$out/config.log" 2>&1 || {
        tail -20 "$out/config.log" >&2
        die "defconfig fails"
    }
    "$tree/scripts/config" --file "$build/.config" -e MEMORY_HOTPLUG -e MEMORY_HOTREMOVE -e DEBUG_INFO_DWARF5 \
        -d DEBUG_INFO_NONE -d DEBUG_INFO_BTF -d DEBUG_INFO_REDUCED -d MODULE_SIG -d SYSTEM_TRUSTED_KEYRING \
        -d DEBUG_INFO_DWARF_TOOLCHAIN_DEFAULT
    kbuild olddefconfig >>"$out/config.log" 2>&1
    local option
    for option in MEMORY_HOTPLUG MEMORY_HOTREMOVE DEBUG_INFO_DWARF5; do
        grep -q "^CONFIG_$option=y" "$build/.config" || die "the configuration has no $option"
    done
}

if [ $# -eq 0 ]; then
    set -- arch/arm64/mm/{mmu,context,pageattr,hugetlbpage,contpte,fixmap,fault}.c \
        mm/{vmalloc,pagewalk,pgtable-generic,hugetlb,hugetlb_vmemmap,mmu_gather,sparse-vmemmap,ioremap,memory,mprotect,mremap,rmap,huge_memory,page_vma_mapped,khugepaged}.c \
        arch/arm64/kvm/{mmu,nested,vmid}.c arch/arm64/kvm/hyp/{pgtable,vhe/tlb,nvhe/tlb}.c lib/{find_bit,bitmap}.c
fi
configure
wanted=()
for file; do
    [ "$file" != mm/hugetlb_vmemmap.c ] || grep -q '^CONFIG_HUGETLB_PAGE_OPTIMIZE_VMEMMAP=y' "$build/.config" || continue
    [ ! -e "$tree/$file" ] || wanted+=("${file%.c}.ll")
done
kbuild -k "${wanted[@]}" >"$out/build.log" 2>&1 || {
    grep -E 'error:|\*\*\*' "$out/build.log" | head -20 >&2
    echo "some files did not compile: $out/build.log" >&2
}
for file in "${wanted[@]}"; do
    [ -e "$build/$file" ] || continue
    name=$("$here/bitcode_name.sh" "${file%.ll}.c")
    "llvm-as$LLVM" "$build/$file" -o "$out/$name.bc"
    rm "$build/$file" # Ten times the size of the bitcode.
done
for header in cpucap-defs.h cpucaps.h; do
    found=$build/arch/arm64/include/generated/asm/$header
    [ ! -e "$found" ] || cp "$found" "$out/cpucaps.h"
    [ ! -e "$found" ] || break
done
echo "$release" >"$out/release"
echo "$LLVM" >"$out/llvm"
