/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A mutex and a region's data while owners are killed. The driver holds both, so
 * that each death is told. Two numbers are equal outside the lock, or the next
 * owner is told; it is told of no death that was none.
 */
#include "torture.h"

#include <apr_strings.h>

#define LOCKS 200 /* in a cycle */

typedef struct guarded_t {
    _Atomic(apr_uint64_t) first, second;
} guarded_t;

static apr_status_t open_region(ist_region_t **region, const char *prefix, apr_pool_t *pool)
{
    return ist_region_open(region, apr_pstrcat(pool, prefix, ".region", NULL), sizeof(guarded_t),
                           IST_CREATE, 0, pool);
}

apr_status_t locks_hold(board_t *board, const char *prefix, apr_pool_t *pool)
{
    (void)board;
    ist_region_t *region;
    return open_region(&region, prefix, pool);
}

/* Inside the lock. */
static void work(worker_t *self, guarded_t *guarded, apr_status_t told)
{
    apr_uint64_t first = atomic_load(&guarded->first), second = atomic_load(&guarded->second);
    if (told == IST_ABANDONED) {
        atomic_fetch_add(&self->board->told, 1);
        if (first != second && first != second + 1)
            violated(self, __LINE__, "an owner left %d and %d", (int)first, (int)second);
        atomic_store(&guarded->second, first);
    } else if (first != second) {
        violated(self, __LINE__, "untold: %d and %d", (int)first, (int)second);
        atomic_store(&guarded->second, first);
    }
    atomic_fetch_add(&guarded->first, 1);
    atomic_fetch_add(&guarded->second, 1);
}

int region_cycle(worker_t *self)
{
    ist_region_t *region;
    apr_status_t status = open_region(&region, self->prefix, self->pool);
    if (status != APR_SUCCESS) {
        violated(self, __LINE__, "opening: %d", (int)status);
        return 0;
    }
    for (int i = 0; i < LOCKS; i++) {
        HERE(self);
        status = i % 3 == 0 ? ist_region_timedlock(region, 10 * APR_USEC_PER_SEC)
                            : ist_region_lock(region);
        if (!IST_LOCKED(status)) {
            violated(self, __LINE__, "locking: %d", (int)status);
            break;
        }
        work(self, ist_region_base(region), status);
        if (i == 0)
            mix(self, NULL, NULL); /* a child owns no lock of its parent, nor gives it up */
        if (ist_region_unlock(region) != APR_SUCCESS)
            violated(self, __LINE__, "unlocking");
    }
    /* Each death is told once at most: more news than kills is one too many. */
    if (atomic_load(&self->board->told) > atomic_load(&self->board->kills))
        violated(self, __LINE__, "%u deaths told of %u", atomic_load(&self->board->told),
                 atomic_load(&self->board->kills));
    (void)ist_region_close(region);
    return 1;
}
