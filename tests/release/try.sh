#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Runs inside a clean root, in a folder with the packages: installs them, runs the program on its installed
# examples, builds the consumer against the library, removes everything again.

set -eu

# expect STATUS COMMAND...: fails unless the command exits with STATUS; its output is shown.
expect() {
    status=$1
    shift
    got=0
    "$@" >output 2>&1 || got=$?
    cat output
    [ "$got" -eq "$status" ] || { echo "try: exit code $got, not $status: $*"; exit 1; }
}

apt-get update -q >/dev/null
# shellcheck disable=SC2046 # the reader of kernel bitcode, where the build had LLVM
apt-get install -q -y --no-install-recommends ./tlbcheck_*.deb $(find . -maxdepth 1 -name 'tlbcheck-kernel_*.deb') >/dev/null
expect 0 tlbcheck --version
examples=/usr/share/doc/tlbcheck/examples
hotplug=$examples/unmap_hotplug
expect 0 tlbcheck check $hotplug/per_leaf.sched $hotplug/batched.sched
grep -q 'no_stale_entry.*: unsafe' output
grep -q 'no_stale_entry.*: safe' output
expect 0 tlbcheck explain $hotplug/per_leaf.sched --html page.html --svg picture.svg
grep -q '</html>' page.html
grep -q '</svg>' picture.svg
expect 0 tlbcheck gate --junit junit.xml --sarif results.sarif $examples
cat $hotplug/README.md >/dev/null
[ -s /usr/share/tlbcheck/linux.sched ]
./answers.sh tlbcheck $examples >answers.txt
echo "try: $(grep -c '^== ' answers.txt) outputs of the examples kept"

# The manual and the completions, each by the program that users have for it.
apt-get install -q -y --no-install-recommends man-db bash-completion zsh fish >/dev/null
for page in tlbcheck tlbcheck-check tlbcheck-explain tlbcheck-gate tlbcheck-compare tlbcheck-states; do
    man --warnings -P cat $page 2>warnings | grep -q "^NAME" || { echo "try: no manual page $page"; exit 1; }
    [ ! -s warnings ] || { cat warnings; exit 1; }
done
bash -c '. /usr/share/bash-completion/bash_completion; _completion_loader tlbcheck; complete -p tlbcheck' >output
zsh -c 'autoload -U compinit && compinit -u && [ -n "$_comps[tlbcheck]" ]'
fish -c 'complete -C "tlbcheck ex"' | grep -q '^explain'

apt-get install -q -y --no-install-recommends ./libtlbcheck-dev_*.deb g++ cmake ninja-build >/dev/null
cmake -G Ninja -S consumer -B consumer_build >/dev/null
cmake --build consumer_build >/dev/null
expect 0 consumer_build/consumer

apt-get purge -q -y tlbcheck libtlbcheck-dev "tlbcheck-kernel*" >/dev/null
[ ! -e /usr/bin/tlbcheck ] && [ ! -e /usr/share/tlbcheck ]
echo 'try: installed, ran, removed'
