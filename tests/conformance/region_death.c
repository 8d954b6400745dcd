/* SPDX-License-Identifier: Apache-2.0 */
/*
 * REG-1 and REG-2 when processes die: half-written data is never met without
 * IST_ABANDONED, and nobody stays stuck.
 */
#include "region_cases.h"

#include <string.h>

#define VISITORS 4
/* The promise is 250 ms on a machine with a core to spare. */
#define SOON_USEC APR_USEC_PER_SEC

static void half_written_is_told(void)
{
    enum { SIZE = 20000 };
    ist_region_t *region = region_fresh(tst_name(NULL), SIZE);
    const unsigned char *byte = ist_region_base(region);
    for (int i = 1; i < 6; i++) {
        tst_peer_t *writer = region_peer();
        TST_OK(tst_peer_do(writer, "lock 0"));
        TST_OK(tst_peer_do(writer, "fill 0 0 %d %d", SIZE / 2, i));
        tst_peer_kill(writer);
        TST_STATUS(ist_region_lock(region), IST_ABANDONED);
        TST_NUMBER(byte[0], i);
        TST_NUMBER(memcmp(byte, byte + 1, SIZE / 2 - 1), 0);
        TST_NUMBER(byte[SIZE / 2], 0);
        TST_OK(ist_region_unlock(region));
        TST_OK(ist_region_lock(region));
        TST_OK(ist_region_unlock(region));
    }
}

static void told_to_who_waits(void)
{
    ist_region_t *region = region_fresh(tst_name(NULL), 100);
    tst_peer_t *waiter = region_peer();
    for (int i = 0; i < tst_rounds(10); i++) {
        tst_peer_t *writer = region_peer();
        TST_OK(tst_peer_do(writer, "lock 0"));
        tst_peer_begin(waiter, "lock 0");
        TST_NUMBER(tst_peer_blocked(waiter), 1);
        tst_peer_kill(writer);
        TST_TRUE(tst_peer_answered(waiter, tst_scaled(SOON_USEC)));
        TST_STATUS(tst_peer_end(waiter, NULL), IST_ABANDONED);
        TST_STATUS(ist_region_trylock(region), APR_EBUSY);
        TST_OK(tst_peer_do(waiter, "unlock 0"));
    }
    TST_OK(ist_region_lock(region));
    TST_OK(ist_region_unlock(region));
}

static void told_when_a_thread_ends(void)
{
    ist_region_t *region = region_fresh(tst_name(NULL), 100);
    tst_peer_t *peer = region_peer();
    TST_OK(tst_in_thread(region_desert, region));
    TST_STATUS(tst_peer_do(peer, "lock 0"), IST_ABANDONED);
    TST_OK(tst_peer_do(peer, "unlock 0"));
    TST_OK(tst_peer_do(peer, "thread lock 0"));
    TST_STATUS(ist_region_trylock(region), IST_ABANDONED);
    TST_OK(ist_region_unlock(region));
    TST_OK(ist_region_trylock(region));
    TST_OK(ist_region_unlock(region));
}

/* What was announced stays announced; a lock is told of, a notification not. */
static void notifications_stay(void)
{
    ist_region_t *region = region_fresh(tst_name(NULL), 100);
    for (int i = 0; i < 3; i++) {
        tst_peer_t *writer = region_peer();
        TST_OK(tst_peer_do(writer, "notify 0"));
        TST_OK(tst_peer_do(writer, "notify 0"));
        tst_peer_kill(writer);
    }
    for (int i = 0; i < 6; i++)
        TST_OK(ist_region_trywait(region));
    TST_STATUS(ist_region_trywait(region), APR_EBUSY);
    TST_OK(ist_region_lock(region));
    TST_OK(ist_region_unlock(region));
}

static void killed_asleep(void)
{
    ist_region_t *region = region_fresh(tst_name(NULL), 100);
    tst_peer_t *survivor = region_peer();
    for (int i = 0; i < tst_rounds(10); i++) {
        tst_peer_t *victim = region_peer();
        tst_peer_begin(victim, "wait 0");
        TST_NUMBER(tst_peer_blocked(victim), 1);
        tst_peer_begin(survivor, "wait 0");
        TST_NUMBER(tst_peer_blocked(survivor), 1);
        tst_peer_kill(victim);
        TST_OK(ist_region_notify(region));
        TST_TRUE(tst_peer_answered(survivor, tst_scaled(SOON_USEC)));
        TST_OK(tst_peer_end(survivor, NULL));
    }
    TST_STATUS(ist_region_trywait(region), APR_EBUSY);
}

