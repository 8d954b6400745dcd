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

/* Who comes first may, in turn, sweep, open what is dead, or make it anew at once. */
static int comes_first(ist_kind_e kind)
{
    switch (kill_turn % KILL_TURNS) {
    case 0:
        return ist_sweep(NULL, kill_pool) == APR_SUCCESS && kill_left() == 0;
    case 1:
        return open_kind(kind, 0) == APR_ENOENT;
    default:
        return 1;
    }
}

static int closes(ist_kind_e kind)
{
    return close_kind(kind) == APR_SUCCESS && ist_sweep(NULL, kill_pool) == APR_SUCCESS &&
           kill_left() == 0;
}

static int remakes(ist_kind_e kind)
{
    return comes_first(kind) && open_kind(kind, IST_CREATE_ONLY) == APR_SUCCESS && is_new(kind) &&
           closes(kind);
}

/* Nobody has it open: it can be made anew, and then nothing is left. Here AFTER is that
 * it was there at the kill (so a sweep of somebody else's can't have removed it, if the
 * call has returned: the child had it open then), */
static outcome_e look_made(ist_kind_e kind)
{
    if (!remakes(kind))
        return WRONG;
    return (kill_there & KILL_KIND(kind)) != 0 ? AFTER : BEFORE;
}

/* here that it was gone, */
static outcome_e look_gone(ist_kind_e kind)
{
    if (!remakes(kind))
        return WRONG;
    return (kill_there & (KILL_KIND(kind) | KILL_BELL)) == 0 ? AFTER : BEFORE;
}

/* and here it does not matter. */
static outcome_e look_dead(ist_kind_e kind)
{
    return remakes(kind) ? BEFORE : WRONG;
}

/* The driver has it open: it works still, others can open it, and it goes with it. */
static outcome_e look_held(ist_kind_e kind)
{
    int status = 1;
    if (kill_turn % KILL_TURNS == 0 && ist_sweep(NULL, kill_pool) != APR_SUCCESS)
        return WRONG;
    pid_t other = fork();
    if (other == 0) {
        execl("/proc/self/exe", "kill", "--visit", kill_name, (char[]){(char)kind, '\0'},
              (char *)NULL);
        _exit(9);
    }
    if (waitpid(other, &status, 0) != other || status != 0 || !is_new(kind))
        return WRONG;
    return closes(kind) ? BEFORE : WRONG;
}

int kill_visit(const char *name, ist_kind_e kind)
{
    kill_name = name;
    return open_kind(kind, 0) == APR_SUCCESS && close_kind(kind) == APR_SUCCESS ? 0 : 1;
}

static apr_status_t nothing(void)
{
    return APR_SUCCESS;
}

static apr_status_t sweep(void)
{
    return ist_sweep(NULL, kill_pool);
}

static apr_status_t answers(apr_status_t status, apr_status_t expected)
{
    return status == expected ? APR_SUCCESS : APR_EGENERAL;
}

/* A dead object, as a killed holder leaves it. */
static apr_status_t dead_kind(ist_kind_e kind)
{
    int status;
    pid_t maker = fork();
    if (maker == 0)
        _exit(open_kind(kind, IST_CREATE) == APR_SUCCESS ? 0 : 1);
    return waitpid(maker, &status, 0) == maker && status == 0 ? APR_SUCCESS : APR_EGENERAL;
}

/* The child gives up what it inherited, and opens it by itself. */
static apr_status_t reopen_kind(ist_kind_e kind)
{
    apr_status_t status = close_kind(kind);
    return status == APR_SUCCESS ? open_kind(kind, 0) : status;
}

#define STEP(letter, word, what)                                                                   \
    static apr_status_t letter##_##word(void)                                                      \
    {                                                                                              \
        return what;                                                                               \
    }
#define LOOK(letter, word, kind)                                                                   \
    static outcome_e letter##_look_##word(void)                                                    \
    {                                                                                              \
        return look_##word(kind);                                                                  \
    }
#define KIND(letter, kind)                                                                         \
    STEP(letter, create, open_kind(kind, IST_CREATE))                                              \
    STEP(letter, create_only, open_kind(kind, IST_CREATE_ONLY))                                    \
    STEP(letter, create_taken, answers(open_kind(kind, IST_CREATE_ONLY), APR_EEXIST))              \
    STEP(letter, open, open_kind(kind, 0))                                                         \
    STEP(letter, open_none, answers(open_kind(kind, 0), APR_ENOENT))                               \
    STEP(letter, reopen, reopen_kind(kind))                                                        \
    STEP(letter, close, close_kind(kind))                                                          \
    STEP(letter, dead, dead_kind(kind))                                                            \
    LOOK(letter, made, kind)                                                                       \
    LOOK(letter, gone, kind)                                                                       \
    LOOK(letter, held, kind)

KIND(m, IST_KIND_MUTEX)
KIND(s, IST_KIND_SEMAPHORE)
KIND(d, IST_KIND_SHM)
KIND(r, IST_KIND_REGION)
KIND(q, IST_KIND_QUEUE)

STEP(d, read, open_kind(IST_KIND_SHM, IST_READ_ONLY))
STEP(d, read_none, answers(open_kind(IST_KIND_SHM, IST_READ_ONLY), APR_ENOENT))
LOOK(d, dead, IST_KIND_SHM)

/* Made or ended by the child alone; and of an object that the driver has open. */
#define ROW(name, first, done, begin, prepare, call, look)                                         \
    {                                                                                              \
        name, 0, 1, first, done, begin, prepare, call, look                                        \
    }
#define LIVE(name, letter, prepare, call)                                                          \
    ROW(name, BEFORE, BEFORE, letter##_create, prepare, call, letter##_look_held)

/* clang-format off */
#define CALLS(k, word)                                                                             \
    ROW(word " create", BEFORE, AFTER, nothing, nothing, k##_create, k##_look_made),               \
    ROW(word " create only", BEFORE, AFTER, nothing, nothing, k##_create_only, k##_look_made),     \
    ROW(word " create, a dead one there", AFTER, AFTER, k##_dead, nothing, k##_create,             \
        k##_look_made),                                                                            \
    ROW(word " open of a dead one", BEFORE, AFTER, k##_dead, nothing, k##_open_none,               \
        k##_look_gone),                                                                            \
    ROW(word " close, the last", BEFORE, AFTER, nothing, k##_create, k##_close, k##_look_gone),    \
    ROW(word " sweep of a dead one", BEFORE, AFTER, k##_dead, nothing, sweep, k##_look_gone),      \
    LIVE(word " open, held by another", k, k##_close, k##_open),                                   \
    LIVE(word " create, held by another", k, k##_close, k##_create),                               \
    LIVE(word " create only, held", k, k##_close, k##_create_taken),                               \
    LIVE(word " close, held by another", k, k##_reopen, k##_close),                                \
    LIVE(word " sweep beside a live one", k, k##_close, sweep)

const kill_call_t kill_lives[] = {
    CALLS(m, "mutex"),
    CALLS(s, "semaphore"),
    CALLS(d, "segment"),
    LIVE("segment read-only open, held", d, d_close, d_read),
    ROW("segment read-only open of a dead", BEFORE, BEFORE, d_dead, nothing, d_read_none,
        d_look_dead),
    CALLS(r, "region"),
    CALLS(q, "queue"),
    {NULL, 0, 0, BEFORE, BEFORE, NULL, NULL, NULL, NULL},
};
/* clang-format on */
