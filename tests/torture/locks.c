/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Mutexes and what they guard while owners are killed: a region's, and an ist_mutex_t
 * beside a segment. The driver holds all of them, so that each death is told. Another user,
 * where there can be one, is refused them, and reads in a third what was counted (watch.c).
 *
 * An owner first of all marks the guarded data with its number and life, and last of all
 * clears the mark. Between, it counts in two steps, a load and a store: two owners at once
 * lose counts, and the driver compares the sum of the ledgers (ledger.c). By the instant of
 * the owner's death, the next one
 *
 *   in lock, before the mark     finds the mark as it was; is told, if it was locked already
 *   marked                       finds the mark of a dead life; is told
 *   mark cleared, in unlock      finds no mark; is told, if it was not unlocked yet
 *
 * "As it was" may be the mark of one who died before: then the dead one was told of that, and
 * died with the news. So a mark means a death that nobody yet heard of and lived.
 *
 * Who finds a mark must be told, and of a death that was one. Who is told, whether there is a
 * mark or not, uses up one kill; and who leaves has used up all that were over before: had one
 * of them held the lock, this owner or one before was told. None is left for a second telling.
 */
#include "torture.h"

#include <apr_strings.h>
#include <apr_thread_proc.h>
#include <system.h>
#include <tst.h>

#define LOCKS  200 /* in a cycle */
#define RARELY 16  /* locks, about, until an owner gives way in the middle */
#define DEEP   4   /* until one locks twice */
#define WAIT   (10 * APR_USEC_PER_SEC)

typedef struct guarded_t {
    _Atomic(apr_uint32_t) mark;
    _Atomic(apr_uint32_t) used; /* kills that can't be told of any more, at least */
    _Atomic(apr_uint64_t) counter;
} guarded_t;

/* A mutex and what it guards: one or the other. */
typedef struct guard_t {
    ist_region_t *region;
    ist_mutex_t *mutex;
    guarded_t *data;
    _Atomic(apr_uint32_t) *shown; /* the counter, for all to read: it never goes back */
} guard_t;

typedef apr_status_t open_fn_t(guard_t *guard, const char *prefix, apr_pool_t *pool);

static guard_t held; /* the driver's */

/* Another user meets only what is global, and not every system lets everybody make that. */
static apr_uint32_t reach(void)
{
    return tst_can(TST_USERS) ? IST_GLOBAL : 0;
}

static apr_status_t open_shm(void **base, const char *name, apr_size_t size, apr_fileperms_t access,
                             apr_pool_t *pool)
{
    ist_shm_t *shm;
    apr_status_t status = ist_shm_open(&shm, name, size, IST_CREATE | reach(), access, pool);
    if (status == APR_SUCCESS)
        *base = ist_shm_base(shm);
    return status;
}

static apr_status_t open_shown(guard_t *guard, const char *prefix, apr_pool_t *pool)
{
    void *base = NULL;
    apr_status_t status = open_shm(&base, apr_pstrcat(pool, prefix, ".shown", NULL),
                                   sizeof *guard->shown, FOR_ALL, pool);
    guard->shown = base;
    return status;
}

static apr_status_t open_region(guard_t *guard, const char *prefix, apr_pool_t *pool)
{
    apr_status_t status =
        ist_region_open(&guard->region, apr_pstrcat(pool, prefix, ".region", NULL),
                        sizeof(guarded_t), IST_CREATE | reach(), 0, pool);
    if (status != APR_SUCCESS)
        return status;
    guard->data = ist_region_base(guard->region);
    return open_shown(guard, prefix, pool);
}

static apr_status_t open_mutex(guard_t *guard, const char *prefix, apr_pool_t *pool)
{
    void *base = NULL;
    apr_status_t status =
        open_shm(&base, apr_pstrcat(pool, prefix, ".guarded", NULL), sizeof(guarded_t), 0, pool);
    if (status == APR_SUCCESS)
        status = ist_mutex_open(&guard->mutex, apr_pstrcat(pool, prefix, ".mutex", NULL),
                                IST_CREATE | reach(), 0, pool);
    if (status != APR_SUCCESS)
        return status;
    guard->data = base;
    return open_shown(guard, prefix, pool);
}

static apr_status_t lock(const guard_t *guard, int way)
{
    if (guard->region != NULL)
        return way == 0   ? ist_region_timedlock(guard->region, tst_scaled(WAIT))
               : way == 1 ? ist_region_trylock(guard->region)
                          : ist_region_lock(guard->region);
    return way == 0   ? ist_mutex_timedlock(guard->mutex, tst_scaled(WAIT))
           : way == 1 ? ist_mutex_trylock(guard->mutex)
                      : ist_mutex_lock(guard->mutex);
}

static apr_status_t unlock(const guard_t *guard)
{
    return guard->region != NULL ? ist_region_unlock(guard->region)
                                 : ist_mutex_unlock(guard->mutex);
}

/* ---- inside --------------------------------------------------------------------- */

/* All is read after the mark, and a kill is counted before it comes: a death that was told
 * is known here. */
