/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GEN-7: a signal never ends a wait.
 */
#include "general_cases.h"

#define SIGNALS 50
#define MSEC    1000

/* The peer waits by this command; signals rain on it; then it is served. */
static void rain(const char *command, int restart, const char *name)
{
    tst_peer_t *peer = tst_peer_start();
    ist_mutex_t *mutex;
    ist_semaphore_t *semaphore;
    ist_region_t *region;
    apr_int64_t came = 0;
    TST_MUST(ist_mutex_open(&mutex, name, IST_CREATE, 0, tst_pool()));
    TST_MUST(ist_semaphore_open(&semaphore, name, 0, 1, IST_CREATE, 0, tst_pool()));
    TST_MUST(ist_region_open(&region, name, 1, IST_CREATE, 0, tst_pool()));
    TST_MUST(tst_peer_open(peer, 0, IST_KIND_MUTEX, name, 0, 0, 0, 0));
    TST_MUST(tst_peer_open(peer, 1, IST_KIND_SEMAPHORE, name, 0, 0, 0, 0));
    TST_MUST(tst_peer_open(peer, 2, IST_KIND_REGION, name, 0, 0, 0, 0));
    TST_MUST(ist_mutex_lock(mutex));
    TST_MUST(ist_region_lock(region));
    TST_MUST(tst_peer_do(peer, "signals %d", restart));

    tst_peer_begin(peer, "%s", command);
    for (int i = 0; i < SIGNALS; i++) {
        if (!TST_SAY(tst_peer_blocked(peer), "%s ended after %d signals", command, i))
            break;
        tst_signal_send(tst_peer_pid(peer));
        tst_sys_pause(1 * MSEC); /* so that they don't become one */
    }
    TST_SAY(!tst_peer_answered(peer, 0), "%s ended by signals", command);
    TST_OK(ist_mutex_unlock(mutex));
    TST_OK(ist_region_unlock(region));
    TST_OK(ist_semaphore_post(semaphore));
    TST_OK(ist_region_notify(region));
    TST_SAY(tst_peer_end(peer, NULL) == APR_SUCCESS, "%s failed", command);
    TST_OK(tst_peer_ask(peer, &came, "signalled"));
    TST_SAY(came > SIGNALS / 2, "only %ld signals came", (long)came);
}

static void all_waits(int restart)
{
    const char *const commands[] = {"lock 0", "timedlock 0 20000000", "wait 1",
                                    "timedwait 1 20000000", "lock 2", "wait 2",
                                    "timedwait 2 20000000"};
    TST_NEED(TST_SIGNALS);
    for (int i = 0; i < 7; i++)
        rain(commands[i], restart, tst_name(tst_print("%d", i)));
}

static void interrupting(void)
{
    all_waits(0);
}

static void restarting(void)
{
    all_waits(1);
}

/* Signals neither shorten nor stretch a timeout. */
static void timeouts_under_signals(void)
{
    TST_NEED(TST_SIGNALS);
    ist_semaphore_t *semaphore;
    tst_peer_t *peer = tst_peer_start();
    TST_MUST(ist_semaphore_open(&semaphore, tst_name(NULL), 0, 1, IST_CREATE, 0, tst_pool()));
    TST_MUST(tst_peer_open(peer, 0, IST_KIND_SEMAPHORE, tst_name(NULL), 0, 0, 0, 0));
    TST_MUST(tst_peer_do(peer, "signals 0"));
    apr_int64_t start = tst_now();
    tst_peer_begin(peer, "timedwait 0 %d", 400 * MSEC);
    while (!tst_peer_answered(peer, 2 * MSEC))
        tst_signal_send(tst_peer_pid(peer));
    apr_int64_t took = tst_now() - start;
    TST_STATUS(tst_peer_end(peer, NULL), APR_TIMEUP);
    TST_SAY(took >= 400 * MSEC, "it came after %ld us", (long)took);
    TST_SAY(took < 400 * MSEC + tst_scaled(2000 * MSEC), "it took %ld us", (long)took);
}

/* Opening and closing under signals. */
static void opening_under_signals(void)
{
    TST_NEED(TST_SIGNALS);
    tst_peer_t *peer = tst_peer_start();
    const char *name = tst_name(NULL);
    TST_MUST(tst_peer_do(peer, "signals 0"));
    tst_peer_begin(peer,
                   "loop 300 open 0 r %s 1 65536 0 0 / lock 0 / unlock 0 / close 0 / "
                   "open 1 s %s 1 0 3 0 / close 1",
                   name, name);
    while (!tst_peer_answered(peer, 300))
        tst_signal_send(tst_peer_pid(peer));
    apr_int64_t good = 0;
    TST_OK(tst_peer_end(peer, &good));
    TST_NUMBER(good, 300 * 6);
}

/* Memory that takes a while to be had. */
static void filling_under_signals(void)
{
    TST_NEED(TST_SIGNALS);
    const apr_uint64_t size = APR_UINT64_C(32) << 20;
    apr_int64_t good = 0;
    if (tst_room() < 2 * size) {
        tst_skip("too little shared memory");
        return;
    }
    tst_peer_t *peer = tst_peer_start();
    TST_MUST(tst_peer_do(peer, "signals 0"));
    tst_peer_begin(peer, "loop 20 open 0 d %s 1 %s 0 0 / close 0", tst_name(NULL),
                   tst_digits((apr_int64_t)size));
    while (!tst_peer_answered(peer, 300))
        tst_signal_send(tst_peer_pid(peer));
    TST_OK(tst_peer_end(peer, &good));
    TST_NUMBER(good, 20 * 2);
}

const tst_case_t general_signals_cases[] = {
    {"GEN-7 signals without SA_RESTART end no wait", interrupting},
    {"GEN-7 signals with SA_RESTART end no wait", restarting},
    {"GEN-7 signals neither shorten nor stretch a timeout", timeouts_under_signals},
    {"GEN-7 signals during opens and closes", opening_under_signals},
    {"GEN-7 signals while a large segment is made", filling_under_signals},
    {NULL, NULL},
};
