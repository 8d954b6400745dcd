/* SPDX-License-Identifier: Apache-2.0 */
/* This process: its clock, its guard, its forks, the ends of its threads. */
#include "posix.h"

#include <limits.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#define NANO 1000000000

/* The kernel's struct robust_list_head, as far as it is needed: the list's first
 * entry, or the head itself. See get_robust_list(2). */
typedef struct robust_t {
    struct robust_t *first;
} robust_t;

static pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER;
static robust_t *robust; /* of the thread that forks */
static int cancel_state; /* of the thread in the guard */
static uint64_t space;   /* this PID namespace, once it was asked for */
static pthread_once_t fork_once = PTHREAD_ONCE_INIT;
static pthread_once_t thread_once = PTHREAD_ONCE_INIT;
static pthread_key_t thread_key;
static _Thread_local uint64_t watched; /* outlives the key's destructors */

int64_t ist_os_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * NANO + now.tv_nsec;
}

void ist_os_until(ist_os_deadline_t *deadline, int64_t time)
{
    deadline->time.tv_sec = (time_t)(time / NANO);
    deadline->time.tv_nsec = (long)(time % NANO);
}

struct timespec isti_process_wall_time(const ist_os_deadline_t *deadline)
{
    const int64_t most = 50 * 1000000;
    struct timespec wall;
    ist_os_deadline_t end;
    int64_t left = (int64_t)deadline->time.tv_sec * NANO + deadline->time.tv_nsec - ist_os_now();
    left = left < 0 ? 0 : left > most ? most : left;
    clock_gettime(CLOCK_REALTIME, &wall);
    ist_os_until(&end, (int64_t)wall.tv_sec * NANO + wall.tv_nsec + left);
    return end.time;
}

uint32_t ist_os_cores(void)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    return cores < 1 ? 1 : (uint32_t)cores;
}

void ist_os_pause(uint32_t microseconds)
{
    int state;
    struct timespec time = {microseconds / 1000000, (long)(microseconds % 1000000) * 1000};
    (void)pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
    (void)nanosleep(&time, NULL);
    (void)pthread_setcancelstate(state, &state);
}

/* ---- forks ----------------------------------------------------------- */

/* A fork inside an open would leave a copy of its lock in the child. */
static void before_fork(void)
{
    size_t length;
    (void)pthread_mutex_lock(&guard);
    if (syscall(SYS_get_robust_list, 0, &robust, &length) != 0)
        robust = NULL;
}

static void after_fork(void)
{
    (void)pthread_mutex_unlock(&guard);
}

static void after_fork_in_child(void)
{
    /* The child owns none of the mutexes in this list. glibc empties it; musl
     * does not, and would link what the child locks to what the parent holds,
     * in the memory that both share. */
    if (robust != NULL)
        robust->first = robust;
    space = 0; /* a child may be the first in a namespace of its own */
    isti_forked();
    (void)pthread_mutex_unlock(&guard);
}

static void watch_forks(void)
{
    (void)pthread_atfork(before_fork, after_fork, after_fork_in_child);
}

void ist_os_enter(void)
{
    int state;
    (void)pthread_once(&fork_once, watch_forks);
    (void)pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
    (void)pthread_mutex_lock(&guard);
    cancel_state = state;
}

void ist_os_leave(void)
{
    int state = cancel_state;
    (void)pthread_mutex_unlock(&guard);
    (void)pthread_setcancelstate(state, &state);
}

/* ---- threads ------------------------------------------------------------ */

/* Other destructors may still unlock what the thread holds: let them, and be
 * among the last. The value counts the rounds. */
static void thread_ends(void *value)
{
    intptr_t round = (intptr_t)value;
    if (round < PTHREAD_DESTRUCTOR_ITERATIONS - 1)
        (void)pthread_setspecific(thread_key, (void *)(round + 1));
    else
        isti_thread_ended(watched);
}

static void make_key(void)
{
    /* Without a key left in the process, the system tells of the end. */
    if (pthread_key_create(&thread_key, thread_ends) != 0)
        thread_key = (pthread_key_t)-1;
}

void ist_os_watch_thread(uint64_t id)
{
    watched = id;
    (void)pthread_once(&thread_once, make_key);
    if (thread_key != (pthread_key_t)-1)
        (void)pthread_setspecific(thread_key, (void *)1);
}

/* ---- what its locks are worth to others ------------------------------------ */

uint32_t isti_process_abi(const ist_os_spec_t *spec)
{
#ifdef __GLIBC__
    const uint32_t libc = 1;
#else
    const uint32_t libc = 2;
#endif
    if (spec->mutexes == 0 && spec->semaphores == 0)
        return 0;
    return libc << 24 | (uint32_t)sizeof(void *) << 16 | (uint32_t)sizeof(pthread_mutex_t) << 8 |
           (uint32_t)sizeof(sem_t);
}

uint64_t isti_process_space(void)
{
    struct stat file;
    if (space == 0 && stat("/proc/self/ns/pid", &file) == 0)
        space = file.st_ino;
    return space;
}

uint64_t isti_process_space_of(const ist_os_spec_t *spec)
{
    return spec->mutexes == 0 ? 0 : isti_process_space();
}
