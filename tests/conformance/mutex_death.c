/* SPDX-License-Identifier: Apache-2.0 */
/*
 * MTX-3: the deaths of owners, in every manner, are told.
 */
#include "mutex_cases.h"

static void killed_before_they_come(void)
{
    ist_mutex_t *mutex = mutex_fresh(tst_name(NULL));
    tst_peer_t *owner = mutex_peer();
    TST_OK(tst_peer_do(owner, "lock 0"));
    tst_peer_kill(owner);
    mutex_is_abandoned(mutex);
}

/* Each way to lock is told, and none waits. */
static void told_by_every_lock(void)
{
    ist_mutex_t *mutex = mutex_fresh(tst_name(NULL));
    for (int way = 0; way < 5; way++) {
        tst_peer_t *owner = mutex_peer();
        TST_OK(tst_peer_do(owner, "lock 0"));
        tst_peer_kill(owner);
        apr_status_t status = way == 0   ? ist_mutex_lock(mutex)
                              : way == 1 ? ist_mutex_trylock(mutex)
                              : way == 2 ? ist_mutex_timedlock(mutex, 0)
                              : way == 3 ? ist_mutex_timedlock(mutex, 1000000)
                                         : ist_mutex_timedlock(mutex, IST_FOREVER);
        TST_STATUS(status, IST_ABANDONED);
        TST_OK(ist_mutex_unlock(mutex));
        mutex_is_free(mutex);
    }
}

/* How an owner may end while another process waits: its last command. */
static void ends_while_one_waits(const char *end)
{
    ist_mutex_t *mutex = mutex_fresh(tst_name(NULL));
    tst_peer_t *owner = mutex_peer(), *waiter = mutex_peer();
    TST_OK(tst_peer_do(owner, "lock 0"));
    tst_peer_begin(waiter, "lock 0");
    TST_NUMBER(tst_peer_blocked(waiter), 1);
    if (end == NULL)
        tst_peer_shoot(owner);
    else
        tst_peer_begin(owner, "%s", end);
    TST_STATUS(tst_peer_end(waiter, NULL), IST_ABANDONED);
    TST_STATUS(ist_mutex_trylock(mutex), APR_EBUSY);
    TST_OK(tst_peer_do(waiter, "unlock 0"));
    mutex_is_free(mutex);
    TST_OK(tst_peer_do(waiter, "lock 0"));
    TST_OK(tst_peer_do(waiter, "unlock 0"));
}

static void killed_while_one_waits(void)
{
    ends_while_one_waits(NULL);
}

static void exits_while_one_waits(void)
{
    ends_while_one_waits("exit 0");
}

static void dies_by_itself_while_one_waits(void)
{
    ends_while_one_waits("die");
}

static void aborts_while_one_waits(void)
{
    ends_while_one_waits("abort");
}

static void crashes_while_one_waits(void)
{
    ends_while_one_waits("crash");
}

static void execs_while_one_waits(void)
{
    TST_NEED(TST_EXEC);
    ends_while_one_waits("exec");
}

/* "exit" runs what a library does at exit; it must not unlock in passing. */
static void exits_before_they_come(void)
{
    ist_mutex_t *mutex = mutex_fresh(tst_name(NULL));
    tst_peer_t *owner = mutex_peer();
    TST_OK(tst_peer_do(owner, "lock 0"));
    tst_peer_exit(owner);
    mutex_is_abandoned(mutex);
}

static void execs_before_they_come(void)
{
    TST_NEED(TST_EXEC);
    ist_mutex_t *mutex = mutex_fresh(tst_name(NULL));
    tst_peer_t *owner = mutex_peer();
    TST_OK(tst_peer_do(owner, "lock 0"));
    TST_OK(tst_peer_do(owner, "exec"));
    mutex_is_abandoned(mutex);
    TST_MUST(tst_peer_open(owner, 0, IST_KIND_MUTEX, tst_name(NULL), 0, 0, 0, 0));
    TST_OK(tst_peer_do(owner, "lock 0"));
    TST_OK(tst_peer_do(owner, "unlock 0"));
}

