/* SPDX-License-Identifier: Apache-2.0 */
/* The measured operations by the Win32 calls themselves. */
#include <windows.h>

#include <apr_strings.h>

#include "../bare.h"

const goal_t bare_goals[] = {
    {"lock+unlock", 1.10},
    {"lock", 1.10},
    {"unlock", 1.10},
    {"post+wait, with a maximum", 1.10},
    {"post+wait, without", 1.10},
    {"post", 1.10},
    {"wait", 1.10},
    {NULL, 0},
};

typedef HANDLE mutex_h;
typedef HANDLE sem_h;

static apr_status_t error(void)
{
    DWORD code = GetLastError();
    return code != 0 ? APR_FROM_OS_ERROR(code) : APR_EGENERAL;
}

static inline apr_status_t lock_it(mutex_h it)
{
    return WaitForSingleObject(it, INFINITE) == WAIT_OBJECT_0 ? APR_SUCCESS : error();
}

static inline apr_status_t unlock_it(mutex_h it)
{
    return ReleaseMutex(it) ? APR_SUCCESS : error();
}

static inline apr_status_t post_it(sem_h it)
{
    return ReleaseSemaphore(it, 1, NULL) ? APR_SUCCESS : error();
}

static inline apr_status_t wait_it(sem_h it)
{
    return WaitForSingleObject(it, INFINITE) == WAIT_OBJECT_0 ? APR_SUCCESS : error();
}

static HANDLE create_section(const char *name, apr_size_t size)
{
    return CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, (DWORD)size, name);
}

/* Maps it all, unmaps it, and closes the handle. */
static apr_status_t map_once(HANDLE section)
{
    if (section == NULL)
        return error();
    void *base = MapViewOfFile(section, FILE_MAP_READ | FILE_MAP_WRITE, 0, 0, 0);
    apr_status_t rv = base != NULL ? APR_SUCCESS : error();
    if (base != NULL)
        UnmapViewOfFile(base);
    CloseHandle(section);
    return rv;
}

static inline apr_status_t create_it(const char *name, apr_size_t size)
{
    return map_once(create_section(name, size));
}

static inline apr_status_t open_it(const char *name, apr_size_t size)
{
    (void)size;
    return map_once(OpenFileMappingA(FILE_MAP_READ | FILE_MAP_WRITE, FALSE, name));
}

#include "../loops.h"

static apr_status_t close_handle(void *handle)
{
    return CloseHandle(handle) ? APR_SUCCESS : error();
}

/* Gives a handle to the pool, if it is one. */
static apr_status_t keep(HANDLE *kept, HANDLE handle, apr_pool_t *pool)
{
    if (handle == NULL)
        return error();
    *kept = handle;
    apr_pool_cleanup_register(pool, handle, close_handle, apr_pool_cleanup_null);
    return APR_SUCCESS;
}

static apr_status_t open_mutex(HANDLE *handle, const char *name, int create, apr_pool_t *pool)
{
    return keep(handle,
                create ? CreateMutexA(NULL, FALSE, name)
                       : OpenMutexA(SYNCHRONIZE | MUTEX_MODIFY_STATE, FALSE, name),
                pool);
}

static apr_status_t open_semaphore(HANDLE *handle, const char *prefix, const char *suffix,
                                   LONG maximum, int create, apr_pool_t *pool)
{
    const char *name = apr_pstrcat(pool, prefix, suffix, NULL);
    return keep(handle,
                create ? CreateSemaphoreA(NULL, 0, maximum, name)
                       : OpenSemaphoreA(SYNCHRONIZE | SEMAPHORE_MODIFY_STATE, FALSE, name),
                pool);
}

static apr_status_t open_mutexes(const char *prefix, int create, apr_pool_t *pool)
{
    apr_status_t rv = open_mutex(&mutex, prefix, create, pool);
    for (int i = 0; rv == APR_SUCCESS && i < ROW; i++)
        rv = open_mutex(&row[i], apr_psprintf(pool, "%s-%d", prefix, i), create, pool);
    return rv;
}

static apr_status_t open_all(const char *prefix, int create, apr_pool_t *pool)
{
    apr_status_t rv;
    prefix = apr_pstrcat(pool, "Local\\", prefix, "-bare", NULL);
    fresh_name = apr_pstrcat(pool, prefix, "-fresh", NULL);
    held_name = apr_pstrcat(pool, prefix, "-held", NULL);
    if ((rv = open_mutexes(prefix, create, pool)) != APR_SUCCESS ||
        (rv = open_semaphore(&limited, prefix, "-limited", ROW, create, pool)) != APR_SUCCESS ||
        (rv = open_semaphore(&unlimited, prefix, "-unlimited", MAXLONG, create, pool)) !=
            APR_SUCCESS ||
        (rv = open_semaphore(&ping_sem, prefix, "-ping", MAXLONG, create, pool)) != APR_SUCCESS)
        return rv;
    return open_semaphore(&pong_sem, prefix, "-pong", MAXLONG, create, pool);
}

static apr_status_t hold(apr_pool_t *pool)
{
    HANDLE section;
    return keep(&section, create_section(held_name, LARGE_SIZE), pool);
}

/* A call of the kernel's costs so much that what is around it can't be seen. */
const side_t least = {.name = "least"};
const side_t bare = {.name = "bare", .open = open_all, .hold = hold, .run = LOOPS};
