/* SPDX-License-Identifier: Apache-2.0 */
/* MTX-3, MTX-5, GEN-8: deaths of owners, ends of threads, pools and forks. */
#include "unit.h"

/* What another thread does before it ends. */
static void lock_thrice(void *baton)
{
    for (int i = 0; i < 3; i++)
        TST_OK(ist_mutex_lock(baton));
}

static void told_once(void)
{
    static const apr_interval_time_t timeouts[] = {IST_FOREVER, 0, 1, 1000};
    ist_mutex_t *mutex = unit_mutex("n");
    fake_thing_t *thing = fake_find(IST_KIND_MUTEX, "n");
    for (int i = 0; i < 4; i++) {
        thing->lock[0].died = 1;
        TST_STATUS(ist_mutex_timedlock(mutex, timeouts[i]), IST_ABANDONED);
        TST_OK(ist_mutex_lock(mutex)); /* one deep: this is the second */
        TST_OK(ist_mutex_unlock(mutex));
        TST_OK(ist_mutex_unlock(mutex));
        TST_STATUS(ist_mutex_unlock(mutex), IST_ENOTOWNER);
        TST_OK(ist_mutex_lock(mutex));
        TST_OK(ist_mutex_unlock(mutex));
    }
    thing->lock[0].died = 1;
    TST_STATUS(ist_mutex_trylock(mutex), IST_ABANDONED);
    TST_OK(ist_mutex_unlock(mutex));
}

static void dies(void *baton)
{
    fake_thing_t *thing = baton;
    thing->lock[0].owner = NULL;
    thing->lock[0].died = 1;
}

static void dies_meanwhile(void)
{
    ist_region_t *region = unit_region("n", 8);
    fake_thing_t *thing = fake_find(IST_KIND_REGION, "n");
    fake.meanwhile = dies;
    fake.baton = thing;
    thing->lock[0].owner = fake_other;
    TST_STATUS(ist_region_lock(region), IST_ABANDONED);
    TST_OK(ist_region_unlock(region));
    thing->lock[0].owner = fake_other;
    TST_STATUS(ist_region_timedlock(region, 1000), IST_ABANDONED);
    TST_OK(ist_region_unlock(region));
    TST_NUMBER(unit_held(), 0);
}

static void a_thread_ends(void)
{
    ist_mutex_t *mutex = unit_mutex("n"), *untouched = unit_mutex("m");
    unit_threads(1, lock_thrice, mutex);
    TST_NUMBER(fake.calls[FAKE_ABANDON], 1);
    TST_STATUS(ist_mutex_lock(mutex), IST_ABANDONED);
    TST_OK(ist_mutex_unlock(mutex));
    TST_STATUS(ist_mutex_unlock(mutex), IST_ENOTOWNER);
    TST_OK(ist_mutex_lock(mutex));
    TST_OK(ist_mutex_unlock(mutex));
    TST_OK(ist_mutex_lock(untouched));
    TST_OK(ist_mutex_unlock(untouched));
}

static void ends_of_this_one(void)
{
    ist_mutex_t *mutex = unit_mutex("n");
    ist_region_t *region = unit_region("n", 8);
    TST_OK(ist_mutex_lock(mutex));
    TST_OK(ist_region_lock(region));
    uint64_t id = isti_thread.id;
    isti_thread_ended(isti_thread.id);
    TST_NUMBER(fake.calls[FAKE_ABANDON], 2);
    TST_NUMBER(unit_held(), 0);
    TST_STATUS(ist_mutex_unlock(mutex), IST_ENOTOWNER);
    TST_STATUS(ist_mutex_trylock(mutex), IST_ABANDONED);
    TST_TRUE(isti_thread.id > id); /* ids are not used twice */
    TST_NUMBER(fake.calls[FAKE_WATCH], 2);
    TST_STATUS(ist_region_lock(region), IST_ABANDONED);
    TST_OK(ist_region_unlock(region));
    TST_OK(ist_mutex_unlock(mutex));
}

static void ends_with_nothing(void)
{
    ist_mutex_t *mutex = unit_mutex("n");
    TST_OK(ist_mutex_lock(mutex));
    TST_OK(ist_mutex_unlock(mutex));
    isti_thread_ended(isti_thread.id);
    TST_NUMBER(fake.calls[FAKE_ABANDON], 0);
    TST_OK(ist_mutex_lock(mutex));
    TST_OK(ist_mutex_unlock(mutex));
}

