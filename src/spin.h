/* SPDX-License-Identifier: Apache-2.0 */
/* Polling before sleeping: whether it pays is learnt (spin.c). */
#ifndef ISTI_SPIN_H
#define ISTI_SPIN_H

#include <stdint.h>
#include <stdatomic.h>

/* What was learnt of one thing that is waited for. Its fields are hints, and
 * threads may write over one another's. */
typedef struct isti_spin_t {
    _Atomic(uint32_t) failures; /* spins in vain, in a row */
    _Atomic(uint32_t) skip;     /* so many waits are to sleep at once */
} isti_spin_t;

/* Whether what is waited for is there. */
typedef int isti_ready_fn(const void *what);

/* Poll for it, if that pays. How often it was looked at, 1 or more, when it is
 * there; 0: go to sleep. Not past `deadline` (of ist_os_now(), INT64_MAX: none). */
uint32_t isti_spin(isti_spin_t *spin, isti_ready_fn *ready, const void *what, int64_t deadline);

/* Let so many polls' time pass. */
void isti_relax(uint32_t polls);

#endif
