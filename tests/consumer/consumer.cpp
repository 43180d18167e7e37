// SPDX-License-Identifier: Apache-2.0
// A program that uses the installed library: prints how linux.sched begins.

#include <iostream>

#include "litmus/sched/embedded.hpp"

int main() {
    const auto text = tlbcheck::litmus::sched::embedded_linux_sched();
    std::cout << text.substr(0, text.find('\n')) << '\n';
    return text.empty() ? 1 : 0;
}