/* No system told of the end: the id that stays behind is nobody's. */
static fake_thing_t *ends_unseen(ist_mutex_t *mutex)
{
    fake_thing_t *thing = fake_find(IST_KIND_MUTEX, "n");
    TST_OK(ist_mutex_lock(mutex));
    TST_OK(ist_mutex_lock(mutex));
    unit_new_thread();
    dies(thing);
    return thing;
}

static void unseen_end(void)
{
    ist_mutex_t *mutex = unit_mutex("n");
    (void)ends_unseen(mutex);
    TST_STATUS(ist_mutex_unlock(mutex), IST_ENOTOWNER);
    TST_STATUS(ist_mutex_lock(mutex), IST_ABANDONED);
    TST_OK(ist_mutex_unlock(mutex));
    TST_STATUS(ist_mutex_unlock(mutex), IST_ENOTOWNER);
}

/* The end was told to another process: nothing of it may stay in this one. */
static void told_elsewhere(void)
{
    ist_mutex_t *mutex = unit_mutex("n");
    fake_thing_t *thing = fake_find(IST_KIND_MUTEX, "n");
    unit_threads(1, lock_thrice, mutex);
    TST_NUMBER(thing->lock[0].died, 1);
    thing->lock[0].died = 0;
    TST_OK(ist_mutex_lock(mutex));
    TST_OK(ist_mutex_unlock(mutex));
    TST_TRUE(thing->lock[0].owner == NULL);
    TST_STATUS(ist_mutex_unlock(mutex), IST_ENOTOWNER);
}

/* Both: this process has seen nothing of an end that another was told of. */
static void unseen_and_told(void)
{
    ist_mutex_t *mutex = unit_mutex("n");
    fake_thing_t *thing = ends_unseen(mutex);
    thing->lock[0].died = 0;
    TST_OK(ist_mutex_lock(mutex));
    TST_OK(ist_mutex_unlock(mutex));
    TST_TRUE(thing->lock[0].owner == NULL);
    TST_STATUS(ist_mutex_unlock(mutex), IST_ENOTOWNER);
}

static void close_it(void *baton)
{
    TST_STATUS(ist_mutex_close(baton), APR_EBUSY);
}

static void last_close(void)
{
    ist_mutex_t *one = unit_mutex("n"), *two = unit_mutex("n");
    TST_OK(ist_mutex_lock(one));
    TST_OK(ist_mutex_close(one));
    TST_STATUS(ist_mutex_close(two), APR_EBUSY);
    unit_threads(1, close_it, two);
    TST_OK(ist_mutex_lock(two));
    TST_OK(ist_mutex_unlock(two));
    TST_STATUS(ist_mutex_close(two), APR_EBUSY);
    TST_OK(ist_mutex_unlock(two));
    TST_OK(ist_mutex_close(two));
    unit_nothing_left("both closes");
    ist_region_t *region = unit_region("n", 8);
    TST_OK(ist_region_lock(region));
    TST_STATUS(ist_region_close(region), APR_EBUSY);
    TST_OK(ist_region_unlock(region));
    TST_OK(ist_region_close(region));
}

/* A mutex whose owner is this thread, and whose handles are gone. */
static void linger(void)
{
    ist_mutex_t *mutex;
    apr_pool_t *pool = tst_subpool();
    TST_MUST(ist_mutex_open(&mutex, "n", IST_CREATE, 0, pool));
    TST_OK(ist_mutex_lock(mutex));
    apr_pool_destroy(pool);
    TST_NUMBER(fake.calls[FAKE_CLOSE], 0);
}

static void lingering(void)
{
    linger();
    ist_mutex_t *mutex;
    TST_STATUS(ist_mutex_open(&mutex, "n", IST_CREATE_ONLY, 0, tst_pool()), APR_EEXIST);
    mutex = unit_mutex("n");
    TST_NUMBER(ist_mutex_created(mutex), 0);
    TST_NUMBER(fake.calls[FAKE_OPEN], 1);
    TST_STATUS(ist_mutex_close(mutex), APR_EBUSY);
    TST_OK(ist_mutex_unlock(mutex));
    TST_OK(ist_mutex_close(mutex));
    TST_NUMBER(fake.calls[FAKE_CLOSE], 1);
    unit_nothing_left("the close");
}

