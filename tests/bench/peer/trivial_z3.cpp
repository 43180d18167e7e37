// SPDX-License-Identifier: Apache-2.0
// The least a program with Z3 can do: loads it and solves one trivial query. The peer for start-up time.

#include <z3++.h>

int main() {
    z3::context context;
    z3::solver solver(context, "QF_FD");
    solver.add(context.bool_const("p"));
    return solver.check() == z3::sat ? 0 : 1;
}
