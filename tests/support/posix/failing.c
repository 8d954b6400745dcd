/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Linux: system calls that fail when they are told to. A thread puts itself under a
 * filter that asks this process about each call of a few kinds (seccomp(2), "user
 * notification"); another answers: let it be done, or let it fail. So libc's own calls
 * are caught too, and no other thread's.
 */
#include "posix.h"

#if defined(__has_include) && __has_include(<linux/seccomp.h>)
#  define CAN_ASK 1
#else
#  define CAN_ASK 0
#endif

#if CAN_ASK

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* What makes, opens, looks at, fills, locks, maps, names and removes files. */
static const struct {
    int number;
    const char *name;
} calls[] = {
    {SYS_openat, "openat"},         {SYS_fcntl, "fcntl"},         {SYS_fstat, "fstat"},
    {SYS_pread64, "pread"},         {SYS_pwrite64, "pwrite"},     {SYS_fallocate, "fallocate"},
    {SYS_linkat, "linkat"},         {SYS_unlinkat, "unlinkat"},   {SYS_ftruncate, "ftruncate"},
    {SYS_fchmod, "fchmod"},         {SYS_getrandom, "getrandom"}, {SYS_fstatfs, "fstatfs"},
    {SYS_getdents64, "getdents64"},
#ifdef SYS_open
    {SYS_open, "open"},
#endif
#ifdef SYS_unlink
    {SYS_unlink, "unlink"},
#endif
#ifdef SYS_lstat
    {SYS_lstat, "lstat"},
#endif
#ifdef SYS_newfstatat
    {SYS_newfstatat, "newfstatat"},
#endif
#ifdef SYS_fcntl64
    {SYS_fcntl64, "fcntl64"},
#endif
#ifdef SYS_fstatat64
    {SYS_fstatat64, "fstatat64"},
#endif
#ifdef SYS_ftruncate64
    {SYS_ftruncate64, "ftruncate64"},
#endif
#ifdef SYS_statx
    {SYS_statx, "statx"},
#endif
#ifdef SYS_mmap2
    {SYS_mmap2, "mmap"},
#else
    {SYS_mmap, "mmap"},
#endif
};

#define CALLS (sizeof calls / sizeof calls[0])

typedef struct failing_t {
    tst_thread_fn_t *fn;
    void *baton;
    apr_status_t result;
    int listener;   /* of the filter; -1: there is none */
    sem_t listens;
} failing_t;

/* A listener for this thread's calls from now on, or -1. */
static int listen_to_self(void)
{
    struct sock_filter filter[CALLS + 3];
    struct sock_fprog program = {CALLS + 3, filter};
    filter[0] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
                                             offsetof(struct seccomp_data, nr));
    for (unsigned i = 0; i < CALLS; i++)
        filter[1 + i] = (struct sock_filter)BPF_JUMP(
            BPF_JMP | BPF_JEQ | BPF_K, (unsigned)calls[i].number, (unsigned char)(CALLS - i), 0);
    filter[CALLS + 1] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    filter[CALLS + 2] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF);
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return -1;
    return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER,
                        &program);
}

static void *run(void *baton)
{
    failing_t *failing = baton;
    failing->listener = listen_to_self();
    sem_post(&failing->listens);
    if (failing->listener >= 0)
        failing->result = failing->fn(failing->baton);
    return NULL;
}

/* The name of a call that counts; NULL: it is libc's own business, such as memory. */
static const char *name_of(const struct seccomp_data *call)
{
    for (unsigned i = 0; i < CALLS; i++) {
        if (calls[i].number != call->nr)
            continue;
        if (strcmp(calls[i].name, "mmap") == 0 && (call->args[3] & MAP_SHARED) == 0)
            return NULL;
        if (strncmp(calls[i].name, "fcntl", 5) == 0 && call->args[1] != F_OFD_SETLK &&
            call->args[1] != F_OFD_GETLK)
            return NULL;
        return calls[i].name;
    }
    return NULL;
}

/* Answer until the thread has ended. */
static const char *answer(int listener, int nth, int error)
{
    const char *failed = NULL;
    struct pollfd news = {listener, POLLIN, 0};
    while (poll(&news, 1, -1) > 0 && (news.revents & POLLIN) != 0) {
        struct seccomp_notif asked;
        memset(&asked, 0, sizeof asked);
        if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &asked) != 0)
            continue;
        struct seccomp_notif_resp reply = {.id = asked.id,
                                           .flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE};
        const char *name = name_of(&asked.data);
        if (name != NULL && nth-- == 0) {
            failed = name;
            reply.flags = 0;
            reply.error = -error;
        }
        (void)ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &reply);
    }
    return failed;
}

apr_status_t tst_failing(tst_thread_fn_t *fn, void *baton, int nth, int error,
                         const char **failed)
{
    failing_t failing = {.fn = fn, .baton = baton, .listener = -1, .result = TST_STATUS_GONE};
    pthread_t thread;
    *failed = NULL;
    sem_init(&failing.listens, 0, 0);
    if (pthread_create(&thread, NULL, run, &failing) != 0)
        return TST_STATUS_GONE;
    while (sem_wait(&failing.listens) != 0)
        continue;
    if (failing.listener >= 0)
        *failed = answer(failing.listener, nth, error);
    pthread_join(thread, NULL);
    if (failing.listener >= 0)
        close(failing.listener);
    sem_destroy(&failing.listens);
    return failing.result;
}

static apr_status_t nothing(void *baton)
{
    (void)baton;
    return APR_SUCCESS;
}

/* Not under Valgrind, nor in every container. */
int tst_fails(void)
{
    static int known = -1;
    const char *failed;
    if (known < 0)
        known = tst_failing(nothing, NULL, 0, 0, &failed) == APR_SUCCESS;
    return known;
}

#else

apr_status_t tst_failing(tst_thread_fn_t *fn, void *baton, int nth, int error,
                         const char **failed)
{
    (void)fn, (void)baton, (void)nth, (void)error;
    *failed = NULL;
    return TST_STATUS_GONE;
}

int tst_fails(void)
{
    return 0;
}

#endif
