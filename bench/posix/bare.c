/* SPDX-License-Identifier: Apache-2.0 */
/* The measured operations by the POSIX calls themselves. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <sys/mman.h>
#include <unistd.h>

#include <apr_strings.h>

#include "../bare.h"

const goal_t bare_goals[] = {
    {"lock+unlock", 1.10},
    {"lock+unlock, 2 processes", 0.85},
    {"post+wait, with a maximum", 1.25},
    {"post+wait, without", 1.25},
    {"ping-pong on one core", 1.25},
    {"create, map, close 4 KiB", 2.0},
    {"create, map, close 1 MiB", 1.25},
    {"open, map, close", 1.5},
    {NULL, 0},
};

typedef struct shared_t {
    pthread_mutex_t mutex;
    unsigned char pad[64 - sizeof(pthread_mutex_t) % 64];
    pthread_mutex_t row[ROW];
} shared_t;

static shared_t *shared;
static sem_t *limited;
static sem_t *unlimited;
static sem_t *ping_sem;
static sem_t *pong_sem;
static const char *fresh_name;
static const char *held_name;

static apr_status_t unlink_segment(void *name)
{
    shm_unlink(name);
    return APR_SUCCESS;
}

static apr_status_t unlink_semaphore(void *name)
{
    sem_unlink(name);
    return APR_SUCCESS;
}

/* Opens or creates, maps, and closes the descriptor. */
static apr_status_t map(void **base, const char *name, size_t size, int flags)
{
    int fd = shm_open(name, O_RDWR | flags, 0600);
    if (fd < 0)
        return APR_FROM_OS_ERROR(errno);
    int error = (flags & O_CREAT) != 0 ? posix_fallocate(fd, 0, (off_t)size) : 0;
    if (error == 0) {
        *base = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
        error = *base == MAP_FAILED ? errno : 0;
    }
    close(fd);
    return error == 0 ? APR_SUCCESS : APR_FROM_OS_ERROR(error);
}

static void init_mutex(pthread_mutex_t *mutex)
{
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
    pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE);
    pthread_mutex_init(mutex, &attributes);
    pthread_mutexattr_destroy(&attributes);
}

static apr_status_t open_mutexes(const char *prefix, int create, apr_pool_t *pool)
{
    const char *name = apr_pstrcat(pool, prefix, "-mutexes", NULL);
    void *base;
    apr_status_t rv = map(&base, name, sizeof(shared_t), create ? O_CREAT | O_EXCL : 0);
    if (rv != APR_SUCCESS)
        return rv;
    shared = base;
    if (!create)
        return APR_SUCCESS;
    apr_pool_cleanup_register(pool, name, unlink_segment, apr_pool_cleanup_null);
    init_mutex(&shared->mutex);
    for (int i = 0; i < ROW; i++)
        init_mutex(&shared->row[i]);
    return APR_SUCCESS;
}

static apr_status_t open_semaphore(sem_t **sem, const char *prefix, const char *suffix, int create,
                                   apr_pool_t *pool)
{
    const char *name = apr_pstrcat(pool, prefix, suffix, NULL);
    *sem = create ? sem_open(name, O_CREAT | O_EXCL, 0600, 0) : sem_open(name, 0);
    if (*sem == SEM_FAILED)
        return APR_FROM_OS_ERROR(errno);
    if (create)
        apr_pool_cleanup_register(pool, name, unlink_semaphore, apr_pool_cleanup_null);
    return APR_SUCCESS;
}

static apr_status_t open_all(const char *prefix, int create, apr_pool_t *pool)
{
    apr_status_t rv;
    prefix = apr_pstrcat(pool, "/", prefix, NULL);
    fresh_name = apr_pstrcat(pool, prefix, "-fresh", NULL);
    held_name = apr_pstrcat(pool, prefix, "-held", NULL);
    if ((rv = open_mutexes(prefix, create, pool)) != APR_SUCCESS ||
        (rv = open_semaphore(&limited, prefix, "-limited", create, pool)) != APR_SUCCESS ||
        (rv = open_semaphore(&unlimited, prefix, "-unlimited", create, pool)) != APR_SUCCESS ||
        (rv = open_semaphore(&ping_sem, prefix, "-ping", create, pool)) != APR_SUCCESS)
        return rv;
    return open_semaphore(&pong_sem, prefix, "-pong", create, pool);
}

