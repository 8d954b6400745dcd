/* SPDX-License-Identifier: Apache-2.0 */
/*
 * MTX-3 and MTX-4: chains of deaths, and deaths at any instant. Nobody stays
 * stuck, and who waits learns soon.
 */
#include "mutex_cases.h"

#include <stdlib.h>
#include <string.h>

#define CHAIN 6
#define GRINDERS 3
/* The promise is 250 ms on a machine with a core to spare. */
#define SOON_USEC APR_USEC_PER_SEC

/* Each next owner is killed too. */
static void one_after_another(void)
{
    ist_mutex_t *mutex = mutex_fresh(tst_name(NULL));
    for (int i = 0; i < CHAIN; i++) {
        tst_peer_t *owner = mutex_peer();
        TST_STATUS(tst_peer_do(owner, "lock 0"), i == 0 ? APR_SUCCESS : IST_ABANDONED);
        tst_peer_kill(owner);
    }
    mutex_is_abandoned(mutex);
}

static void while_they_wait(void)
{
    tst_peer_t *peers[CHAIN];
    int done[CHAIN] = {0};
    ist_mutex_t *mutex = mutex_fresh(tst_name(NULL));
    TST_OK(ist_mutex_lock(mutex));
    for (int i = 0; i < CHAIN; i++) {
        peers[i] = mutex_peer();
        tst_peer_begin(peers[i], "lock 0");
        TST_NUMBER(tst_peer_blocked(peers[i]), 1);
    }
    TST_OK(ist_mutex_unlock(mutex));
    for (int i = 0; i < CHAIN; i++) {
        int next = mutex_next_answer(peers, done, CHAIN);
        TST_MUST_TRUE(next >= 0);
        done[next] = 1;
        TST_STATUS(tst_peer_end(peers[next], NULL), i == 0 ? APR_SUCCESS : IST_ABANDONED);
        tst_peer_kill(peers[next]);
    }
    mutex_is_abandoned(mutex);
}

static void waiter_learns_soon(void)
{
    ist_mutex_t *mutex = mutex_fresh(tst_name(NULL));
    tst_peer_t *waiter = mutex_peer();
    for (int i = 0; i < tst_rounds(15); i++) {
        tst_peer_t *owner = mutex_peer();
        TST_OK(tst_peer_do(owner, "lock 0"));
        tst_peer_begin(waiter, "lock 0");
        TST_NUMBER(tst_peer_blocked(waiter), 1);
        tst_peer_kill(owner);
        TST_TRUE(tst_peer_answered(waiter, tst_scaled(SOON_USEC)));
        TST_STATUS(tst_peer_end(waiter, NULL), IST_ABANDONED);
        TST_OK(tst_peer_do(waiter, "unlock 0"));
        mutex_is_free(mutex);
    }
}

/* Who was woken may die before it can act: the wake-up must not be lost. */
static void woken_and_killed(void)
{
    ist_mutex_t *mutex = mutex_fresh(tst_name(NULL));
    tst_peer_t *survivor = mutex_peer();
    for (int i = 0; i < tst_rounds(30); i++) {
        tst_peer_t *victim = mutex_peer();
        TST_OK(ist_mutex_lock(mutex));
        tst_peer_begin(victim, "lock 0");
        TST_NUMBER(tst_peer_blocked(victim), 1);
        tst_peer_begin(survivor, "lock 0");
        TST_NUMBER(tst_peer_blocked(survivor), 1);
        TST_OK(ist_mutex_unlock(mutex));
        tst_peer_kill(victim);
        TST_TRUE(tst_peer_answered(survivor, tst_scaled(SOON_USEC)));
        apr_status_t status = tst_peer_end(survivor, NULL);
        TST_TRUE(IST_LOCKED(status));
        TST_OK(tst_peer_do(survivor, "unlock 0"));
        mutex_is_free(mutex);
    }
}

/* A waiter that is killed asleep leaves no trace. */
static void killed_asleep(void)
{
    ist_mutex_t *mutex = mutex_fresh(tst_name(NULL));
    tst_peer_t *survivor = mutex_peer();
    for (int i = 0; i < tst_rounds(15); i++) {
        tst_peer_t *victim = mutex_peer();
        TST_OK(ist_mutex_lock(mutex));
        tst_peer_begin(victim, "%s", i % 2 ? "lock 0" : "timedlock 0 -1");
        TST_NUMBER(tst_peer_blocked(victim), 1);
        tst_peer_begin(survivor, "lock 0");
        TST_NUMBER(tst_peer_blocked(survivor), 1);
        tst_peer_kill(victim);
        TST_NUMBER(tst_peer_answered(survivor, 0), 0);
        TST_OK(ist_mutex_unlock(mutex));
        TST_TRUE(tst_peer_answered(survivor, tst_scaled(SOON_USEC)));
        TST_OK(tst_peer_end(survivor, NULL));
        TST_OK(tst_peer_do(survivor, "unlock 0"));
        mutex_is_free(mutex);
    }
}

/* ---- deaths at any instant ---- */

