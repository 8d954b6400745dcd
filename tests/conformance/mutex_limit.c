/* SPDX-License-Identifier: Apache-2.0 */
/*
 * MTX-6: a thread holds 1024 at once, and no more; all of them are told of.
 */
#include "mutex_cases.h"

static ist_mutex_t *mutexes[IST_HELD_MAX + 1];

static const char *name_of(int i)
{
    return tst_print("%s.%d", tst_name(NULL), i);
}

static void open_all(apr_uint32_t flags)
{
    for (int i = 0; i <= IST_HELD_MAX; i++)
        TST_MUST(ist_mutex_open(&mutexes[i], name_of(i), flags, 0, tst_pool()));
}

static void lock_all(apr_status_t wanted)
{
    for (int i = 0; i < IST_HELD_MAX; i++)
        TST_STATUS(ist_mutex_trylock(mutexes[i]), wanted);
}

static void unlock_all(void)
{
    for (int i = 0; i < IST_HELD_MAX; i++)
        TST_OK(ist_mutex_unlock(mutexes[i]));
}

static void one_more_is_refused(void)
{
    ist_mutex_t *more;
    open_all(IST_CREATE_ONLY);
    more = mutexes[IST_HELD_MAX];
    lock_all(APR_SUCCESS);
    TST_STATUS(ist_mutex_lock(more), IST_ELIMIT);
    TST_STATUS(ist_mutex_trylock(more), IST_ELIMIT);
    TST_STATUS(ist_mutex_timedlock(more, 0), IST_ELIMIT);
    TST_STATUS(ist_mutex_timedlock(more, IST_FOREVER), IST_ELIMIT);
    TST_STATUS(ist_mutex_unlock(more), IST_ENOTOWNER);
    /* Another thread has a limit of its own, and finds it free. */
    TST_OK(tst_in_thread(mutex_try, more));
    /* One less makes room for one. */
    TST_OK(ist_mutex_unlock(mutexes[500]));
    TST_OK(ist_mutex_lock(more));
    TST_STATUS(ist_mutex_lock(mutexes[500]), IST_ELIMIT);
    TST_OK(ist_mutex_unlock(more));
    TST_OK(ist_mutex_lock(mutexes[500]));
    unlock_all();
    for (int i = 0; i <= IST_HELD_MAX; i++)
        TST_OK(ist_mutex_close(mutexes[i]));
}

static void deeper_counts_once(void)
{
    open_all(IST_CREATE_ONLY);
    for (int i = 0; i < 5000; i++)
        TST_OK(ist_mutex_lock(mutexes[0]));
    lock_all(APR_SUCCESS);
    TST_OK(ist_mutex_lock(mutexes[77]));
    TST_STATUS(ist_mutex_lock(mutexes[IST_HELD_MAX]), IST_ELIMIT);
    TST_OK(ist_mutex_unlock(mutexes[77]));
    unlock_all();
    for (int i = 0; i < 5000; i++)
        TST_OK(ist_mutex_unlock(mutexes[0]));
    /* Nothing was counted that is not held: there is room for all again. */
    lock_all(APR_SUCCESS);
    unlock_all();
}

/* What fails to be locked is not held. */
static void failures_do_not_count(void)
{
    ist_mutex_t *busy = mutex_fresh(tst_name(NULL));
    tst_peer_t *owner = mutex_peer();
    TST_OK(tst_peer_do(owner, "lock 0"));
    for (int i = 0; i < 2 * IST_HELD_MAX; i++) {
        TST_STATUS(ist_mutex_trylock(busy), APR_EBUSY);
        TST_STATUS(ist_mutex_timedlock(busy, 0), APR_TIMEUP);
    }
    TST_OK(tst_peer_do(owner, "unlock 0"));
    mutex_is_free(busy);
}

