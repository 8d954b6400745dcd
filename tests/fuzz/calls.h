/* SPDX-License-Identifier: Apache-2.0 */
/* Calls of a queue whose ring may have any content. */
#ifndef FUZZ_CALLS_H
#define FUZZ_CALLS_H

#include "fuzz.h"

#include "queue.h"

#define CALL_MOST 527 /* bytes of a message that is sent, at most */

/* One call: its low bits say which, the others with which size. It gives a status that
 * it may give, and touches nothing outside. `timed`: it waits for an instant. */
void call(ist_queue_t *queue, uint8_t what, int timed);

/* Give and take a reservation, in between which the queue can't be closed. */
void call_lent(ist_queue_t *queue);

/* What lies in a ring: positions (tail, seen, head, space), and words at places. */
void call_fill(ist_queue_t *queue, const uint64_t position[4], const uint16_t *at,
               const uint64_t *word, int words);

/* Mend it: positions near one another, words that lead to words. */
void call_mend(uint64_t position[4], uint16_t *at, uint64_t *word, int words, unsigned *seed);

/* The bits of a place in `at` that mean something else. */
#define CALL_FLAG(at, i) ((at)[i] >> 15)
#define CALL_SPARE(at, i) ((at)[i] >> 14 & 1)

#endif
