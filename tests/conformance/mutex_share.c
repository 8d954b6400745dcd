/* SPDX-License-Identifier: Apache-2.0 */
/*
 * MTX-1 and MTX-2: one at a time, shown by counters that only a mutex keeps
 * right.
 */
#include "mutex_cases.h"

#include <stdlib.h>

#define PROCESSES 4
#define THREADS 3

/* Plain memory, not volatile: only the mutex orders it. */
typedef struct tally_t {
    apr_uint64_t count;
    apr_uint64_t copy;
    apr_uint64_t inside;
    apr_uint64_t wrong;
} tally_t;

typedef struct work_t {
    ist_mutex_t *mutex;
    tally_t *tally;
    int rounds;
} work_t;

static apr_status_t take(ist_mutex_t *mutex, int round)
{
    apr_status_t status;
    if (round % 3 == 0)
        return ist_mutex_lock(mutex);
    if (round % 3 == 1)
        return ist_mutex_timedlock(mutex, tst_scaled(20 * APR_USEC_PER_SEC));
    do
        status = ist_mutex_trylock(mutex);
    while (status == APR_EBUSY);
    return status;
}

static apr_status_t count_up(void *baton)
{
    const work_t *work = baton;
    tally_t *tally = work->tally;
    for (int i = 0; i < work->rounds; i++) {
        apr_status_t status = take(work->mutex, i);
        if (status != APR_SUCCESS)
            return status;
        tally->wrong += tally->inside++ != 0;
        tally->wrong += tally->count++ != tally->copy++;
        tally->inside--;
        status = ist_mutex_unlock(work->mutex);
        if (status != APR_SUCCESS)
            return status;
    }
    return APR_SUCCESS;
}

/* The role "counter": ROUNDS. */
int mutex_share_counter(int argc, const char *const *argv)
{
    work_t work = {NULL, NULL, argc == 1 ? atoi(argv[0]) : 0};
    ist_shm_t *shm = NULL;
    TST_MUST(ist_mutex_open(&work.mutex, tst_name(NULL), 0, 0, tst_pool()));
    TST_MUST(ist_shm_open(&shm, tst_name(NULL), sizeof *work.tally, 0, 0, tst_pool()));
    work.tally = ist_shm_base(shm);
    tst_tell("ready");
    tst_listen();
    TST_OK(count_up(&work));
    return 0;
}

static tally_t *fresh_tally(void)
{
    ist_shm_t *shm = NULL;
    TST_MUST(ist_shm_open(&shm, tst_name(NULL), sizeof(tally_t), IST_CREATE, 0, tst_pool()));
    return ist_shm_base(shm);
}

static void check_tally(const tally_t *tally, apr_int64_t wanted)
{
    TST_NUMBER(tally->wrong, 0);
    TST_NUMBER(tally->count, wanted);
    TST_NUMBER(tally->copy, wanted);
    TST_NUMBER(tally->inside, 0);
}

static void start_counters(tst_peer_t **peers, int count, int rounds)
{
    for (int i = 0; i < count; i++)
        peers[i] = tst_role_start("counter", tst_print("%d", rounds), NULL);
    for (int i = 0; i < count; i++)
        tst_peer_expect(peers[i], "ready");
    for (int i = 0; i < count; i++)
        tst_peer_say(peers[i], "go");
}

static void between_processes(void)
{
    tst_peer_t *peers[PROCESSES];
    ist_mutex_t *mutex = mutex_fresh(tst_name(NULL));
    const int rounds = tst_rounds(40000);
    tally_t *tally = fresh_tally();
    start_counters(peers, PROCESSES, rounds);
    for (int i = 0; i < PROCESSES; i++)
        TST_NUMBER(tst_peer_wait(peers[i]), 0);
    TST_OK(ist_mutex_lock(mutex));
    check_tally(tally, (apr_int64_t)PROCESSES * rounds);
    TST_OK(ist_mutex_unlock(mutex));
}

/* Threads by their own handles, beside a process. */
static void between_threads_and_processes(void)
{
    tst_peer_t *peer;
    work_t work[THREADS];
    tst_thread_t *threads[THREADS];
    const int rounds = tst_rounds(40000);
    ist_mutex_t *mutex = mutex_fresh(tst_name(NULL));
    tally_t *tally = fresh_tally();
    start_counters(&peer, 1, rounds);
    for (int i = 0; i < THREADS; i++) {
        work[i].mutex = i == 0 ? mutex : mutex_again(tst_name(NULL));
        work[i].tally = tally;
        work[i].rounds = rounds;
    }
    for (int i = 0; i < THREADS; i++)
        threads[i] = tst_thread_start(count_up, &work[i]);
    for (int i = 0; i < THREADS; i++)
        TST_OK(tst_thread_join(threads[i]));
    TST_NUMBER(tst_peer_wait(peer), 0);
    TST_OK(ist_mutex_lock(mutex));
    check_tally(tally, (apr_int64_t)(THREADS + 1) * rounds);
    TST_OK(ist_mutex_unlock(mutex));
}

/* GEN-6: a handle is everybody's. */
static void by_one_handle(void)
{
    work_t work = {mutex_fresh(tst_name(NULL)), fresh_tally(), tst_rounds(40000)};
    tst_thread_t *threads[THREADS];
    for (int i = 0; i < THREADS; i++)
        threads[i] = tst_thread_start(count_up, &work);
    for (int i = 0; i < THREADS; i++)
        TST_OK(tst_thread_join(threads[i]));
    check_tally(work.tally, (apr_int64_t)THREADS * work.rounds);
}

const tst_case_t mutex_share_cases[] = {
    {"MTX-1 one owner at a time: 4 processes count", between_processes},
    {"MTX-1 one owner at a time: threads by their own handles, and a process",
     between_threads_and_processes},
    {"MTX-1 one owner at a time: threads by one handle", by_one_handle},
    {NULL, NULL},
};