static void enter(worker_t *self, guarded_t *data, apr_status_t told)
{
    apr_uint32_t was = atomic_exchange(&data->mark, mark_of(self));
    if (told == APR_SUCCESS) {
        if (was != 0)
            violated(self, __LINE__, "worker %u, life %u, %s", mark_number(was), mark_life(was),
                     mark_lives(self->board, was) ? "is inside too" : "died, and it is not told");
        return;
    }
    atomic_fetch_add(&self->board->told, 1);
    if (was != 0 && mark_lives(self->board, was))
        violated(self, __LINE__, "worker %u, life %u, is told dead, and lives", mark_number(was),
                 mark_life(was));
    apr_uint32_t used = atomic_load(&data->used);
    if (atomic_load(&self->board->kills) <= used)
        violated(self, __LINE__, "a death is told that was none, or was told before");
    atomic_store(&data->used, used + 1);
}

static void add_one(worker_t *self, const guard_t *guard)
{
    guarded_t *data = guard->data;
    ledger_begin(self->place, 1);
    apr_uint64_t counter = atomic_load_explicit(&data->counter, memory_order_relaxed);
    if (draw(&self->random, RARELY) == 0)
        apr_thread_yield();
    atomic_store_explicit(&data->counter, counter + 1, memory_order_relaxed);
    ledger_end(self->place, 1);
    atomic_store_explicit(guard->shown, (apr_uint32_t)counter + 1, memory_order_relaxed);
}

/* The owner locks it once more. Of one that dies then the next is told too, and has it once. */
static void go_deeper(worker_t *self, const guard_t *guard)
{
    apr_status_t status = lock(guard, 1);
    if (status != APR_SUCCESS) {
        violated(self, __LINE__, "locking twice: %d", (int)status);
        return;
    }
    add_one(self, guard);
    status = unlock(guard);
    if (status != APR_SUCCESS)
        violated(self, __LINE__, "unlocking once: %d", (int)status);
}

static void leave(worker_t *self, guarded_t *data)
{
    apr_uint32_t mark = mark_of(self), over = atomic_load(&self->board->reaped);
    if (over > atomic_load(&data->used))
        atomic_store(&data->used, over);
    const apr_uint32_t mine = mark;
    if (!atomic_compare_exchange_strong(&data->mark, &mark, 0))
        violated(self, __LINE__, "somebody came inside: mark %u became %u", mine, mark);
}

/* ---- workers ---------------------------------------------------------------------- */

static void lock_once(worker_t *self, const guard_t *guard, int i)
{
    HERE(self);
    apr_status_t status = lock(guard, i % 3);
    if (status == APR_EBUSY && i % 3 == 1)
        return;
    if (!IST_LOCKED(status)) {
        violated(self, __LINE__, "locking: %d", (int)status);
        return;
    }
    enter(self, guard->data, status);
    add_one(self, guard);
    if (i % DEEP == 0)
        go_deeper(self, guard);
    if (i == 0)
        mix(self, NULL, NULL); /* a child owns no lock of its parent, nor gives it up */
    leave(self, guard->data);
    status = unlock(guard);
    if (status != APR_SUCCESS)
        violated(self, __LINE__, "unlocking: %d", (int)status);
}

static int cycle(worker_t *self, open_fn_t *open)
{
    guard_t guard = {0};
    apr_status_t status = open(&guard, self->prefix, self->pool);
    if (status != APR_SUCCESS) {
        violated(self, __LINE__, "opening: %d", (int)status);
        return 0;
    }
    for (int i = 0; i < LOCKS && !atomic_load(&self->board->stop); i++)
        lock_once(self, &guard, i);
    status = guard.region != NULL ? ist_region_close(guard.region) : ist_mutex_close(guard.mutex);
    if (status != APR_SUCCESS)
        violated(self, __LINE__, "closing: %d", (int)status);
    return 1;
}

int region_cycle(worker_t *self)
{
    return cycle(self, open_region);
}

int mutex_cycle(worker_t *self)
{
    return cycle(self, open_mutex);
}

/* ---- the driver ------------------------------------------------------------------- */

apr_status_t region_hold(board_t *board, const char *prefix, apr_pool_t *pool)
{
    ledger_open(board);
    return open_region(&held, prefix, pool);
}

apr_status_t mutex_hold(board_t *board, const char *prefix, apr_pool_t *pool)
{
    ledger_open(board);
    return open_mutex(&held, prefix, pool);
}

/* It is one more owner. While it is inside no living worker is about to add. */
void locks_audit(worker_t *driver)
{
    apr_status_t status = lock(&held, 0);
    if (!IST_LOCKED(status)) {
        violated(driver, __LINE__, "locking: %d", (int)status);
        return;
    }
    enter(driver, held.data, status);
    (void)ledger_agrees(driver, (apr_int64_t)atomic_load(&held.data->counter));
    leave(driver, held.data);
    status = unlock(&held);
    if (status != APR_SUCCESS)
        violated(driver, __LINE__, "unlocking: %d", (int)status);
}
