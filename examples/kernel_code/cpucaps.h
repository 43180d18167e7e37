/* SPDX-License-Identifier: Apache-2.0 */
/* The capabilities that hot_remove.c asks for, as a kernel's build numbers its own. */
#define ARM64_HAS_TLB_RANGE 1
#define ARM64_HAS_FAST_UNMAP 2
