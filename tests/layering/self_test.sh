#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The layering check notices each kind of offence, and passes a clean tree.

set -eu
check=$(cd "$(dirname "$0")" && pwd)/check.sh
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
licence='// SPDX-License-Identifier: Apache-2.0
//
// What this is.'

clean() {
    rm -rf "$tree"
    mkdir -p "$tree/model/machine" "$tree/litmus" "$tree/encoder/detail" "$tree/checker/cli" "$tree/checker/report"
    printf '%s\n#include <boost/graph/adjacency_list.hpp>\n' "$licence" >"$tree/model/a.cpp"
    printf '%s\n#include "model/a.hpp"\n' "$licence" >"$tree/litmus/a.cpp"
    printf '%s\n#include <z3++.h>\n#include "model/a.hpp"\n' "$licence" >"$tree/encoder/a.cpp"
    printf '%s\n#include "encoder/a.hpp"\n#include <nlohmann/json.hpp>\n' "$licence" >"$tree/checker/a.cpp"
}

clean
"$check" "$tree" || { echo 'a clean tree fails'; exit 1; }

# offence FILE LINE: the check must fail once FILE holds LINE.
offence() {
    clean
    printf '%s\n#pragma once\n%s\n' "$licence" "$2" >"$tree/$1"
    ! "$check" "$tree" >/dev/null || { echo "not noticed in $1: $2"; exit 1; }
}
offence model/b.hpp '#include "litmus/a.hpp"'
offence model/b.hpp '#include "encoder/a.hpp"'
offence litmus/b.cpp '#include "checker/a.hpp"'
offence litmus/b.cpp '# include <encoder/a.hpp>'
offence encoder/b.cpp '#include "litmus/a.hpp"'
offence encoder/b.hpp '#include <z3++.h>'
offence checker/b.cpp '#include <z3.h>'
offence checker/b.cpp 'void f(z3::expr e);'
offence checker/report/b.cpp '#include "checker/cli/options.hpp"'
offence litmus/b.cpp '#include <boost/graph/adjacency_list.hpp>'
offence model/b.cpp '#include <nlohmann/json.hpp>'
offence model/b.cpp '#include "b.hpp"'
offence model/machine/b.cpp '#include "model/graph/event_graph.hpp"'
offence model/machine/b.cpp '#include "model/axioms/definitions.hpp"'
offence model/b.cpp '// As no-such-document.md has it.'
offence model/b.cpp 'class SymbolicRelation {};'
offence litmus/b.cpp '#include <toml++/toml.h>'
offence stray.txt 'text'

clean
echo 'int a;' >"$tree/model/b.cpp"
! "$check" "$tree" >/dev/null || { echo 'a missing licence is not noticed'; exit 1; }

clean
printf '// SPDX-License-Identifier: Apache-2.0\n#include "model/a.hpp"\n' >"$tree/model/b.cpp"
! "$check" "$tree" >/dev/null || { echo 'a file that does not say what it is is not noticed'; exit 1; }

offence litmus/b.cpp 'fail("there is none", "did you mean that?");'
offence model/b.cpp "$(yes 'int a;' | head -n 400)"
offence model/b.cpp "$(printf 'void f(int a) {\n'; yes '    f(1);' | head -n 61; printf '}\n')"
offence model/b.cpp "$(printf 'void f(int a,\n       int b) {\n'; yes '    f(1, 2);' | head -n 61; printf '}\n')"

clean
printf '%s\n// NOLINTNEXTLINE(readability-function-size): a table\nvoid f(int a) {\n%s\n}\n' "$licence" \
    "$(yes '    f(1);' | head -n 61)" >"$tree/model/b.cpp"
"$check" "$tree" || { echo 'a long function that says why fails'; exit 1; }
