#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Prints what `check`, its JSON document and `explain` say of every example, to be compared between releases.
# Usage: answers.sh PROGRAM EXAMPLES

set -eu
program=$1
cd "$2"
for file in */*.sched; do
    for command in 'check --verbose' 'check --json' 'explain' 'explain --json'; do
        echo "== $command $file"
        status=0
        # shellcheck disable=SC2086 # a command and its option
        "$program" $command --timeout 600 "$file" 2>&1 || status=$?
        echo "exit code $status"
    done
done
