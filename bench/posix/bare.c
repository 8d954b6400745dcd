/* SPDX-License-Identifier: Apache-2.0 */
/* The measured operations by the POSIX calls themselves. */
#ifndef _GNU_SOURCE
#  define _GNU_SOURCE 1 /* F_OFD_SETLK */
#endif
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <apr_strings.h>

#include "../bare.h"
#include "../floor.h"

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

typedef pthread_mutex_t *mutex_h;
typedef sem_t *sem_h;

static inline apr_status_t lock_it(mutex_h it)
{
    return APR_FROM_OS_ERROR(pthread_mutex_lock(it));
}

static inline apr_status_t unlock_it(mutex_h it)
{
    return APR_FROM_OS_ERROR(pthread_mutex_unlock(it));
}

static inline apr_status_t post_it(sem_h it)
{
    return sem_post(it) == 0 ? APR_SUCCESS : APR_FROM_OS_ERROR(errno);
}

static inline apr_status_t wait_it(sem_h it)
{
    return sem_wait(it) == 0 ? APR_SUCCESS : APR_FROM_OS_ERROR(errno);
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

static inline apr_status_t create_it(const char *name, apr_size_t size)
{
    void *base = NULL;
    apr_status_t rv = map(&base, name, size, O_CREAT | O_EXCL);
    if (rv != APR_SUCCESS)
        return rv;
    munmap(base, size);
    shm_unlink(name);
    return APR_SUCCESS;
}

static inline apr_status_t open_it(const char *name, apr_size_t size)
{
    void *base = NULL;
    apr_status_t rv = map(&base, name, size, 0);
    if (rv == APR_SUCCESS)
        munmap(base, size);
    return rv;
}

#include "../loops.h"

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

static void init_mutex(pthread_mutex_t *it)
{
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
    pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE);
    pthread_mutex_init(it, &attributes);
    pthread_mutexattr_destroy(&attributes);
}

static apr_status_t open_mutexes(const char *prefix, int create, apr_pool_t *pool)
{
    const char *name = apr_pstrcat(pool, prefix, "-mutexes", NULL);
    void *base = NULL;
    apr_status_t rv = map(&base, name, sizeof(shared_t), create ? O_CREAT | O_EXCL : 0);
    if (rv != APR_SUCCESS)
        return rv;
    shared_t *shared = base;
    mutex = &shared->mutex;
    for (int i = 0; i < ROW; i++)
        row[i] = &shared->row[i];
    if (!create)
        return APR_SUCCESS;
    apr_pool_cleanup_register(pool, name, unlink_segment, apr_pool_cleanup_null);
    init_mutex(mutex);
    for (int i = 0; i < ROW; i++)
        init_mutex(row[i]);
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
    void *base = NULL;
    apr_status_t rv = map(&base, held_name, LARGE_SIZE, O_CREAT | O_EXCL);
    if (rv == APR_SUCCESS)
        apr_pool_cleanup_register(pool, held_name, unlink_segment, apr_pool_cleanup_null);
    return rv;
}

/* Through a shared library that does nothing else. */
static apr_status_t floor_lock_unlock(apr_uint64_t n, apr_uint64_t *ns)
{
    mutex_h one = mutex;
    apr_uint64_t start = bare_now();
    for (apr_uint64_t i = 0; i < n; i++) {
        int error;
        if ((error = floor_lock(one)) != 0 || (error = floor_unlock(one)) != 0)
            return APR_FROM_OS_ERROR(error);
    }
    *ns = bare_now() - start;
    return APR_SUCCESS;
}

static void lock_file(int fd, int command, short type)
{
    struct flock it = {.l_type = type, .l_whence = SEEK_SET};
    (void)fcntl(fd, command, &it);
}

/* The system calls alone of an opener and a closer in docs/layout.md; what they answer
 * is of no interest here. */
static apr_status_t floor_open_it(const char *name, apr_size_t size)
{
    char header[768];
    struct stat file;
    int fd = shm_open(name, O_RDWR, 0);
    if (fd < 0)
        return APR_FROM_OS_ERROR(errno);
    lock_file(fd, F_OFD_GETLK, F_WRLCK);
    lock_file(fd, F_OFD_SETLK, F_RDLCK);
    void *base = MAP_FAILED;
    if (fstat(fd, &file) == 0 && pread(fd, header, sizeof header, 0) >= 0)
        base = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    if (base == MAP_FAILED)
        return APR_FROM_OS_ERROR(errno);
    munmap(base, size);
    fd = shm_open(name, O_RDWR, 0);
    (void)fstat(fd, &file);
    lock_file(fd, F_OFD_SETLK, F_WRLCK);
    close(fd);
    return APR_SUCCESS;
}

static apr_status_t floor_open(apr_uint64_t n, apr_uint64_t *ns)
{
    return segments(floor_open_it, held_name, LARGE_SIZE, n, ns);
}

const side_t least = {
    .name = "least",
    .run = {[OP_LOCK_UNLOCK] = floor_lock_unlock, [OP_OPEN] = floor_open},
};
const side_t bare = {.name = "bare", .open = open_all, .hold = hold, .run = LOOPS};