static apr_status_t hold(apr_pool_t *pool)
{
    void *base;
    apr_status_t rv = map(&base, held_name, LARGE_SIZE, O_CREAT | O_EXCL);
    if (rv == APR_SUCCESS)
        apr_pool_cleanup_register(pool, held_name, unlink_segment, apr_pool_cleanup_null);
    return rv;
}

static apr_status_t lock_unlock(apr_uint64_t n, apr_uint64_t *ns)
{
    pthread_mutex_t *mutex = &shared->mutex;
    apr_uint64_t start = bare_now();
    for (apr_uint64_t i = 0; i < n; i++) {
        int error;
        if ((error = pthread_mutex_lock(mutex)) != 0 || (error = pthread_mutex_unlock(mutex)) != 0)
            return APR_FROM_OS_ERROR(error);
    }
    *ns = bare_now() - start;
    return APR_SUCCESS;
}

static apr_status_t lock_rows(apr_uint64_t n, apr_uint64_t *locks, apr_uint64_t *unlocks)
{
    *locks = *unlocks = 0;
    for (apr_uint64_t i = 0; i < n; i += ROW) {
        int error;
        apr_uint64_t start = bare_now();
        for (int k = 0; k < ROW; k++) {
            if ((error = pthread_mutex_lock(&shared->row[k])) != 0)
                return APR_FROM_OS_ERROR(error);
        }
        apr_uint64_t middle = bare_now();
        for (int k = 0; k < ROW; k++) {
            if ((error = pthread_mutex_unlock(&shared->row[k])) != 0)
                return APR_FROM_OS_ERROR(error);
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

static apr_status_t post_and_wait(sem_t *post, sem_t *wait, apr_uint64_t n, apr_uint64_t *ns)
{
    apr_uint64_t start = bare_now();
    for (apr_uint64_t i = 0; i < n; i++) {
        if (sem_post(post) != 0 || sem_wait(wait) != 0)
            return APR_FROM_OS_ERROR(errno);
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
        if (sem_wait(ping_sem) != 0 || sem_post(pong_sem) != 0)
            return APR_FROM_OS_ERROR(errno);
    }
    return APR_SUCCESS;
}

static apr_status_t count_rows(apr_uint64_t n, apr_uint64_t *posts, apr_uint64_t *waits)
{
    *posts = *waits = 0;
    for (apr_uint64_t i = 0; i < n; i += ROW) {
        apr_uint64_t start = bare_now();
        for (int k = 0; k < ROW; k++) {
            if (sem_post(limited) != 0)
                return APR_FROM_OS_ERROR(errno);
        }
        apr_uint64_t middle = bare_now();
        for (int k = 0; k < ROW; k++) {
            if (sem_wait(limited) != 0)
                return APR_FROM_OS_ERROR(errno);
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

static apr_status_t map_unmap(const char *name, size_t size, int flags, apr_uint64_t n,
                              apr_uint64_t *ns)
{
    apr_uint64_t start = bare_now();
    for (apr_uint64_t i = 0; i < n; i++) {
        void *base;
        apr_status_t rv = map(&base, name, size, flags);
        if (rv != APR_SUCCESS)
            return rv;
        munmap(base, size);
        if (flags != 0)
            shm_unlink(name);
    }
    *ns = bare_now() - start;
    return APR_SUCCESS;
}

static apr_status_t create_4k(apr_uint64_t n, apr_uint64_t *ns)
{
    return map_unmap(fresh_name, SMALL_SIZE, O_CREAT | O_EXCL, n, ns);
}

static apr_status_t create_1m(apr_uint64_t n, apr_uint64_t *ns)
{
    return map_unmap(fresh_name, LARGE_SIZE, O_CREAT | O_EXCL, n, ns);
}

static apr_status_t open_held(apr_uint64_t n, apr_uint64_t *ns)
{
    return map_unmap(held_name, LARGE_SIZE, 0, n, ns);
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
