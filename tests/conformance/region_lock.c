/* SPDX-License-Identifier: Apache-2.0 */
/*
 * REG-2: its mutex keeps what mutexes promise.
 */
#include "region_cases.h"

#include <string.h>

#define SHORT_USEC (100 * 1000)

static void statuses(void)
{
    ist_region_t *region = region_fresh(tst_name(NULL), 100);
    tst_peer_t *peer = region_peer();
    TST_STATUS(ist_region_unlock(region), IST_ENOTOWNER);
    TST_OK(ist_region_lock(region));
    TST_STATUS(tst_peer_do(peer, "trylock 0"), APR_EBUSY);
    TST_STATUS(tst_peer_do(peer, "timedlock 0 0"), APR_TIMEUP);
    TST_STATUS(tst_peer_do(peer, "unlock 0"), IST_ENOTOWNER);
    TST_STATUS(tst_in_thread(region_try, region), APR_EBUSY);
    TST_OK(ist_region_unlock(region));
    TST_OK(tst_peer_do(peer, "trylock 0"));
    TST_STATUS(ist_region_trylock(region), APR_EBUSY);
    TST_OK(tst_peer_do(peer, "unlock 0"));
    TST_STATUS(tst_peer_do(peer, "unlock 0"), IST_ENOTOWNER);
    TST_OK(ist_region_timedlock(region, 0));
    TST_OK(ist_region_unlock(region));
}

static void recursive(void)
{
    ist_region_t *region = region_fresh(tst_name(NULL), 100);
    ist_region_t *again = region_again(tst_name(NULL));
    tst_peer_t *peer = region_peer();
    for (int i = 0; i < 300; i++) {
        TST_OK(ist_region_lock(region));
        TST_OK(ist_region_trylock(again));
        TST_OK(ist_region_timedlock(region, 0));
    }
    for (int i = 0; i < 899; i++)
        TST_OK(ist_region_unlock(i % 2 ? region : again));
    TST_STATUS(tst_peer_do(peer, "trylock 0"), APR_EBUSY);
    TST_OK(ist_region_unlock(again));
    TST_OK(tst_peer_do(peer, "trylock 0"));
    TST_OK(tst_peer_do(peer, "unlock 0"));
}

static void never_early(void)
{
    const apr_interval_time_t waits[] = {0, 1, 1000, SHORT_USEC};
    ist_region_t *region = region_fresh(tst_name(NULL), 100);
    tst_peer_t *peer = region_peer();
    TST_OK(tst_peer_do(peer, "lock 0"));
    for (int i = 0; i < 4; i++) {
        apr_int64_t start = tst_now();
        TST_STATUS(ist_region_timedlock(region, waits[i]), APR_TIMEUP);
        TST_TOOK(start, waits[i]);
    }
    TST_OK(tst_peer_do(peer, "unlock 0"));
}

static void waits_until_the_unlock(void)
{
    const char *const commands[] = {"lock 0", "timedlock 0 -1", "timedlock 0 9223372036854775807"};
    ist_region_t *region = region_fresh(tst_name(NULL), 100);
    tst_peer_t *peer = region_peer();
    for (int i = 0; i < 3; i++) {
        TST_OK(ist_region_lock(region));
        tst_peer_begin(peer, "%s", commands[i]);
        TST_NUMBER(tst_peer_blocked(peer), 1);
        TST_NUMBER(tst_peer_answered(peer, 2 * SHORT_USEC), 0);
        TST_OK(ist_region_unlock(region));
        TST_OK(tst_peer_end(peer, NULL));
        TST_STATUS(ist_region_trylock(region), APR_EBUSY);
        TST_OK(tst_peer_do(peer, "unlock 0"));
    }
}

