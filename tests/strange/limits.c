/* SPDX-License-Identifier: Apache-2.0 */
/* The limits that steps puts on itself, and its way into another PID namespace. */
#include "steps.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* What the process has of it now. */
static unsigned long long used(int limit)
{
    unsigned long long pages = 0;
    if (limit == RLIMIT_NOFILE) {
        int fd = open("/dev/null", O_RDONLY);
        close(fd);
        return (unsigned long long)fd;
    }
    if (limit != RLIMIT_AS)
        return 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file == NULL || fscanf(file, "%llu", &pages) != 1)
        abort();
    fclose(file);
    return pages * (unsigned long long)sysconf(_SC_PAGESIZE);
}

static apr_status_t set(int limit, rlim_t amount)
{
    struct rlimit old;
    if (getrlimit(limit, &old) != 0)
        return errno;
    old.rlim_cur = amount < old.rlim_max ? amount : old.rlim_max;
    return setrlimit(limit, &old) == 0 ? APR_SUCCESS : errno;
}

apr_status_t steps_limit(const char *what, unsigned long long amount)
{
    int limit;
    if (strcmp(what, "user") == 0)
        return setuid((uid_t)amount) == 0 ? APR_SUCCESS : errno;
    if (strcmp(what, "nofile") == 0)
        limit = RLIMIT_NOFILE;
    else if (strcmp(what, "as") == 0)
        limit = RLIMIT_AS;
    else if (strcmp(what, "fsize") == 0)
        limit = RLIMIT_FSIZE;
    else if (strcmp(what, "memlock") == 0)
        limit = RLIMIT_MEMLOCK;
    else
        return APR_ENOTIMPL;
    return set(limit, (rlim_t)(used(limit) + amount));
}

apr_status_t steps_free(void)
{
    set(RLIMIT_AS, RLIM_INFINITY);
    set(RLIMIT_FSIZE, RLIM_INFINITY);
    return set(RLIMIT_NOFILE, 1024);
}

apr_status_t steps_apart(void)
{
    int status;
    fflush(stdout);
    if (unshare(CLONE_NEWPID) != 0)
        return errno;
    pid_t child = fork();
    if (child == 0)
        return APR_SUCCESS;
    if (child < 0 || waitpid(child, &status, 0) != child)
        return errno;
    _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
}
