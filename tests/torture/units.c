/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A semaphore while posters and waiters are killed: units are conserved, but for
 * those of whoever died inside a call; the maximum is never passed; nobody sleeps
 * beside units.
 */
#include "torture.h"

#include <apr_strings.h>

#define MAXIMUM 40
#define CALLS   200
#define AT_ONCE 3

static apr_status_t open_units(ist_semaphore_t **units, const char *prefix, apr_pool_t *pool)
{
    return ist_semaphore_open(units, apr_pstrcat(pool, prefix, ".units", NULL), 0, MAXIMUM,
                              IST_CREATE, 0, pool);
}

apr_status_t units_hold(const char *prefix, apr_pool_t *pool)
{
    ist_semaphore_t *units;
    return open_units(&units, prefix, pool);
}

static void post(worker_t *self, ist_semaphore_t *units)
{
    apr_uint32_t n = draw(&self->random, AT_ONCE) + 1, before = 0;
    HERE(self);
    apr_status_t status = ist_semaphore_post_n(units, n, &before);
    if (status == APR_SUCCESS && before + n > MAXIMUM)
        violated(self, __LINE__, "%u units, %u more", before, n);
    if (status == APR_SUCCESS)
        atomic_fetch_add(&self->board->posted, n);
    else if (status != IST_EOVERFLOW)
        violated(self, __LINE__, "posting: %d", (int)status);
}

static void take(worker_t *self, ist_semaphore_t *units)
{
    apr_uint32_t there = 0;
    HERE(self);
    apr_status_t status = ist_semaphore_timedwait(units, APR_USEC_PER_SEC);
    if (status == APR_SUCCESS)
        atomic_fetch_add(&self->board->taken, 1);
    else if (status != APR_TIMEUP)
        violated(self, __LINE__, "waiting: %d", (int)status);
    else if (ist_semaphore_value(units, &there) == APR_SUCCESS && there == MAXIMUM)
        violated(self, __LINE__, "asleep beside %u units", there);
}

/* What is there is what was posted and not taken, but for the dead. */
static void balance(worker_t *self, ist_semaphore_t *units)
{
    apr_uint32_t there = 0;
    apr_int64_t before = (apr_int64_t)atomic_load(&self->board->posted) -
                         (apr_int64_t)atomic_load(&self->board->taken);
    apr_int64_t doubt = AT_ONCE * ((apr_int64_t)atomic_load(&self->board->kills) + 8);
    (void)ist_semaphore_value(units, &there);
    if (there > MAXIMUM)
        violated(self, __LINE__, "%u units", there);
    if (before < -doubt || before > MAXIMUM + doubt)
        violated(self, __LINE__, "posted and not taken: %d", (int)before);
}

void units_cycle(worker_t *self)
{
    ist_semaphore_t *units;
    apr_status_t status = open_units(&units, self->prefix, self->pool);
    if (status != APR_SUCCESS) {
        violated(self, __LINE__, "opening: %d", (int)status);
        return;
    }
    for (int i = 0; i < CALLS && !atomic_load(&self->board->stop); i++) {
        if (self->number == 0)
            post(self, units);
        else
            take(self, units);
    }
    balance(self, units);
    (void)ist_semaphore_close(units);
}