/* ---- visitors: each opens, writes and closes, until it is killed ---- */

typedef struct book_t {
    volatile apr_uint64_t wrong;   /* half-written data that nobody told of */
    volatile apr_uint64_t refused; /* calls that failed */
    volatile apr_uint64_t lives, visits, told;
} book_t;

typedef struct data_t {
    volatile apr_uint64_t first, second; /* equal outside the lock */
    volatile apr_uint64_t filler[500];
} data_t;

static void write_slowly(data_t *data)
{
    data->first++;
    for (int i = 0; i < 500; i++)
        data->filler[i]++;
    data->second++;
}

static int half_written(const data_t *data)
{
    for (int i = 0; i < 500; i++)
        if (data->filler[i] != data->first)
            return 1;
    return data->first != data->second;
}

static void visit(book_t *book)
{
    ist_region_t *region = NULL;
    apr_pool_t *pool = tst_subpool();
    apr_status_t status = ist_region_open(&region, tst_name(NULL), sizeof(data_t), IST_CREATE, 0,
                                          pool);
    TST_MUST(status);
    data_t *data = ist_region_base(region);
    book->lives += (apr_uint64_t)ist_region_created(region);
    for (apr_uint32_t i = tst_random(4); i > 0; i--) {
        status = ist_region_lock(region);
        if (status == IST_ABANDONED) {
            book->told++;
            memset((void *)data, 0, sizeof *data);
        } else {
            book->refused += status != APR_SUCCESS;
            book->wrong += (apr_uint64_t)half_written(data);
        }
        write_slowly(data);
        book->refused += ist_region_unlock(region) != APR_SUCCESS;
    }
    book->visits++;
    TST_MUST(ist_region_close(region));
    apr_pool_destroy(pool);
}

/* The role "visitor". */
int region_death_visitor(int argc, const char *const *argv)
{
    (void)argc, (void)argv;
    ist_shm_t *shm = NULL;
    TST_MUST(ist_shm_open(&shm, tst_name("book"), sizeof(book_t), 0, 0, tst_pool()));
    book_t *book = ist_shm_base(shm);
    tst_tell("ready");
    for (;;)
        visit(book);
}

static tst_peer_t *start_visitor(void)
{
    tst_peer_t *peer = tst_role_start("visitor", NULL);
    tst_peer_expect(peer, "ready");
    return peer;
}

/* Nobody else holds the region open, so that lives end at any instant too. */
static void visitors_killed_at_any_instant(void)
{
    tst_peer_t *peers[VISITORS];
    ist_shm_t *shm = NULL;
    TST_MUST(ist_shm_open(&shm, tst_name("book"), sizeof(book_t), IST_CREATE, 0, tst_pool()));
    book_t *book = ist_shm_base(shm);
    for (int i = 0; i < VISITORS; i++)
        peers[i] = start_visitor();
    for (int kills = tst_rounds(120); kills > 0; kills--) {
        int dead = (int)tst_random(VISITORS);
        apr_uint64_t visits = book->visits;
        apr_int64_t end = tst_now() + 3 * tst_scaled(SOON_USEC);
        tst_sys_pause(tst_random(3000)); /* any instant will do */
        tst_peer_kill(peers[dead]);
        while (book->visits == visits)
            TST_MUST_TRUE(tst_now() < end);
        peers[dead] = start_visitor();
    }
    for (int i = 0; i < VISITORS; i++)
        tst_peer_kill(peers[i]);
    TST_NUMBER(book->wrong, 0);
    TST_NUMBER(book->refused, 0);
    TST_TRUE(book->lives > 0);
    ist_region_t *region = NULL;
    TST_MUST(ist_region_open(&region, tst_name(NULL), sizeof(data_t), IST_CREATE, 0, tst_pool()));
    TST_NUMBER(ist_region_created(region), 1);
    region_is_new(region, sizeof(data_t));
}

const tst_case_t region_death_cases[] = {
    {"REG-1 half-written data is told of, and is there", half_written_is_told},
    {"REG-1 who waits for the lock is told of half-written data", told_to_who_waits},
    {"REG-1 half-written data of a thread that ended is told of", told_when_a_thread_ends},
    {"REG-1 visitors killed at any instant: nothing half-written goes untold",
     visitors_killed_at_any_instant},
    {"REG-2 what a dead process announced stays announced", notifications_stay},
    {"REG-2 a waiter killed asleep keeps nobody asleep", killed_asleep},
    {NULL, NULL},
};
