/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Linux: what it can do, and the process at hand.
 */
#ifndef _GNU_SOURCE
#    define _GNU_SOURCE 1 /* unshare */
#endif
#include "posix.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static mode_t first_umask;

/* A child that crashes must look so, whoever catches the signal first. And it looks for
 * no leaks: one that was forked has its parent's locks in the sanitizer, as they were
 * at that instant, and may wait for them for ever. This process looks. */
static void set_sanitizer_for_children(void)
{
    char options[1024];
    const char *given = getenv("ASAN_OPTIONS");
    snprintf(options, sizeof options, "abort_on_error=1%s%s:detect_leaks=0",
             given == NULL ? "" : ":", given == NULL ? "" : given);
    setenv("ASAN_OPTIONS", options, 1);
}

void tst_sys_start(void)
{
    set_sanitizer_for_children();
    const struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
    signal(SIGPIPE, SIG_IGN);
    setvbuf(stdout, NULL, _IOLBF, 0);
    first_umask = umask(022);
    umask(first_umask);
}

int tst_apart(void)
{
    return unshare(CLONE_NEWPID) == 0;
}

/* It can't be undone: a child tries. */
static int can_be_apart(void)
{
    long pid = tst_sys_fork();
    if (pid == 0)
        tst_sys_exit_now(tst_apart() ? 0 : 1);
    return pid > 0 && tst_sys_reap(pid) == 0;
}

int tst_can(tst_cap_t capability)
{
    switch (capability) {
    case TST_USERS:
        return geteuid() == 0;
    case TST_CLASSES:
        return 0;
    case TST_SET_CLOCK:
        return tst_clock_jumps();
    case TST_FAILING:
        return tst_fails();
    case TST_NAMESPACES:
        return can_be_apart();
    case TST_SEES_WAITS:
        return tst_sys_waits(tst_sys_pid(), 0) >= 0;
    default:
        return 1;
    }
}

const char *tst_why_not(tst_cap_t capability)
{
    switch (capability) {
    case TST_USERS:
        return "becoming another user needs root";
    case TST_CLASSES:
        return "who owns a file owns it here: other users try it instead, in NAME-5";
    case TST_SET_CLOCK:
        return "this libc knows waits by the wall clock alone";
    case TST_NAMESPACES:
        return "a PID namespace of its own needs root, and a system that lets it";
    case TST_FAILING:
        return "this system or libc has no seccomp that asks";
    case TST_SEES_WAITS:
        return "/proc does not tell what a thread waits in";
    default:
        return "";
    }
}

void tst_sys_case_end(void)
{
    signal(SIGUSR1, SIG_DFL);
    umask(first_umask);
    tst_clock_right();
    tst_before_removal(NULL, NULL);
    tst_after_naming(NULL, NULL);
    tst_before_sharing(NULL, NULL);
    tst_sys_forks_end();
}

apr_int64_t tst_sys_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (apr_int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

void tst_sys_program(char *path, apr_size_t size)
{
    ssize_t length = readlink("/proc/self/exe", path, size - 1);
    path[length < 0 ? 0 : length] = '\0';
}

long tst_sys_pid(void)
{
    return (long)getpid();
}

long tst_sys_thread_id(void)
{
    return syscall(SYS_gettid);
}

void tst_sys_die(void)
{
    kill(getpid(), SIGKILL);
    for (;;)
        pause();
}

void tst_sys_exit_now(int code)
{
    _exit(code);
}

void tst_sys_pause(apr_int64_t usec)
{
    struct timespec time = {(time_t)(usec / 1000000), (long)(usec % 1000000) * 1000};
    nanosleep(&time, NULL);
}

int tst_processors(void)
{
    return (int)sysconf(_SC_NPROCESSORS_ONLN);
}

static apr_uint64_t available(void)
{
    char line[128];
    unsigned long long kib = 0;
    FILE *file = fopen("/proc/meminfo", "r");
    while (file != NULL && fgets(line, sizeof line, file) != NULL)
        if (sscanf(line, "MemAvailable: %llu", &kib) == 1)
            break;
    if (file != NULL)
        fclose(file);
    return (apr_uint64_t)kib * 1024;
}

apr_uint64_t tst_room(void)
{
    struct statvfs shm;
    if (statvfs("/dev/shm", &shm) != 0)
        return 0;
    apr_uint64_t room = (apr_uint64_t)shm.f_bavail * shm.f_frsize;
    apr_uint64_t memory = available() / 4 * 3;
    return room < memory ? room : memory;
}

apr_int64_t tst_faults(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_minflt + usage.ru_majflt;
}

int tst_sys_start_again(apr_status_t status, int *again)
{
    (void)status, (void)again;
    return 0;
}
