/* SPDX-License-Identifier: Apache-2.0 */
/* What an input of the queue target means behind the plan. */
#ifndef FUZZ_QUEUE_PLAN_H
#define FUZZ_QUEUE_PLAN_H

#include "calls.h"
#include "plan.h"

#define WORDS 32

/* So many sleepers are told of, mostly: each is rung for, and to ring for as many as a
 * system can have takes a thousand times as long as all the rest. */
#define SLEEPERS       (UINT64_C(7) << 32)
#define SLEEPERS_OFTEN 8192u

/* The two highest bits of a plan's mode: whether objects are listed and swept while the
 * queue is open, or afterwards. The listing target does that each time. */
#define LIST_LIVE  3
#define LIST_AFTER 2

typedef struct claim_t {
    uint8_t what; /* low bits: nothing, a file, another thing; bit 7: it is damaged */
    uint8_t life;
    uint8_t size;
    uint8_t damage;
} claim_t;

/* Behind the plan. */
typedef struct more_t {
    uint8_t sides;    /* bits: send, receive, sole; give a reservation back at the end */
    uint8_t geometry; /* that is asked for */
    uint8_t lent;     /* bits: a reservation is told of, a peek */
    uint8_t pad;
    uint32_t access;  /* in the header */
    claim_t claim[2];
    uint64_t position[4];
    uint16_t at[WORDS];
    uint64_t word[WORDS];
} more_t;

_Static_assert(sizeof(plan_t) + sizeof(more_t) == 152 + 16 + 32 + 10 * WORDS, "no holes");

/* ---- queue_use.c: what is done with a queue that was opened ------------------------ */

/* `lain`: what lay in its place. */
void use_queue(ist_queue_t *queue, const lain_t *lain, const more_t *more, apr_pool_t *pool);

/* List all objects, and remove the dead ones: a queue and its claims alone can be there. */
void use_list(apr_pool_t *pool);

#endif
