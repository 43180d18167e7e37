#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Opens report pages in headless Chromium: runs tests/browser/page_checks.js in each at several widths, and takes pictures to look at.
# Pages: the samples of the unit tests and, where the program is built, what `explain` writes for the examples.
# Usage: tests/browser/run.sh [BUILD_FOLDER]      pictures and pages go to BUILD_FOLDER/browser
set -euo pipefail
cd "$(dirname "$0")/../.."
build=${1:-build}
out=$build/browser
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)
if [ -z "$browser" ]; then
    echo "browser checks: no Chromium found (apt-get install chromium)" >&2
    exit 2
fi
rm -rf "$out"
mkdir -p "$out/pages" "$out/pictures"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

chromium() {
    timeout 120 "$browser" --headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking \
        --disable-component-update --disable-sync --hide-scrollbars --user-data-dir="$scratch/profile" "$@"
}

TLBCHECK_SAMPLE_DIR=$out/pages "$build/tests/unit_checker" '[.samples]' > "$scratch/samples.log" || {
    cat "$scratch/samples.log"
    exit 1
}
if [ -x "$build/tlbcheck" ]; then
    for file in examples/*/*.sched; do
        # What explain answers is tested elsewhere; here any page will do, an unsafe file's exit code included.
        "$build/tlbcheck" explain "$file" --html "$out/pages/$(tr / - <<< "${file%.sched}").html" > /dev/null 2>&1 || true
    done
    for file in examples/unmap_hotplug/batched.sched examples/unmap_hotplug/per_leaf_plain_pages.sched; do
        "$build/tlbcheck" minimize "$file" --html "$out/pages/minimize-$(basename "${file%.sched}").html" > /dev/null
    done
fi

# The page with the checks in it: errors are caught from the start, the checks run at the end.
with_checks() {
    awk -v checks=tests/browser/page_checks.js '
        /<style>/ && !early {
            print "<script>window.earlyErrors = []; addEventListener(\"error\", (e) => earlyErrors.push(\"script error: \" + e.message));"
            print "addEventListener(\"securitypolicyviolation\", (e) => earlyErrors.push(\"blocked: \" + e.blockedURI));</script>"
            early = 1
        }
        $0 == "</body>" { print "<script>"; while ((getline line < checks) > 0) print line; print "</script>" }
        { print }' "$1"
}

failed=0 number=0
for page in "$out"/pages/*.html; do
    name=$(basename "$page" .html)
    with_checks "$page" > "$scratch/page.html"
    for width in 1500 1000 480; do
        chromium --window-size="$width,1000" --virtual-time-budget=10000 --enable-logging=stderr --dump-dom \
            "file://$scratch/page.html" > "$scratch/dom" 2> "$scratch/log" || true
        result=$(sed -n 's/.*<html[^>]* data-checks="\([^"]*\)".*/\1/p' "$scratch/dom" | head -1)
        number=$((number + 1))
        case $result in
        passed*) ;;
        *)
            echo "FAILED $name at $width pixels: ${result:-the checks did not end}"
            failed=$((failed + 1))
            ;;
        esac
        if grep -E 'CONSOLE.*(Error|error|Refused|Warning)' "$scratch/log"; then
            echo "FAILED $name at $width pixels: messages on the console"
            failed=$((failed + 1))
        fi
    done
done

for name in unsafe safe litmus; do
    page=file://$(realpath "$out/pages/$name.html")
    chromium --window-size=1500,1300 --screenshot="$out/pictures/$name-light.png" "$page" 2> /dev/null
    chromium --window-size=1500,1300 --force-dark-mode --blink-settings=preferredColorScheme=0 \
        --screenshot="$out/pictures/$name-dark.png" "$page" 2> /dev/null
    chromium --window-size=500,2400 --screenshot="$out/pictures/$name-narrow.png" "$page" 2> /dev/null
    chromium --no-pdf-header-footer --print-to-pdf="$out/pictures/$name-print.pdf" "$page" 2> /dev/null
done
echo "browser checks: $number runs, $failed failed; pictures in $out/pictures"
[ "$failed" -eq 0 ]
