/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Windows: what tst_can() denies. A case that comes here did not ask first.
 */
#include "win32.h"

#include <stdio.h>
#include <stdlib.h>

static void lacking(const char *what)
{
    fprintf(stderr, "%s: called where tst_can() says no\n", what);
    tst_sys_exit_now(5);
}

int tst_fork(tst_fork_t *fork, tst_fork_fn_t *run, void *baton)
{
    (void)fork, (void)run, (void)baton;
    lacking("tst_fork");
    return 0;
}

void tst_fork_tell(tst_fork_t *fork, int number)
{
    (void)fork, (void)number;
    lacking("tst_fork_tell");
}

int tst_fork_hear(tst_fork_t *fork)
{
    (void)fork;
    lacking("tst_fork_hear");
    return 0;
}

int tst_fork_wait(tst_fork_t *fork)
{
    (void)fork;
    lacking("tst_fork_wait");
    return 0;
}

void tst_fork_kill(tst_fork_t *fork)
{
    (void)fork;
    lacking("tst_fork_kill");
}

long tst_sys_fork(void)
{
    return -1;
}

int tst_sys_reap(long pid)
{
    (void)pid;
    lacking("tst_sys_reap");
    return 0;
}

void tst_sys_kill(long pid)
{
    (void)pid;
    lacking("tst_sys_kill");
}

void tst_exec(const char *role)
{
    (void)role;
    lacking("tst_exec");
}

int tst_umask(int mask)
{
    (void)mask;
    lacking("tst_umask");
    return 0;
}

int tst_become(int uid, int group)
{
    (void)uid, (void)group;
    lacking("tst_become");
    return 0;
}

void tst_signal_take(int restart, void (*fn)(void *), void *baton)
{
    (void)restart, (void)fn, (void)baton;
    lacking("tst_signal_take");
}

long tst_signal_count(void)
{
    lacking("tst_signal_count");
    return 0;
}

void tst_signal_send(long pid)
{
    (void)pid;
    lacking("tst_signal_send");
}

void tst_signal_thread(long thread)
{
    (void)thread;
    lacking("tst_signal_thread");
}

int tst_survives_cancel(tst_thread_fn_t *fn, void *baton)
{
    (void)fn, (void)baton;
    lacking("tst_survives_cancel");
    return 0;
}

int tst_remove(ist_kind_e kind, const char *name, int global)
{
    (void)kind, (void)name, (void)global;
    lacking("tst_remove");
    return 0;
}

apr_int64_t tst_faults(void)
{
    lacking("tst_faults");
    return 0;
}

void tst_clock_jump(apr_int64_t usec)
{
    (void)usec;
    lacking("tst_clock_jump");
}

void tst_before_removal(tst_instant_fn_t *run, void *baton)
{
    (void)run, (void)baton;
    lacking("tst_before_removal");
}

int tst_apart(void)
{
    lacking("tst_apart");
    return 0;
}

int tst_limit(apr_uint64_t bytes)
{
    (void)bytes;
    lacking("tst_limit");
    return 0;
}

int tst_grab(ist_kind_e kind, const char *name, int global)
{
    (void)kind, (void)name, (void)global;
    lacking("tst_grab");
    return 0;
}

void tst_after_naming(tst_instant_fn_t *run, void *baton)
{
    (void)run, (void)baton;
    lacking("tst_after_naming");
}

void tst_before_sharing(tst_instant_fn_t *run, void *baton)
{
    (void)run, (void)baton;
    lacking("tst_before_sharing");
}

apr_status_t tst_failing(tst_thread_fn_t *fn, void *baton, int nth, int error, const char **failed)
{
    (void)fn, (void)baton, (void)nth, (void)error, (void)failed;
    lacking("tst_failing");
    return TST_STATUS_GONE;
}
