#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# One file of a kernel compiled once more, changed: with the flags that kbuild recorded when bitcode.sh built it.
#
# Usage: variant.sh OUT NAME FILE.c [--flag=FLAG]... [--preprocess] [FILTER...]
#   OUT     the folder that bitcode.sh made
#   NAME    OUT/NAME/ gets the changed text, at its path below the tree, and its bitcode
#   FILE.c  path below the tree
#   FILTER  a command from standard input to standard output that makes the change; none: the text as it is
#   --flag  is added after kbuild's flags, such as --flag=-O1
#   --preprocess  makes one standalone file of it first

set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
out=$(realpath "$1")
name=$2
file=$3
shift 3
flags=()
preprocess=
while [ $# -gt 0 ]; do
    case $1 in
    --flag=*) flags+=("${1#--flag=}") ;;
    --preprocess) preprocess=yes ;;
    *) break ;;
    esac
    shift
done
[ $# -gt 0 ] || set -- cat

die() {
    echo "variant.sh: $*" >&2
    exit 2
}

record=$out/build/$(dirname "$file")/.$(basename "$file" .c).ll.cmd
[ -e "$record" ] || die "no recorded flags for $file: run bitcode.sh first ($record)"
command=$(sed -n '1s/^\(savedcmd\|cmd\)_[^ ]* := //p' "$record")
original=${command##* }
[ -e "$original" ] || die "the recorded command does not end with its source file: $original"

text=$out/$name/$file
mkdir -p "$(dirname "$text")"
"$@" <"$original" >"$text" || die "$* failed on $file"
bitcode=$out/$name/$("$here/bitcode_name.sh" "$file").bc

# All but the output, the source and the build's own list of dependencies; bitcode in place of text.
command=$(sed -e 's/ -o [^ ]* [^ ]*$//' -e 's/ -Wp,-MMD,[^ ]*//' -e 's/ -emit-llvm -S / -emit-llvm -c /' <<<"$command")
compile() { (cd "$out/build" && eval "$command" '-I"$(dirname "$original")" "${flags[@]}" -Wno-unused-variable "$@"') || die "$file does not compile"; }
if [ "$preprocess" = yes ]; then
    standalone=${text%.c}.i
    command=${command/ -emit-llvm -c / } compile -E -o "$standalone" "$text"
    text=$standalone
    flags+=(-w) # of what macros became
fi
compile -o "$bitcode" "$text"
