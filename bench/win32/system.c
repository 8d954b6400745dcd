/* SPDX-License-Identifier: Apache-2.0 */
/* What else the benchmark wants of Windows: time, cores, and proof. */
#include <windows.h>

#include <apr_strings.h>
#include <isthmus.h>

#include "../bare.h"

apr_uint64_t bare_now(void)
{
    static LARGE_INTEGER frequency;
    LARGE_INTEGER now;
    if (frequency.QuadPart == 0)
        QueryPerformanceFrequency(&frequency);
    QueryPerformanceCounter(&now);
    apr_uint64_t ticks = (apr_uint64_t)now.QuadPart;
    apr_uint64_t second = (apr_uint64_t)frequency.QuadPart;
    return ticks / second * 1000000000 + ticks % second * 1000000000 / second;
}

/* The cores allowed when the program started, before it pinned itself. */
static DWORD_PTR allowed(void)
{
    static DWORD_PTR mask;
    DWORD_PTR machine;
    /* No bits are an answer too: that the threads are in several groups of processors. */
    if (mask == 0 && (!GetProcessAffinityMask(GetCurrentProcess(), &mask, &machine) || mask == 0))
        mask = 1;
    return mask;
}

unsigned bare_cores(void)
{
    unsigned cores = 0;
    for (DWORD_PTR rest = allowed(); rest != 0; rest &= rest - 1)
        cores++;
    return cores;
}

apr_status_t bare_pin(unsigned core)
{
    DWORD_PTR rest = allowed();
    for (core %= bare_cores(); core > 0; core--)
        rest &= rest - 1;
    DWORD_PTR lowest = rest & (~rest + 1);
    if (SetProcessAffinityMask(GetCurrentProcess(), lowest))
        return APR_SUCCESS;
    return APR_FROM_OS_ERROR(GetLastError());
}

static const char *module_path(HMODULE module, apr_pool_t *pool)
{
    char path[4096];
    DWORD length = GetModuleFileNameA(module, path, sizeof path);
    return length > 0 && length < sizeof path ? apr_pstrmemdup(pool, path, length) : NULL;
}

const char *bare_program(apr_pool_t *pool)
{
    return module_path(NULL, pool);
}

/* The module that a public function lies in, unless it is the program. */
const char *bare_library(apr_pool_t *pool)
{
    union {
        apr_status_t (*function)(ist_mutex_t *);
        LPCSTR address;
    } where = {ist_mutex_lock};
    HMODULE module;
    DWORD flags =
        GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT;
    if (!GetModuleHandleExA(flags, where.address, &module) || module == GetModuleHandleA(NULL))
        return NULL;
    return module_path(module, pool);
}
