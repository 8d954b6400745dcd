/* SPDX-License-Identifier: Apache-2.0 */
/* What else the benchmark wants of a POSIX system: time, cores, and proof. */
#ifndef _GNU_SOURCE
#  define _GNU_SOURCE 1 /* sched_setaffinity, dladdr */
#endif
#include <dlfcn.h>
#include <errno.h>
#include <sched.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <apr_strings.h>

#include "../bare.h"

apr_uint64_t bare_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (apr_uint64_t)now.tv_sec * 1000000000 + (apr_uint64_t)now.tv_nsec;
}

/* The cores allowed when the program started, before it pinned itself. */
static const cpu_set_t *allowed(void)
{
    static cpu_set_t set;
    static int known;
    if (!known && sched_getaffinity(0, sizeof set, &set) == 0)
        known = 1;
    return &set;
}

unsigned bare_cores(void)
{
    return (unsigned)CPU_COUNT(allowed());
}

apr_status_t bare_pin(unsigned core)
{
    unsigned cores = bare_cores();
    if (cores == 0)
        return APR_ENOTIMPL;
    core %= cores;
    for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
        if (!CPU_ISSET(cpu, allowed()) || core-- > 0)
            continue;
        cpu_set_t one;
        CPU_ZERO(&one);
        CPU_SET(cpu, &one);
        return sched_setaffinity(0, sizeof one, &one) == 0 ? APR_SUCCESS : APR_FROM_OS_ERROR(errno);
    }
    return APR_ENOTIMPL;
}

const char *bare_program(apr_pool_t *pool)
{
    char path[4096];
    ssize_t length = readlink("/proc/self/exe", path, sizeof path);
    return length > 0 ? apr_pstrmemdup(pool, path, (apr_size_t)length) : NULL;
}

/* A program without the shared library exports no such symbol. */
const char *bare_library(apr_pool_t *pool)
{
    Dl_info info;
    void *symbol = dlsym(RTLD_DEFAULT, "ist_mutex_lock");
    if (symbol == NULL || dladdr(symbol, &info) == 0)
        return NULL;
    return apr_pstrdup(pool, info.dli_fname);
}
