#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The step of action.yml: runs the gate, tells the workflow where the reports are, and puts the summary on the run's page.
set -uo pipefail

if [ -n "${TLBCHECK_PACKAGE:-}" ]; then
    sudo apt-get install -y "$(realpath "$TLBCHECK_PACKAGE")" || exit 2
fi
reports=${RUNNER_TEMP:-/tmp}/tlbcheck
mkdir -p "$reports"
arguments=(--junit "$reports/junit.xml" --sarif "$reports/results.sarif" --github)
[ -z "${TLBCHECK_BASELINE:-}" ] || arguments+=(--baseline "$TLBCHECK_BASELINE")
read -r -a more <<< "${TLBCHECK_ARGUMENTS:-}"
read -r -a paths <<< "${TLBCHECK_PATH:-.}"

tlbcheck gate "${arguments[@]}" "${more[@]}" "${paths[@]}" | tee "$reports/summary.txt"
status=${PIPESTATUS[0]}

if [ -n "${GITHUB_OUTPUT:-}" ]; then
    printf 'sarif=%s\njunit=%s\n' "$reports/results.sarif" "$reports/junit.xml" >> "$GITHUB_OUTPUT"
fi
if [ -n "${GITHUB_STEP_SUMMARY:-}" ]; then
    { printf '### tlbcheck\n\n```\n'; grep -v '^::' "$reports/summary.txt"; printf '```\n'; } >> "$GITHUB_STEP_SUMMARY"
fi
exit "$status"