static void lingering_ends(void)
{
    linger();
    isti_thread_ended(isti_thread.id);
    TST_NUMBER(fake.calls[FAKE_ABANDON], 1);
    TST_NUMBER(fake.calls[FAKE_CLOSE], 1);
    unit_nothing_left("the thread");
}

static void lingering_met_again(void)
{
    linger();
    ist_mutex_t *mutex = unit_mutex("n");
    isti_thread_ended(isti_thread.id);
    TST_NUMBER(fake.calls[FAKE_CLOSE], 0);
    TST_STATUS(ist_mutex_lock(mutex), IST_ABANDONED);
    TST_OK(ist_mutex_unlock(mutex));
}

/* An open that fails for its size must not end what lingers. */
static void lingering_too_small(void)
{
    ist_region_t *region, *larger;
    apr_pool_t *pool = tst_subpool();
    TST_MUST(ist_region_open(&region, "n", 8, IST_CREATE, 0, pool));
    TST_OK(ist_region_lock(region));
    apr_pool_destroy(pool);
    TST_STATUS(ist_region_open(&larger, "n", 9, 0, 0, tst_pool()), IST_ESIZE);
    TST_NUMBER(fake.calls[FAKE_CLOSE], 0);
    TST_MUST(ist_region_open(&region, "n", 8, 0, 0, tst_pool()));
    TST_OK(ist_region_unlock(region));
}

static void forked(void)
{
    ist_mutex_t *mutex = unit_mutex("n");
    ist_region_t *region = unit_region("n", 8);
    fake_thing_t *thing = fake_find(IST_KIND_MUTEX, "n");
    TST_OK(ist_mutex_lock(mutex));
    TST_OK(ist_mutex_lock(mutex));
    ist_os_enter();
    fake_fork();
    isti_forked();
    ist_os_leave();
    TST_STATUS(ist_mutex_unlock(mutex), IST_ENOTOWNER);
    TST_STATUS(ist_mutex_trylock(mutex), APR_EBUSY);
    TST_NUMBER(unit_held(), 0);
    thing->lock[0].owner = NULL; /* the parent unlocked it */
    TST_OK(ist_mutex_lock(mutex));
    TST_OK(ist_mutex_unlock(mutex));
    TST_STATUS(ist_mutex_unlock(mutex), IST_ENOTOWNER);
    TST_OK(ist_region_lock(region));
    TST_OK(ist_region_unlock(region));
    TST_OK(ist_mutex_close(mutex));
}

static void forked_lingering(void)
{
    linger();
    ist_os_enter();
    fake_fork();
    isti_forked();
    ist_os_leave();
    TST_NUMBER(fake.calls[FAKE_CLOSE], 1);
    TST_NUMBER(fake.calls[FAKE_ABANDON], 0);
    unit_nothing_left("the fork");
    fake_thing_t *thing = fake_find(IST_KIND_MUTEX, "n");
    TST_MUST_TRUE(thing != NULL);
    TST_TRUE(thing->lock[0].owner == fake_other);
}

const tst_case_t unit_ends[] = {
    {"MTX-3 an owner's death is told once, and one deep, by every call", told_once},
    {"MTX-3 a death while one waits", dies_meanwhile},
    {"MTX-3 the end of a thread is told, whatever its depth", a_thread_ends},
    {"MTX-3 a thread that ends leaves all that it owns, and its id", ends_of_this_one},
    {"MTX-3 a thread that owns nothing leaves nothing", ends_with_nothing},
    {"MTX-3 an end that no system told of", unseen_end},
    {"MTX-3 MTX-1 an end that another process was told of", told_elsewhere},
    {"MTX-3 MTX-1 an end that only another process was told of", unseen_and_told},
    {"MTX-5 the last close of an owned mutex or region is busy", last_close},
    {"MTX-5 a pool that dies keeps an owned mutex for its owner", lingering},
    {"MTX-5 what lingers goes when its owner ends", lingering_ends},
    {"MTX-5 what lingers and was opened again stays", lingering_met_again},
    {"MTX-5 SHM-1 what lingers outlives an open that asks too much", lingering_too_small},
    {"GEN-8 a forked child owns none of its parent's locks", forked},
    {"GEN-8 MTX-5 a forked child lets go of what lingers", forked_lingering},
    {NULL, NULL},
};
