#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The name that a kernel file's bitcode has, without .bc: two folders have a tlb.c, two an mmu.c.
#
# Usage: bitcode_name.sh FILE.c

set -euo pipefail
name=$(basename "$1" .c)
case $1 in
*/kvm/hyp/nvhe/*) echo "kvm_nvhe_$name" ;;
*/kvm/*) echo "kvm_$name" ;;
*) echo "$name" ;;
esac