static void regions_count_too(void)
{
    ist_region_t *region = NULL;
    open_all(IST_CREATE_ONLY);
    TST_MUST(ist_region_open(&region, tst_name(NULL), 100, IST_CREATE_ONLY, 0, tst_pool()));
    lock_all(APR_SUCCESS);
    TST_STATUS(ist_region_lock(region), IST_ELIMIT);
    TST_STATUS(ist_region_trylock(region), IST_ELIMIT);
    TST_OK(ist_mutex_unlock(mutexes[0]));
    TST_OK(ist_region_lock(region));
    TST_STATUS(ist_mutex_trylock(mutexes[0]), IST_ELIMIT);
    TST_OK(ist_region_unlock(region));
    TST_OK(ist_mutex_trylock(mutexes[0]));
    unlock_all();
}

/* None is stuck, none goes untold. */
static void all_are_told_of(void)
{
    tst_peer_t *owner = tst_peer_start();
    apr_int64_t held = -1;
    TST_OK(tst_peer_ask(owner, &held, "held %d %s", IST_HELD_MAX, tst_name(NULL)));
    TST_NUMBER(held, IST_HELD_MAX);
    TST_MUST(tst_peer_open(owner, 0, IST_KIND_MUTEX, name_of(IST_HELD_MAX), IST_CREATE, 0, 0, 0));
    TST_STATUS(tst_peer_do(owner, "lock 0"), IST_ELIMIT);
    TST_OK(tst_peer_do(owner, "thread trylock 0"));
    open_all(0);
    for (int i = 0; i < IST_HELD_MAX; i++)
        TST_STATUS(ist_mutex_trylock(mutexes[i]), APR_EBUSY);
    tst_peer_kill(owner);
    lock_all(IST_ABANDONED);
    unlock_all();
    lock_all(APR_SUCCESS);
    unlock_all();
    mutex_is_abandoned(mutexes[IST_HELD_MAX]);
}

static apr_status_t hold_all(void *baton)
{
    (void)baton;
    for (int i = 0; i < IST_HELD_MAX; i++) {
        apr_status_t status = ist_mutex_lock(mutexes[i]);
        if (status != APR_SUCCESS)
            return status;
    }
    return ist_mutex_lock(mutexes[IST_HELD_MAX]);
}

static void all_of_a_thread_are_told_of(void)
{
    open_all(IST_CREATE_ONLY);
    TST_STATUS(tst_in_thread(hold_all, NULL), IST_ELIMIT);
    lock_all(IST_ABANDONED);
    unlock_all();
    mutex_is_free(mutexes[IST_HELD_MAX]);
    lock_all(APR_SUCCESS);
    unlock_all();
}

/* GEN-8: it owns none of its parent's, so it has room for as many. */
static void forked_child_begins_anew(void)
{
    TST_NEED(TST_FORK);
    tst_peer_t *peer = tst_peer_start();
    apr_int64_t held = -1, code = -1;
    TST_OK(tst_peer_do(peer, "held %d %s.p", IST_HELD_MAX, tst_name(NULL)));
    TST_OK(tst_peer_do(peer, "fork"));
    TST_OK(tst_peer_ask(peer, &held, "held %d %s.c", IST_HELD_MAX, tst_name(NULL)));
    TST_NUMBER(held, IST_HELD_MAX);
    tst_peer_begin(peer, "exit 0");
    TST_OK(tst_peer_end(peer, &code));
    TST_NUMBER(code, 0);
    TST_STATUS(tst_peer_do(peer, "held 1 %s.q", tst_name(NULL)), IST_ELIMIT);
}

const tst_case_t mutex_limit_cases[] = {
    {"MTX-6 a thread may hold 1024, and one more is refused", one_more_is_refused},
    {"MTX-6 a mutex counts once however deep it is", deeper_counts_once},
    {"MTX-6 locks that fail do not count", failures_do_not_count},
    {"MTX-6 regions' mutexes count too", regions_count_too},
    {"MTX-6 a forked child has a limit of its own", forked_child_begins_anew},
    {"MTX-6 all that a killed process held are told of", all_are_told_of},
    {"MTX-6 all that a thread held are told of when it ends", all_of_a_thread_are_told_of},
    {NULL, NULL},
};
