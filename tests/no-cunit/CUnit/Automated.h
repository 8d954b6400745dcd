/* SPDX-License-Identifier: Apache-2.0 */
/* Found only where configure did not find CUnit: says so. */
#error "make check needs CUnit: install it (Debian: libcunit1-dev), then run configure again"
