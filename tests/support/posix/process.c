/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Linux: fork, exec, signals, stops, cancellation, users.
 */
#include "posix.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define FORKS 32
#define LATE_USEC INT64_C(30000000)

static long forks[FORKS];

/* ---- forked children ---- */

static void remember_fork(long pid, long instead)
{
    for (int i = 0; i < FORKS; i++) {
        if (forks[i] == instead) {
            forks[i] = pid;
            return;
        }
    }
}

int tst_fork(tst_fork_t *fork_, tst_fork_fn_t *run, void *baton)
{
    int down[2], up[2];
    memset(fork_, 0, sizeof *fork_);
    if (pipe2(down, O_CLOEXEC) != 0 || pipe2(up, O_CLOEXEC) != 0)
        return tst_check(0, 1, __FILE__, __LINE__, "no pipe");
    fork_->pid = fork();
    if (fork_->pid < 0)
        return tst_check(0, 1, __FILE__, __LINE__, "no fork");
    if (fork_->pid == 0) {
        tst_self.child = 1;
        tst_self.failed = 0;
        fork_->from_parent = down[0];
        fork_->to_parent = up[1];
        close(down[1]);
        close(up[0]);
        tst_watch_child("a forked child");
        int code = run(fork_, baton);
        _exit(tst_self.failed ? TST_FAILED_CHILD : code);
    }
    tst_self.killed = 1; /* it leaves without closing */
    remember_fork(fork_->pid, 0);
    fork_->to_child = down[1];
    fork_->from_child = up[0];
    close(down[0]);
    close(up[1]);
    return 1;
}

void tst_fork_tell(tst_fork_t *fork_, int number)
{
    int to = fork_->pid == 0 ? fork_->to_parent : fork_->to_child;
    while (write(to, &number, sizeof number) < 0 && errno == EINTR)
        continue;
}

int tst_fork_hear(tst_fork_t *fork_)
{
    int number;
    ssize_t got;
    struct pollfd from = {fork_->pid == 0 ? fork_->from_parent : fork_->from_child, POLLIN, 0};
    apr_int64_t end = tst_now() + tst_scaled(LATE_USEC);
    while (poll(&from, 1, 100) <= 0)
        if (tst_now() > end)
            return TST_STATUS_LATE;
    while ((got = read(from.fd, &number, sizeof number)) < 0 && errno == EINTR)
        continue;
    return got == (ssize_t)sizeof number ? number : TST_STATUS_GONE;
}

int tst_sys_reap(long pid)
{
    int status = 0;
    while (waitpid((pid_t)pid, &status, 0) < 0 && errno == EINTR)
        continue;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

int tst_fork_wait(tst_fork_t *fork_)
{
    int code = tst_sys_reap(fork_->pid);
    remember_fork(0, fork_->pid);
    close(fork_->to_child);
    close(fork_->from_child);
    return code;
}

void tst_fork_kill(tst_fork_t *fork_)
{
    kill((pid_t)fork_->pid, SIGKILL);
    tst_fork_wait(fork_);
}

void tst_sys_forks_end(void)
{
    for (int i = 0; i < FORKS; i++) {
        if (forks[i] == 0)
            continue;
        kill((pid_t)forks[i], SIGKILL);
        tst_sys_reap(forks[i]);
        forks[i] = 0;
    }
}

long tst_sys_fork(void)
{
    return fork();
}

void tst_sys_kill(long pid)
{
    kill((pid_t)pid, SIGKILL);
}

void tst_exec(const char *role)
{
    char program[4096];
    tst_sys_program(program, sizeof program);
    execl(program, program, "--role", role, tst_self.base, (char *)NULL);
}

/* ---- the mask, users, limits ---- */

int tst_umask(int mask)
{
    return (int)umask((mode_t)mask);
}

int tst_become(int uid, int group)
{
    const gid_t groups[] = {(gid_t)group};
    return setgroups(group < 0 ? 0 : 1, groups) == 0 &&
           setresgid((gid_t)uid, (gid_t)uid, (gid_t)uid) == 0 &&
           setresuid((uid_t)uid, (uid_t)uid, (uid_t)uid) == 0;
}

/* flock(2) and leases are asked for with what a reader has; the write lock, with what
 * it hasn't. */
int tst_grab(ist_kind_e kind, const char *name, int global)
{
    const short types[] = {F_RDLCK, F_WRLCK};
    const int commands[] = {F_SETLK, F_OFD_SETLK};
    int had = 0;
    int file = open(tst_control_path(kind, name, global), O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return 0;
    had += flock(file, LOCK_EX | LOCK_NB) == 0;
    for (int t = 0; t < 2; t++) {
        for (int c = 0; c < 2; c++) {
            struct flock all = {.l_type = types[t], .l_whence = SEEK_SET};
            had += fcntl(file, commands[c], &all) == 0;
        }
        had += fcntl(file, F_SETLEASE, types[t]) == 0;
    }
    return had;
}

int tst_class_gets(ist_kind_e kind, const char *name, int group)
{
    (void)kind, (void)name, (void)group;
    return -1;
}

int tst_unprivileged(void)
{
    return 0;
}

int tst_limit(apr_uint64_t bytes)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_FSIZE, &limit) != 0)
        return 0;
    limit.rlim_cur = (rlim_t)bytes;
    return setrlimit(RLIMIT_FSIZE, &limit) == 0;
}

/* ---- signals ---- */

static _Atomic(long) signals;
static void (*signal_fn)(void *);
static void *signal_baton;

static void on_signal(int number)
{
    int kept = errno;
    (void)number;
    atomic_fetch_add(&signals, 1);
    if (signal_fn != NULL)
        signal_fn(signal_baton);
    errno = kept;
}

void tst_signal_take(int restart, void (*fn)(void *), void *baton)
{
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = on_signal;
    action.sa_flags = restart ? SA_RESTART : 0;
    signal_fn = fn;
    signal_baton = baton;
    atomic_store(&signals, 0);
    sigaction(SIGUSR1, &action, NULL);
}

long tst_signal_count(void)
{
    return atomic_load(&signals);
}

void tst_signal_send(long pid)
{
    kill((pid_t)pid, SIGUSR1);
}

void tst_signal_thread(long thread)
{
    syscall(SYS_tgkill, getpid(), (pid_t)thread, SIGUSR1);
}

/* ---- stops ---- */

void tst_stop(long pid)
{
    kill((pid_t)pid, SIGSTOP);
    while (!tst_sys_stands(pid))
        tst_sys_pause(200);
}

void tst_continue(long pid)
{
    kill((pid_t)pid, SIGCONT);
}

/* ---- cancellation ---- */

typedef struct doomed_t {
    tst_thread_fn_t *fn;
    void *baton;
    _Atomic(int) cancelled;
    _Atomic(int) survived;
} doomed_t;

static void *live_on(void *baton)
{
    doomed_t *self = baton;
    int before;
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before);
    while (!atomic_load(&self->cancelled))
        tst_sys_pause(100);
    pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, &before);
    self->fn(self->baton);
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before);
    /* The call must give back the state that it found. */
    atomic_store(&self->survived, before == PTHREAD_CANCEL_ENABLE);
    return NULL;
}

int tst_survives_cancel(tst_thread_fn_t *fn, void *baton)
{
    doomed_t doomed = {fn, baton, 0, 0};
    pthread_t thread;
    if (pthread_create(&thread, NULL, live_on, &doomed) != 0)
        return 0;
    pthread_cancel(thread);
    atomic_store(&doomed.cancelled, 1);
    pthread_join(thread, NULL);
    return atomic_load(&doomed.survived);
}
