/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Killed while one process hands over to another: an owner as it unlocks beside a
 * sleeper, and sleepers from their wake-up on. Before the marker the child forks a
 * helper, whose parent it is; what the helpers did is told in memory that all share.
 */
#include "kill.h"

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define LONG     (2 * APR_USEC_PER_SEC)
#define PATIENCE 5000       /* milliseconds that a helper or the driver waits for another */
#define WAITERS  (1u << 31) /* in a lock word: somebody sleeps (futex(2)) */

typedef struct told_t {
    _Atomic(int) ended;  /* the helper has done what it does */
    _Atomic(int) posted; /* it posted a unit */
    _Atomic(int) taken;  /* the other sleeper has taken a unit, or failed to: -1 */
    _Atomic(int) ready;  /* the helper owns the lock */
    _Atomic(int) status; /* of the helper's lock call */
} told_t;

static ist_mutex_t *mutex;
static ist_semaphore_t *semaphore;
static told_t *told;

static void forget(void)
{
    if (told == NULL) {
        void *at =
            mmap(NULL, sizeof *told, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        kill_must(at == MAP_FAILED ? APR_ENOMEM : APR_SUCCESS, "memory for what is told");
        told = at;
    }
    memset(told, 0, sizeof *told);
}

static apr_status_t open_mutex(void)
{
    forget();
    return ist_mutex_open(&mutex, kill_name, IST_CREATE, 0, kill_pool);
}

static apr_status_t open_semaphore(void)
{
    forget();
    return ist_semaphore_open(&semaphore, kill_name, 0, 10, IST_CREATE, 0, kill_pool);
}

static void a_moment(void)
{
    struct timespec time = {0, 1000000};
    nanosleep(&time, NULL);
}

static int soon(const _Atomic(int) *flag)
{
    for (int i = 0; i < PATIENCE && atomic_load(flag) == 0; i++)
        a_moment();
    return atomic_load(flag);
}

/* 1: the process sleeps in a system call; 0: not in time, or it is dead. Who is traced
 * and stands has another letter. See proc_pid_stat(5). */
static int asleep(pid_t process)
{
    char path[40], state = ' ';
    snprintf(path, sizeof path, "/proc/%ld/stat", (long)process);
    for (int i = 0; i < PATIENCE && state != 'S'; i++) {
        FILE *file = fopen(path, "r");
        int read = file == NULL ? 0 : fscanf(file, "%*d (%*[^)]) %c", &state);
        if (file != NULL)
            fclose(file);
        if (read != 1 || state == 'Z' || state == 'X')
            return 0;
        if (state != 'S')
            a_moment();
    }
    return state == 'S';
}

static pid_t forked(void)
{
    pid_t child = fork();
    kill_must(child < 0 ? APR_EGENERAL : APR_SUCCESS, "a fork");
    return child;
}

/* ---- an owner is killed as it unlocks ------------------------------------------ */

static apr_status_t lock_beside_sleeper(void)
{
    const volatile unsigned *word = kill_lock_word();
    apr_status_t locked = ist_mutex_lock(mutex);
    if (forked() == 0) {
        apr_status_t status = ist_mutex_timedlock(mutex, LONG);
        atomic_store(&told->status, (int)status);
        if (IST_LOCKED(status))
            (void)ist_mutex_unlock(mutex);
        atomic_store(&told->ended, 1);
        _exit(0);
    }
    while ((*word & WAITERS) == 0) /* the driver's patience ends */
        a_moment();
    return locked;
}

static apr_status_t unlock(void)
{
    return ist_mutex_unlock(mutex);
}

/* The sleeper has had it, and is told if it was held; the next is told nothing. */
static outcome_e look_handed(void)
{
    if (!soon(&told->ended) || atomic_load(&told->status) == APR_TIMEUP)
        return STUCK;
    apr_status_t next = ist_mutex_timedlock(mutex, LONG);
    if (IST_LOCKED(next))
        (void)ist_mutex_unlock(mutex);
    if (next != APR_SUCCESS)
        return next == APR_TIMEUP ? STUCK : WRONG;
    int status = atomic_load(&told->status);
    return status == APR_SUCCESS ? BEFORE : status == IST_ABANDONED ? AFTER : WRONG;
}

/* ---- who sleeps in a lock call is woken, and killed ------------------------------ */

static apr_status_t beside_owner(void)
{
    pid_t self = getpid();
    if (forked() == 0) {
        (void)ist_mutex_lock(mutex);
        atomic_store(&told->ready, 1);
        (void)asleep(self);
        (void)ist_mutex_unlock(mutex);
        atomic_store(&told->ended, 1);
        _exit(0);
    }
    return soon(&told->ready) ? APR_SUCCESS : APR_TIMEUP;
}

static apr_status_t lock(void)
{
    return ist_mutex_lock(mutex);
}

static outcome_e look_woken(void)
{
    if (!soon(&told->ended))
        return STUCK;
    apr_status_t first = ist_mutex_timedlock(mutex, LONG);
    if (IST_LOCKED(first))
        (void)ist_mutex_unlock(mutex);
    apr_status_t second = ist_mutex_timedlock(mutex, LONG);
    if (IST_LOCKED(second))
        (void)ist_mutex_unlock(mutex);
    if (first == APR_TIMEUP || second == APR_TIMEUP)
        return STUCK;
    if (!IST_LOCKED(first) || second != APR_SUCCESS)
        return WRONG;
    return first == IST_ABANDONED ? AFTER : BEFORE;
}

/* ---- who sleeps in a wait is woken, and killed, beside another sleeper ------------- */

static void take_one(void)
{
    apr_status_t status = ist_semaphore_timedwait(semaphore, 4 * PATIENCE * 1000);
    atomic_store(&told->taken, status == APR_SUCCESS ? 1 : -1);
    _exit(0);
}

/* The other goes to sleep after the child, which so is the first that a ring wakes. */
static apr_status_t beside_sleeper(void)
{
    pid_t self = getpid();
    if (forked() == 0) {
        if (asleep(self)) {
            pid_t other = forked();
            if (other == 0)
                take_one();
            (void)asleep(other);
            atomic_store(&told->posted, 1);
            (void)ist_semaphore_post(semaphore);
        }
        atomic_store(&told->ended, 1);
        _exit(0);
    }
    return APR_SUCCESS;
}

static apr_status_t wait_one(void)
{
    return ist_semaphore_wait(semaphore);
}

static int counted(void)
{
    int n = 0;
    while (ist_semaphore_trywait(semaphore) == APR_SUCCESS)
        n++;
    return n;
}

/* One unit was posted. Where it is not there, the child has it, or just now the other:
 * one more unit tells. Where it is, the other must take it, woken or not (SEM-4). */
static outcome_e look_shared(void)
{
    apr_uint32_t there = 0;
    if (!soon(&told->ended))
        return STUCK;
    if (atomic_load(&told->posted) == 0)
        return counted() == 0 ? BEFORE : WRONG;
    kill_must(ist_semaphore_value(semaphore, &there), "looking");
    if (there == 0)
        kill_must(ist_semaphore_post(semaphore), "posting");
    if (soon(&told->taken) != 1)
        return STUCK;
    int left = counted();
    if (there == 0)
        return left == 0 ? AFTER : left == 1 ? BEFORE : WRONG;
    return left == 0 ? BEFORE : WRONG;
}

const kill_call_t kill_wakes[] = {
    {"unlock, a sleeper there", 1, 0, AFTER, BEFORE, open_mutex, lock_beside_sleeper, unlock,
     look_handed},
    {"lock, from its wake on", 1, 0, BEFORE, AFTER, open_mutex, beside_owner, lock, look_woken},
    {"wait, from its wake on", 0, 0, BEFORE, AFTER, open_semaphore, beside_sleeper, wait_one,
     look_shared},
    {NULL, 0, 0, BEFORE, BEFORE, NULL, NULL, NULL, NULL},
};
