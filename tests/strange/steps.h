/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of steps: outcomes, limits, and the kinds. */
#ifndef STEPS_H
#define STEPS_H

#include <isthmus.h>

typedef struct steps_t {
    apr_pool_t *pool;
    int kind; /* of the object opened last: m, s, d, r, q */
    ist_mutex_t *mutex;
    ist_semaphore_t *semaphore;
    ist_shm_t *shm;
    ist_region_t *region;
    ist_queue_t *queue;
} steps_t;

const char *steps_word(apr_status_t rv);

/* create:KIND:NAME:SIZE, public:KIND:NAME:SIZE (global, and for all), open:KIND:NAME, or
 * LIMIT:AMOUNT. */
apr_status_t steps_open(steps_t *steps, const char *step);

/* close, lock, unlock, post, take, write or read the object opened last. */
apr_status_t steps_use(steps_t *steps, const char *step);

/* nofile, as or fsize: what is left, not what there is; user: become this one.
 * APR_ENOTIMPL: no such. */
apr_status_t steps_limit(const char *what, unsigned long long amount);

/* Lift the limits again. */
apr_status_t steps_free(void);

/* Go on in a child that is in a PID namespace of its own. */
apr_status_t steps_apart(void);

#endif
