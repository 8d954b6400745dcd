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

static HANDLE mutex;
static HANDLE row[ROW];
static HANDLE limited;
static HANDLE unlimited;
static HANDLE ping_sem;
static HANDLE pong_sem;
static const char *fresh_name;
static const char *held_name;

static apr_status_t error(void)
{
    DWORD code = GetLastError();
    return code != 0 ? APR_FROM_OS_ERROR(code) : APR_EGENERAL;
}

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

static HANDLE create_section(const char *name, DWORD size)
{
    return CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, size, name);
}

static apr_status_t hold(apr_pool_t *pool)
{
    HANDLE section;
    return keep(&section, create_section(held_name, LARGE_SIZE), pool);
}

static apr_status_t lock_unlock(apr_uint64_t n, apr_uint64_t *ns)
{
    apr_uint64_t start = bare_now();
    for (apr_uint64_t i = 0; i < n; i++) {
        if (WaitForSingleObject(mutex, INFINITE) != WAIT_OBJECT_0 || !ReleaseMutex(mutex))
            return error();
    }
    *ns = bare_now() - start;
    return APR_SUCCESS;
}

static apr_status_t lock_rows(apr_uint64_t n, apr_uint64_t *locks, apr_uint64_t *unlocks)
{
    *locks = *unlocks = 0;
    for (apr_uint64_t i = 0; i < n; i += ROW) {
        apr_uint64_t start = bare_now();
        for (int k = 0; k < ROW; k++) {
            if (WaitForSingleObject(row[k], INFINITE) != WAIT_OBJECT_0)
                return error();
        }
        apr_uint64_t middle = bare_now();
        for (int k = 0; k < ROW; k++) {
            if (!ReleaseMutex(row[k]))
                return error();
        }
        *locks += middle - start;
        *unlocks += bare_now() - middle;
    }
    return APR_SUCCESS;
}

static apr_status_t lock(apr_uint64_t n, apr_uint64_t *ns)
{
    apr_uint64_t other;
    return lock_rows(n, ns, &other);
}

static apr_status_t unlock(apr_uint64_t n, apr_uint64_t *ns)
{
    apr_uint64_t other;
    return lock_rows(n, &other, ns);
}

static apr_status_t post_and_wait(HANDLE post, HANDLE wait, apr_uint64_t n, apr_uint64_t *ns)
{
    apr_uint64_t start = bare_now();
    for (apr_uint64_t i = 0; i < n; i++) {
        if (!ReleaseSemaphore(post, 1, NULL) ||
            WaitForSingleObject(wait, INFINITE) != WAIT_OBJECT_0)
            return error();
    }
    *ns = bare_now() - start;
    return APR_SUCCESS;
}

static apr_status_t post_wait_max(apr_uint64_t n, apr_uint64_t *ns)
{
    return post_and_wait(limited, limited, n, ns);
}

static apr_status_t post_wait(apr_uint64_t n, apr_uint64_t *ns)
{
    return post_and_wait(unlimited, unlimited, n, ns);
}

static apr_status_t ping(apr_uint64_t n, apr_uint64_t *ns)
{
    return post_and_wait(ping_sem, pong_sem, n, ns);
}

static apr_status_t pong(apr_uint64_t n, apr_uint64_t *ns)
{
    *ns = 0;
    for (apr_uint64_t i = 0; i < n; i++) {
        if (WaitForSingleObject(ping_sem, INFINITE) != WAIT_OBJECT_0 ||
            !ReleaseSemaphore(pong_sem, 1, NULL))
            return error();
    }
    return APR_SUCCESS;
}

static apr_status_t count_rows(apr_uint64_t n, apr_uint64_t *posts, apr_uint64_t *waits)
{
    *posts = *waits = 0;
    for (apr_uint64_t i = 0; i < n; i += ROW) {
        apr_uint64_t start = bare_now();
        for (int k = 0; k < ROW; k++) {
            if (!ReleaseSemaphore(limited, 1, NULL))
                return error();
        }
        apr_uint64_t middle = bare_now();
        for (int k = 0; k < ROW; k++) {
            if (WaitForSingleObject(limited, INFINITE) != WAIT_OBJECT_0)
                return error();
        }
        *posts += middle - start;
        *waits += bare_now() - middle;
    }
    return APR_SUCCESS;
}

static apr_status_t post(apr_uint64_t n, apr_uint64_t *ns)
{
    apr_uint64_t other;
    return count_rows(n, ns, &other);
}

static apr_status_t wait_unit(apr_uint64_t n, apr_uint64_t *ns)
{
    apr_uint64_t other;
    return count_rows(n, &other, ns);
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

static apr_status_t create_close(DWORD size, apr_uint64_t n, apr_uint64_t *ns)
{
    apr_status_t rv = APR_SUCCESS;
    apr_uint64_t start = bare_now();
    for (apr_uint64_t i = 0; rv == APR_SUCCESS && i < n; i++)
        rv = map_once(create_section(fresh_name, size));
    *ns = bare_now() - start;
    return rv;
}

static apr_status_t create_4k(apr_uint64_t n, apr_uint64_t *ns)
{
    return create_close(SMALL_SIZE, n, ns);
}

static apr_status_t create_1m(apr_uint64_t n, apr_uint64_t *ns)
{
    return create_close(LARGE_SIZE, n, ns);
}

static apr_status_t open_held(apr_uint64_t n, apr_uint64_t *ns)
{
    apr_status_t rv = APR_SUCCESS;
    apr_uint64_t start = bare_now();
    for (apr_uint64_t i = 0; rv == APR_SUCCESS && i < n; i++)
        rv = map_once(OpenFileMappingA(FILE_MAP_READ | FILE_MAP_WRITE, FALSE, held_name));
    *ns = bare_now() - start;
    return rv;
}

const side_t bare = {
    .name = "bare",
    .open = open_all,
    .hold = hold,
    .run = {[OP_LOCK_UNLOCK] = lock_unlock,
            [OP_LOCK] = lock,
            [OP_UNLOCK] = unlock,
            [OP_POST_WAIT_MAX] = post_wait_max,
            [OP_POST_WAIT] = post_wait,
            [OP_POST] = post,
            [OP_WAIT] = wait_unit,
            [OP_PING] = ping,
            [OP_PONG] = pong,
            [OP_CREATE_4K] = create_4k,
            [OP_CREATE_1M] = create_1m,
            [OP_OPEN] = open_held},
};
