#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Dependencies point one way: litmus -> model <- encoder <- checker (docs: how it is built inside).
# Usage: check.sh [TREE]. Prints each offending line and exits 1 if there is one.

cd "${1:-.}" || exit 2
bad=0

# forbid MESSAGE PATTERN FOLDER...: no C++ source below the folders may have a line that matches.
forbid() {
    message=$1
    pattern=$2
    shift 2
    for folder; do
        [ -e "$folder" ] || continue
        lines=$(grep -rnHE --include='*.cpp' --include='*.hpp' -e "$pattern" "$folder") || continue
        printf '%s\n' "$lines" | sed "s|\$|    <- $message|"
        bad=1
    done
}

include='^[[:space:]]*#[[:space:]]*include[[:space:]]*'
forbid 'model/ depends on no other folder' "$include[<\"](litmus|encoder|checker|tests)/" model
forbid 'litmus/ depends on model/ only' "$include[<\"](encoder|checker|tests)/" litmus
forbid 'encoder/ depends on model/ only' "$include[<\"](litmus|checker|tests)/" encoder
# A second opinion shares no reading of the rules with the first; the rule table has only names and sentences.
forbid 'the machine knows nothing of axioms and graphs' \
    "$include[<\"]model/(graph|relations|logic|execution|axioms/([^r]|r[^u]))" model/machine
forbid 'no folder depends on tests/' "$include[<\"]tests/" checker
forbid 'only checker/cli/ depends on the command line' "$include[<\"]checker/cli/" checker/report \
    $(find checker -mindepth 1 -maxdepth 1 -type d ! -name cli ! -name report 2>/dev/null)
forbid 'only encoder/ names Z3' "$include[<\"]z3|[^_[:alnum:]]z3::|Z3_[a-z]" model litmus checker
forbid 'Boost is for model/ and encoder/' "$include[<\"]boost/" litmus checker
forbid 'formulas are made of relations in encoder/ only' '(^|[^_[:alnum:]])(class|struct) Symbolic(Relation|Algebra|Evaluator)' \
    model litmus checker
forbid 'only litmus/kernel/ir/ names LLVM' "$include[<\"]llvm|[^_[:alnum:]]llvm::" model encoder checker \
    $(find litmus -mindepth 1 -maxdepth 1 ! -name kernel) $(find litmus/kernel -mindepth 1 -maxdepth 1 ! -name ir 2>/dev/null)
forbid 'JSON and the command line library are for checker/' "$include[<\"](nlohmann|CLI)/" model litmus encoder
forbid 'litmus/toml_text.hpp alone includes toml++' "$include[<\"]toml\+\+/" model encoder checker \
    $(find litmus -type f ! -name toml_text.hpp)
forbid 'include paths start at the top folder' "$include\"[^/\"]*\"" model litmus encoder checker
forbid 'include paths start at the top folder' "$include\"\.\.?/" model litmus encoder checker tests

forbid 'litmus/diagnostics.hpp has did_you_mean' '^[^/]*"[^"]*did you mean' model encoder checker \
    $(find litmus -type f ! -path litmus/diagnostics.cpp)

# The form of a file: its licence, what it is, one include guard, 400 lines and functions of 60 at most. A function is
# taken to begin where a line without or with one level of indentation ends in `{` after its parameters.
form='
FNR == 1 { finish(); file = FILENAME; code = file !~ /^tests\//; header = file ~ /[.]hpp$/; said = guarded = inside = head = 0
           if ($0 != "// SPDX-License-Identifier: Apache-2.0") say("does not start with its licence") }
FNR > 1 && FNR < 5 && /^\/\/ ./ { said = 1 }
/^#pragma once$/ { guarded = 1 }
{ length_ = FNR }
!inside && code && match($0, /^ */) && (RLENGTH == 0 || RLENGTH == 4) && !/^ *(if|for|while|switch|return|namespace|struct|class) ?[(a-z]/ {
    head = FNR; indent = RLENGTH; allowed = before ~ /NOLINT.*function-size/ }
!inside && code && head && /\) *(const)? *(noexcept)? *(override)? *(-> [^ ].*)?\{$/ {
    if (match($0, /^ */) && (RLENGTH > 4 || head == FNR)) { inside = 1; start = head } }
inside && match($0, /^ *}/) && RLENGTH == indent + 1 {
    if (FNR - start > 61 && !allowed) say(FNR - start - 1 " lines in the function of line " start)
    inside = head = 0 }
{ before = $0 }
END { finish() }
function say(what) { print file ": " what; bad = 1 }
function finish() {
    if (file == "") return
    if (code && !said) say("does not say what it is")
    if (code && header && !guarded) say("no #pragma once")
    if (length_ >= 400) say(length_ " lines") }
END { exit bad }'
find model litmus encoder checker tests \( -name '*.hpp' -o -name '*.cpp' \) 2>/dev/null | sort | xargs awk "$form" || bad=1

# The headers of Z3 stay out of the public headers of encoder/: users of the library need not have them.
for file in $(find encoder -name '*.hpp' ! -path '*/detail/*' 2>/dev/null | sort); do
    ! grep -nHE "$include[<\"]z3|\"encoder/(.*/)?detail/" "$file" || { echo "^ Z3 in a public header"; bad=1; }
done

# A comment cites documents that the repository has: docs/NAME.md, or NAME.md of docs/ or of the top folder.
cited=$(grep -rnoE --include='*.cpp' --include='*.hpp' --include='*.sched' -e '(//|^ *#).*[A-Za-z0-9_/-]+\.md([^A-Za-z0-9_]|$)' \
    model litmus encoder checker tests 2>/dev/null |
    awk -F: '{ place = $1 ":" $2; text = substr($0, length(place) + 2)
               while (match(text, /[A-Za-z0-9_\/-]+\.md/)) {
                   print place, substr(text, RSTART, RLENGTH); text = substr(text, RSTART + RLENGTH) } }')
while read -r place document; do
    [ -z "$document" ] || [ -e "$document" ] || [ -e "docs/$document" ] ||
        [ -e "$(dirname "${place%%:*}")/$document" ] ||
        { echo "$place: cites $document, which does not exist"; bad=1; }
done <<EOF
$cited
EOF

for entry in *; do
    case $entry in
    CMakeLists.txt | CMakePresets.json | README.md | LICENSE | dev | model | encoder | checker | litmus | tests | \
        examples | docs | build | compile_commands.json | CMakeUserPresets.json) ;;
    *) echo "$entry: not a thing for the top level"; bad=1 ;;
    esac
done
exit $bad