static void held_can_not_be_closed(void)
{
    ist_region_t *region = region_fresh(tst_name(NULL), 100);
    ist_region_t *again = region_again(tst_name(NULL));
    TST_OK(ist_region_lock(region));
    TST_OK(ist_region_close(region));
    TST_STATUS(ist_region_close(again), APR_EBUSY);
    TST_NUMBER(ist_region_size(again), 100);
    TST_TRUE(ist_region_base(again) != NULL);
    TST_OK(ist_region_notify(again));
    TST_OK(ist_region_trywait(again));
    TST_OK(ist_region_unlock(again));
    TST_OK(ist_region_close(again));
    TST_STATUS(ist_region_open(&again, tst_name(NULL), 0, 0, 0, tst_pool()), APR_ENOENT);
}

/* MTX-5: a pool that goes with the lock held takes nothing away from others. */
static void pool_keeps_it_locked(void)
{
    ist_region_t *region = region_fresh(tst_name(NULL), 5000);
    tst_peer_t *owner = region_peer();
    TST_OK(tst_peer_do(owner, "lock 0"));
    TST_OK(tst_peer_do(owner, "fill 0 0 5000 3"));
    TST_OK(tst_peer_do(owner, "pool 0"));
    TST_STATUS(ist_region_trylock(region), APR_EBUSY);
    TST_MUST(tst_peer_open(owner, 1, IST_KIND_REGION, tst_name(NULL), 0, 0, 0, 0));
    TST_OK(tst_peer_do(owner, "unlock 1"));
    TST_OK(ist_region_trylock(region));
    TST_NUMBER(((unsigned char *)ist_region_base(region))[4999], 3);
    TST_OK(ist_region_unlock(region));
}

/* What lingers for its owner outlives an open that asks for too much. */
static void refused_open_lets_it_linger(void)
{
    apr_pool_t *pool = tst_subpool();
    ist_region_t *region = NULL;
    TST_MUST(ist_region_open(&region, tst_name(NULL), 5000, IST_CREATE, 0, pool));
    tst_peer_t *other = region_peer();
    TST_OK(ist_region_lock(region));
    apr_pool_destroy(pool);
    TST_STATUS(ist_region_open(&region, tst_name(NULL), 5001, 0, 0, tst_pool()), IST_ESIZE);
    TST_STATUS(tst_peer_do(other, "trylock 0"), APR_EBUSY);
    region = region_again(tst_name(NULL));
    TST_STATUS(ist_region_close(region), APR_EBUSY);
    TST_OK(ist_region_unlock(region));
    TST_OK(tst_peer_do(other, "trylock 0"));
    TST_OK(tst_peer_do(other, "unlock 0"));
}

static void data_under_the_lock_is_seen(void)
{
    ist_region_t *region = region_fresh(tst_name(NULL), 10000);
    tst_peer_t *peer = region_peer();
    const unsigned char *byte = ist_region_base(region);
    TST_OK(tst_peer_do(peer, "loop lock 0 / fill 0 0 10000 1 / fill 0 0 10000 2 / unlock 0"));
    for (int i = tst_rounds(2000); i > 0; i--) {
        TST_MUST(ist_region_lock(region));
        TST_MUST_TRUE(byte[0] != 1);
        TST_NUMBER(memcmp(byte, byte + 1, 9999), 0);
        TST_MUST(ist_region_unlock(region));
    }
    tst_peer_kill(peer);
    apr_status_t status = ist_region_lock(region);
    TST_TRUE(IST_LOCKED(status));
    TST_OK(ist_region_unlock(region));
}

const tst_case_t region_lock_cases[] = {
    {"REG-2 lock, try, timed lock and unlock answer as they should", statuses},
    {"REG-2 its mutex is recursive over all handles", recursive},
    {"REG-2 a timed lock never ends early, nor very late", never_early},
    {"REG-2 lock waits until the unlock, for ever if need be", waits_until_the_unlock},
    {"REG-2 the last handle can't be closed while it is locked", held_can_not_be_closed},
    {"REG-2 a pool that is destroyed leaves it locked", pool_keeps_it_locked},
    {"REG-2 an open refused for its size leaves it locked", refused_open_lets_it_linger},
    {"REG-2 nobody sees data half-written under the lock", data_under_the_lock_is_seen},
    {NULL, NULL},
};