typedef struct grist_t {
    volatile apr_uint64_t first, second; /* equal outside the lock */
    volatile apr_uint64_t wrong;         /* half-written data that nobody told of */
    volatile apr_uint64_t told;
    volatile apr_uint64_t turns[GRINDERS];
} grist_t;

/* The role "grinder": NUMBER. Locks and writes for ever. */
int mutex_chain_grinder(int argc, const char *const *argv)
{
    int number = argc == 1 ? atoi(argv[0]) : 0;
    ist_mutex_t *mutex = NULL;
    ist_shm_t *shm = NULL;
    TST_MUST(ist_mutex_open(&mutex, tst_name(NULL), 0, 0, tst_pool()));
    TST_MUST(ist_shm_open(&shm, tst_name(NULL), sizeof(grist_t), 0, 0, tst_pool()));
    grist_t *grist = ist_shm_base(shm);
    tst_tell("ready");
    for (apr_uint32_t i = 0;; i++) {
        apr_status_t status = i % 4 ? ist_mutex_lock(mutex) : ist_mutex_timedlock(mutex, -1);
        TST_MUST_TRUE(IST_LOCKED(status));
        if (status == IST_ABANDONED) {
            grist->told++;
            grist->second = grist->first;
        }
        grist->wrong += grist->first != grist->second;
        grist->first++;
        grist->second++;
        grist->turns[number]++;
        TST_MUST(ist_mutex_unlock(mutex));
    }
}

static tst_peer_t *start_grinder(int number)
{
    tst_peer_t *peer = tst_role_start("grinder", tst_print("%d", number), NULL);
    tst_peer_expect(peer, "ready");
    return peer;
}

/* Those that live go on, each of them. */
static int go_on(const grist_t *grist, int dead)
{
    apr_uint64_t before[GRINDERS];
    apr_int64_t end = tst_now() + tst_scaled(SOON_USEC) * GRINDERS;
    memcpy(before, (const void *)grist->turns, sizeof before);
    for (int i = 0; i < GRINDERS; i++)
        while (i != dead && grist->turns[i] == before[i])
            if (tst_now() > end)
                return 0;
    return 1;
}

static void at_any_instant(void)
{
    tst_peer_t *peers[GRINDERS];
    ist_shm_t *shm = NULL;
    ist_mutex_t *mutex = mutex_fresh(tst_name(NULL));
    const int kills = tst_rounds(100);
    TST_MUST(ist_shm_open(&shm, tst_name(NULL), sizeof(grist_t), IST_CREATE, 0, tst_pool()));
    grist_t *grist = ist_shm_base(shm);
    for (int i = 0; i < GRINDERS; i++)
        peers[i] = start_grinder(i);
    for (int i = 0; i < kills; i++) {
        int dead = (int)tst_random(GRINDERS);
        tst_sys_pause(tst_random(3000)); /* any instant will do */
        tst_peer_kill(peers[dead]);
        TST_MUST_TRUE(go_on(grist, dead));
        peers[dead] = start_grinder(dead);
    }
    for (int i = 0; i < GRINDERS; i++)
        tst_peer_kill(peers[i]);
    apr_status_t status = ist_mutex_timedlock(mutex, tst_scaled(SOON_USEC));
    TST_TRUE(IST_LOCKED(status));
    TST_NUMBER(grist->wrong, 0);
    TST_SAY(grist->told <= (apr_uint64_t)kills + GRINDERS, "told of more deaths than there were");
    TST_SAY(grist->told > 0 || kills < 50, "no kill hit an owner");
    TST_OK(ist_mutex_unlock(mutex));
    mutex_is_free(mutex);
}

/* The same while processes come and go: the last to know it may be the dead one. */
static void alone_at_any_instant(void)
{
    for (int i = 0; i < tst_rounds(60); i++) {
        ist_mutex_t *mutex = NULL;
        tst_peer_t *victim = tst_peer_start();
        TST_OK(tst_peer_do(victim, "loop open 0 m %s %d 0 0 0 / lock 0 / lock 0 / unlock 0 / "
                           "unlock 0 / pool 0", tst_name(NULL), IST_CREATE));
        tst_sys_pause(tst_random(2000));
        tst_peer_kill(victim);
        apr_int64_t start = tst_now();
        TST_MUST(ist_mutex_open(&mutex, tst_name(NULL), IST_CREATE, 0, tst_pool()));
        TST_NUMBER(ist_mutex_created(mutex), 1);
        TST_TOOK(start, 0);
        mutex_is_free(mutex);
        TST_OK(ist_mutex_close(mutex));
    }
}

const tst_case_t mutex_chain_cases[] = {
    {"MTX-3 a chain of deaths, each told to the next", one_after_another},
    {"MTX-3 a chain of deaths among those that wait", while_they_wait},
    {"MTX-4 who waits learns of the death soon", waiter_learns_soon},
    {"MTX-4 a waiter that is woken and killed keeps nobody asleep", woken_and_killed},
    {"MTX-4 a waiter that is killed asleep leaves no trace", killed_asleep},
    {"MTX-4 no death at any instant leaves it stuck or unspoken of", at_any_instant},
    {"MTX-4 no death of a lone user at any instant spoils the next life",
     alone_at_any_instant},
    {NULL, NULL},
};
