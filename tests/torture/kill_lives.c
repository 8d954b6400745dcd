/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Opens, closes and sweeps of each kind: whatever a kill leaves, the next creator
 * gets a fresh object at once, who holds one keeps it, and a sweep leaves nothing.
 */
#include "kill.h"

#include <sys/wait.h>
#include <unistd.h>

static const ist_queue_geometry_t geometry = {64, 4};
static void *handle; /* the child's, or the driver's */

static apr_status_t open_kind(ist_kind_e kind, apr_uint32_t flags)
{
    switch (kind) {
    case IST_KIND_MUTEX:
        return ist_mutex_open((ist_mutex_t **)&handle, kill_name, flags, 0, kill_pool);
    case IST_KIND_SEMAPHORE:
        return ist_semaphore_open((ist_semaphore_t **)&handle, kill_name, 1, 5, flags, 0,
                                  kill_pool);
    case IST_KIND_SHM:
        return ist_shm_open((ist_shm_t **)&handle, kill_name, 5000, flags, 0, kill_pool);
    case IST_KIND_REGION:
        return ist_region_open((ist_region_t **)&handle, kill_name, 5000, flags, 0, kill_pool);
    default:
        return ist_queue_open((ist_queue_t **)&handle, kill_name, &geometry,
                              flags | IST_SEND | IST_RECEIVE, 0, kill_pool);
    }
}

static apr_status_t close_kind(ist_kind_e kind)
{
    switch (kind) {
    case IST_KIND_MUTEX:
        return ist_mutex_close(handle);
    case IST_KIND_SEMAPHORE:
        return ist_semaphore_close(handle);
    case IST_KIND_SHM:
        return ist_shm_close(handle);
    case IST_KIND_REGION:
        return ist_region_close(handle);
    default:
        return ist_queue_close(handle);
    }
}

/* The object works, and is new: its data, its count, its lock. */
static int is_new(ist_kind_e kind)
{
    const unsigned char *bytes = NULL;
    apr_size_t size = 0;
    apr_uint32_t value = 1;
    int good = 1;
    if (kind == IST_KIND_MUTEX)
        good = ist_mutex_trylock(handle) == APR_SUCCESS && ist_mutex_unlock(handle) == APR_SUCCESS;
    if (kind == IST_KIND_SEMAPHORE)
        good = ist_semaphore_value(handle, &value) == APR_SUCCESS;
    if (kind == IST_KIND_SHM)
        bytes = ist_shm_base(handle), size = ist_shm_size(handle);
    if (kind == IST_KIND_REGION) {
        bytes = ist_region_base(handle), size = ist_region_size(handle);
        good = ist_region_trylock(handle) == APR_SUCCESS &&
               ist_region_unlock(handle) == APR_SUCCESS && ist_region_trywait(handle) == APR_EBUSY;
    }
    if (kind == IST_KIND_QUEUE)
        good = ist_queue_tryreceive(handle, NULL, 0, NULL) == APR_EBUSY;
    for (apr_size_t i = 0; i < size; i++)
        good = good && bytes[i] == 0;
    return good && value == 1;
}

/* Nobody has it open: it can be made anew, and then nothing is left. */
static outcome_e look_made(ist_kind_e kind)
{
    if (open_kind(kind, IST_CREATE_ONLY) != APR_SUCCESS || !is_new(kind) ||
        close_kind(kind) != APR_SUCCESS || ist_sweep(NULL, kill_pool) != APR_SUCCESS)
        return WRONG;
    return kill_left() ? WRONG : BEFORE;
}

/* The driver has it open: it works still, others can open it, and it goes with it. */
static outcome_e look_held(ist_kind_e kind)
{
    int status = 1;
    pid_t other = fork();
    if (other == 0) {
        execl("/proc/self/exe", "kill", "--visit", kill_name, (char[]){(char)kind, '\0'},
              (char *)NULL);
        _exit(9);
    }
    if (waitpid(other, &status, 0) != other || status != 0 || !is_new(kind) ||
        close_kind(kind) != APR_SUCCESS)
        return WRONG;
    if (ist_sweep(NULL, kill_pool) != APR_SUCCESS)
        return WRONG;
    return kill_left() ? WRONG : BEFORE;
}

int kill_visit(const char *name, ist_kind_e kind)
{
    kill_name = name;
    return open_kind(kind, 0) == APR_SUCCESS && close_kind(kind) == APR_SUCCESS ? 0 : 1;
}

static void nothing(void)
{
}

/* A dead object, as a killed holder leaves it. */
#define KIND(letter, value)                                                                        \
    static void letter##_open(void)                                                                \
    {                                                                                              \
        (void)open_kind(value, 0);                                                                 \
    }                                                                                              \
    static void letter##_create(void)                                                              \
    {                                                                                              \
        (void)open_kind(value, IST_CREATE);                                                        \
    }                                                                                              \
    static void letter##_create_only(void)                                                         \
    {                                                                                              \
        (void)open_kind(value, IST_CREATE_ONLY);                                                   \
    }                                                                                              \
    static void letter##_close(void)                                                               \
    {                                                                                              \
        (void)close_kind(value);                                                                   \
    }                                                                                              \
    static outcome_e letter##_made(void)                                                           \
    {                                                                                              \
        return look_made(value);                                                                   \
    }                                                                                              \
    static outcome_e letter##_held(void)                                                           \
    {                                                                                              \
        return look_held(value);                                                                   \
    }                                                                                              \
    static void letter##_dead(void)                                                                \
    {                                                                                              \
        pid_t maker = fork();                                                                      \
        int status;                                                                                \
        if (maker == 0)                                                                            \
            _exit(open_kind(value, IST_CREATE) == APR_SUCCESS ? 0 : 1);                            \
        kill_must(waitpid(maker, &status, 0) == maker && status == 0 ? APR_SUCCESS : APR_EGENERAL, \
                  "a dead object");                                                                \
    }

KIND(m, IST_KIND_MUTEX)
KIND(s, IST_KIND_SEMAPHORE)
KIND(d, IST_KIND_SHM)
KIND(r, IST_KIND_REGION)
KIND(q, IST_KIND_QUEUE)

static void sweep(void)
{
    (void)ist_sweep(NULL, kill_pool);
}

#define CALLS(letter, word)                                                                        \
    {word " create", 0, 1, nothing, nothing, letter##_create, letter##_made},                      \
        {word " create only", 0, 1, nothing, nothing, letter##_create_only, letter##_made},        \
        {word " create, a dead one there",                                                         \
         0,                                                                                        \
         1,                                                                                        \
         letter##_dead,                                                                            \
         nothing,                                                                                  \
         letter##_create,                                                                          \
         letter##_made},                                                                           \
        {word " open, held by another",                                                            \
         0,                                                                                        \
         1,                                                                                        \
         letter##_create,                                                                          \
         letter##_close,                                                                           \
         letter##_open,                                                                            \
         letter##_held},                                                                           \
        {word " close, the last", 0, 1, nothing, letter##_create, letter##_close, letter##_made},  \
    {                                                                                              \
        word " sweep of a dead one", 0, 1, letter##_dead, nothing, sweep, letter##_made            \
    }

const kill_call_t kill_lives[] = {
    CALLS(m, "mutex"),  CALLS(s, "semaphore"), CALLS(d, "segment"),
    CALLS(r, "region"), CALLS(q, "queue"),     {NULL, 0, 0, NULL, NULL, NULL, NULL},
};
