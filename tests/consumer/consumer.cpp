// SPDX-License-Identifier: Apache-2.0
//
// A program that uses the installed library: checks the schedule it is given and prints its counterexample.

#include <iostream>
#include <tlbcheck/tlbcheck.hpp>

int main(int argc, char** argv) {
    if (argc != 2) {
        std::cerr << "usage: consumer FILE\n";
        return 2;
    }
    try {
        const tlbcheck::Input input = tlbcheck::load(argv[1]);
        bool unsafe = false;
        for (const tlbcheck::Answer& answer : tlbcheck::check(input)) {
            std::cout << answer.question << ": "
                      << (answer.verdict == tlbcheck::Verdict::unsafe ? "unsafe, " + answer.reason
                          : answer.verdict == tlbcheck::Verdict::safe ? "safe"
                                                                      : "undecided, " + answer.reason)
                      << '\n';
            unsafe = unsafe || answer.verdict == tlbcheck::Verdict::unsafe;
        }
        if (unsafe) std::cout << '\n' << tlbcheck::explain(input);
        return unsafe ? 1 : 0;
    } catch (const tlbcheck::InputError& error) {
        std::cerr << error.what();
        return 2;
    }
}
