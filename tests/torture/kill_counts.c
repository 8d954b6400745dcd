/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Semaphores, and those of regions: what a kill leaves of the count. Posts are made
 * beside a process that sleeps: when the units are there, it must wake.
 */
#include "kill.h"

#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MANY 3

static ist_semaphore_t *semaphore;
static ist_region_t *region;
static pid_t sleeper;

static apr_status_t open_with(apr_uint32_t initial)
{
    return ist_semaphore_open(&semaphore, kill_name, initial, 10, IST_CREATE, 0, kill_pool);
}

static apr_status_t with_one(void)
{
    return open_with(1);
}

static apr_status_t with_none(void)
{
    return open_with(0);
}

/* A process that takes one unit, and ends when it has it. */
static apr_status_t with_sleeper(void)
{
    kill_must(open_with(0), "a semaphore");
    sleeper = fork();
    if (sleeper == 0)
        _exit(ist_semaphore_timedwait(semaphore, 5 * APR_USEC_PER_SEC) == APR_SUCCESS ? 0 : 1);
    return sleeper > 0 ? APR_SUCCESS : APR_EGENERAL;
}

static apr_status_t with_region(void)
{
    return ist_region_open(&region, kill_name, 64, IST_CREATE, 0, kill_pool);
}

static apr_status_t with_notified_region(void)
{
    kill_must(with_region(), "a region");
    return ist_region_notify(region);
}

static apr_status_t nothing(void)
{
    return APR_SUCCESS;
}

static apr_status_t wait_one(void)
{
    return ist_semaphore_wait(semaphore);
}

static apr_status_t trywait(void)
{
    return ist_semaphore_trywait(semaphore);
}

static apr_status_t timedwait_in_vain(void)
{
    apr_status_t status = ist_semaphore_timedwait(semaphore, 300);
    return status == APR_TIMEUP ? APR_SUCCESS : APR_EGENERAL;
}

static apr_status_t post(void)
{
    return ist_semaphore_post(semaphore);
}

static apr_status_t post_many(void)
{
    return ist_semaphore_post_n(semaphore, MANY, NULL);
}

static apr_status_t notify(void)
{
    return ist_region_notify(region);
}

static apr_status_t region_wait(void)
{
    return ist_region_wait(region);
}

static int counted(void)
{
    apr_uint32_t n = 0;
    while (ist_semaphore_trywait(semaphore) == APR_SUCCESS)
        n++;
    return (int)n;
}

static outcome_e of(int count, int before, int after)
{
    return count == before ? BEFORE : count == after ? AFTER : WRONG;
}

static outcome_e look_taken(void)
{
    return of(counted(), 1, 0);
}

/* It had none to take: still none, and who comes next is served. */
static outcome_e look_none(void)
{
    if (counted() != 0)
        return WRONG;
    kill_must(ist_semaphore_post(semaphore), "posting");
    return counted() == 1 ? BEFORE : STUCK;
}

static outcome_e look_posted(void)
{
    return of(counted(), 0, 1);
}

static outcome_e look_posted_many(void)
{
    return of(counted(), 0, MANY);
}

/* The sleeper's exit status; -1: it slept on. */
static int woken(void)
{
    struct timespec pause = {0, 1000000};
    int status;
    for (int i = 0; i < 1000; i++) {
        if (waitpid(sleeper, &status, WNOHANG) == sleeper)
            return status;
        nanosleep(&pause, NULL);
    }
    kill(sleeper, SIGKILL);
    waitpid(sleeper, &status, 0);
    return -1;
}

/* Beside units nobody sleeps longer than a slice, whatever the poster left. Not posted,
 * or the sleeper just taking it: a unit of ours wakes it then. Of those that were there
 * the sleeper took one, ours is one, and the child's are the rest: n or none. */
static outcome_e look_sleeper(int n)
{
    apr_uint32_t value = 0;
    kill_must(ist_semaphore_value(semaphore, &value), "looking");
    int ours = value == 0;
    if (ours)
        kill_must(ist_semaphore_post(semaphore), "posting");
    int status = woken();
    if (status != 0)
        return status < 0 ? STUCK : WRONG;
    return of(counted() + 1 - ours, 0, n);
}

static outcome_e look_sleeper_of_one(void)
{
    return look_sleeper(1);
}

static outcome_e look_sleeper_of_many(void)
{
    return look_sleeper(MANY);
}

static int notified(void)
{
    int n = 0;
    while (ist_region_trywait(region) == APR_SUCCESS)
        n++;
    return n;
}

static outcome_e look_notified(void)
{
    return of(notified(), 0, 1);
}

static outcome_e look_waited(void)
{
    return of(notified(), 1, 0);
}

const kill_call_t kill_counts[] = {
    {"wait", 0, 0, BEFORE, AFTER, with_one, nothing, wait_one, look_taken},
    {"trywait", 0, 0, BEFORE, AFTER, with_one, nothing, trywait, look_taken},
    {"timedwait in vain", 0, 1, BEFORE, BEFORE, with_none, nothing, timedwait_in_vain, look_none},
    {"post", 0, 0, BEFORE, AFTER, with_none, nothing, post, look_posted},
    {"post_n", 0, 0, BEFORE, AFTER, with_none, nothing, post_many, look_posted_many},
    {"post, a sleeper there", 0, 0, BEFORE, AFTER, with_sleeper, nothing, post,
     look_sleeper_of_one},
    {"post_n, a sleeper there", 0, 0, BEFORE, AFTER, with_sleeper, nothing, post_many,
     look_sleeper_of_many},
    {"region notify", 0, 0, BEFORE, AFTER, with_region, nothing, notify, look_notified},
    {"region wait", 0, 0, BEFORE, AFTER, with_notified_region, nothing, region_wait, look_waited},
    {NULL, 0, 0, BEFORE, BEFORE, NULL, NULL, NULL, NULL},
};
