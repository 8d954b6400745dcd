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
typedef int isti_ready_fn(void *what);

/* Poll for it, if that pays, with `pace` pauses of the processor's between two
 * looks. How often it was looked at, 1 or more, when it is there; 0: go to sleep. Not
 * past `deadline` (of ist_os_now(), INT64_MAX: none). */
uint32_t isti_spin(isti_spin_t *spin, uint32_t pace, isti_ready_fn *ready, void *what,
                   int64_t deadline);

/* Let so many pauses' time pass. */
void isti_relax(uint32_t pauses);

/* Whether this machine and the environment allow it is asked once. Ask again: for
 * tests. */
void isti_spin_forget(void);

#endif
