# SPDX-License-Identifier: Apache-2.0
# Install rules: the program, linux.sched, the libraries with their headers.
