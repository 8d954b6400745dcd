/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Another user beside the soaks of locks.c. It has no right to a mutex or a region: no open
 * of its own gets one, changes one or holds one up. To read it has the segment that shows the
 * counter, which the driver holds and which therefore is always there.
 */
#include "torture.h"

#include <apr_strings.h>
#include <apr_thread_proc.h>

#define LOOKS 20  /* at what it has open */
#define PAUSE 500 /* microseconds between two turns, for those who lock */

/* What another user has open, and saw there, in an earlier turn too. */
typedef struct view_t {
    const _Atomic(apr_uint32_t) *shown;
    apr_uint32_t last;
} view_t;

static void refused(worker_t *self, apr_status_t status, int line)
{
    if (status != APR_EACCES)
        violated(self, line, "another user's open: %d", (int)status);
}

static void look(worker_t *self, void *baton)
{
    view_t *view = baton;
    apr_uint32_t now = atomic_load(view->shown);
    if (now < view->last)
        violated(self, __LINE__, "%u counted, then %u", view->last, now);
    view->last = now;
}

static int watch(worker_t *self)
{
    static view_t view;
    ist_shm_t *shm;
    HERE(self);
    apr_status_t status = ist_shm_open(&shm, apr_pstrcat(self->pool, self->prefix, ".shown", NULL),
                                       0, IST_GLOBAL | IST_READ_ONLY, 0, self->pool);
    if (status != APR_SUCCESS) {
        violated(self, __LINE__, "open to read: %d", (int)status);
        return 0;
    }
    view.shown = ist_shm_base(shm);
    for (int i = 0; i < LOOKS; i++) {
        look(self, &view);
        apr_thread_yield();
    }
    mix(self, look, &view);
    atomic_fetch_add(&self->board->reads, 1);
    apr_sleep(PAUSE);
    return 1;
}

int region_read(worker_t *self)
{
    ist_region_t *region;
    const char *name = apr_pstrcat(self->pool, self->prefix, ".region", NULL);
    HERE(self);
    refused(self, ist_region_open(&region, name, 0, IST_GLOBAL, 0, self->pool), __LINE__);
    refused(self, ist_region_open(&region, name, 1, IST_GLOBAL | IST_CREATE, 0, self->pool),
            __LINE__);
    return watch(self);
}

int mutex_read(worker_t *self)
{
    ist_mutex_t *mutex;
    const char *name = apr_pstrcat(self->pool, self->prefix, ".mutex", NULL);
    HERE(self);
    refused(self, ist_mutex_open(&mutex, name, IST_GLOBAL, 0, self->pool), __LINE__);
    refused(self, ist_mutex_open(&mutex, name, IST_GLOBAL | IST_CREATE, 0, self->pool), __LINE__);
    return watch(self);
}