static void thread_of_another_process_ends(void)
{
    ist_mutex_t *mutex = mutex_fresh(tst_name(NULL));
    tst_peer_t *owner = mutex_peer();
    TST_OK(tst_peer_do(owner, "thread lock 0"));
    mutex_is_abandoned(mutex);
    TST_OK(tst_peer_do(owner, "thread lock 0"));
    TST_STATUS(tst_peer_do(owner, "trylock 0"), IST_ABANDONED);
    TST_STATUS(ist_mutex_trylock(mutex), APR_EBUSY);
    TST_OK(tst_peer_do(owner, "unlock 0"));
    mutex_is_free(mutex);
}

static void thread_of_this_process_ends(void)
{
    ist_mutex_t *mutex = mutex_fresh(tst_name(NULL));
    for (int i = 0; i < 10; i++) {
        TST_OK(tst_in_thread(mutex_desert, mutex));
        TST_STATUS(tst_in_thread(mutex_try, mutex), IST_ABANDONED);
        mutex_is_free(mutex);
        TST_OK(tst_in_thread(mutex_desert, mutex));
        mutex_is_abandoned(mutex);
    }
}

static apr_status_t lock_and_unlock(void *mutex)
{
    apr_status_t status = ist_mutex_lock(mutex);
    if (IST_LOCKED(status))
        ist_mutex_unlock(mutex);
    return status;
}

static void thread_ends_while_others_wait(void)
{
    mutex_holder_t holder;
    ist_mutex_t *mutex = mutex_fresh(tst_name(NULL));
    mutex_hold(&holder, mutex, 2, 1);
    tst_thread_t *waiter = tst_thread_start(lock_and_unlock, mutex);
    TST_NUMBER(tst_thread_blocked(waiter), 1);
    mutex_let_go(&holder);
    TST_STATUS(tst_thread_join(waiter), IST_ABANDONED);
    mutex_is_free(mutex);
}

static void thread_ends_while_a_process_waits(void)
{
    mutex_holder_t holder;
    ist_mutex_t *mutex = mutex_fresh(tst_name(NULL));
    tst_peer_t *waiter = mutex_peer();
    mutex_hold(&holder, mutex, 1, 0);
    tst_peer_begin(waiter, "timedlock 0 -1");
    TST_NUMBER(tst_peer_blocked(waiter), 1);
    mutex_let_go(&holder);
    TST_STATUS(tst_peer_end(waiter, NULL), IST_ABANDONED);
    TST_OK(tst_peer_do(waiter, "unlock 0"));
    mutex_is_free(mutex);
}

const tst_case_t mutex_death_cases[] = {
    {"MTX-3 an owner is killed before others come", killed_before_they_come},
    {"MTX-3 every way to lock is told", told_by_every_lock},
    {"MTX-3 an owner is killed while another waits", killed_while_one_waits},
    {"MTX-3 an owner exits while another waits", exits_while_one_waits},
    {"MTX-3 an owner ends itself while another waits", dies_by_itself_while_one_waits},
    {"MTX-3 an owner aborts while another waits", aborts_while_one_waits},
    {"MTX-3 an owner crashes while another waits", crashes_while_one_waits},
    {"MTX-3 an owner execs while another waits", execs_while_one_waits},
    {"MTX-3 an owner exits before others come", exits_before_they_come},
    {"MTX-3 an owner execs before others come", execs_before_they_come},
    {"MTX-3 an owner thread of another process ends", thread_of_another_process_ends},
    {"MTX-3 an owner thread of this process ends", thread_of_this_process_ends},
    {"MTX-3 an owner thread ends while another thread waits", thread_ends_while_others_wait},
    {"MTX-3 an owner thread ends while a process waits", thread_ends_while_a_process_waits},
    {NULL, NULL},
};
