/* SPDX-License-Identifier: Apache-2.0 */
/* isthmus bench: a short self-test of this machine. */
#include "tool.h"

#include <apr_strings.h>
#include <apr_thread_proc.h>
#include <stdio.h>
#include <string.h>

#define TURN     (apr_time_from_sec(1) / 2) /* for each operation */
#define MESSAGES 2000000u
#define BYTES    64u
#define PATIENCE apr_time_from_sec(30)
#define KILL     9 /* SIGKILL; Windows knows one way alone, and no numbers */

typedef apr_status_t step_fn(void *it);

/* Nanoseconds of a step, many at a time between two looks at the clock. */
static apr_status_t measure(const char *what, step_fn *step, void *it)
{
    apr_time_t began = apr_time_now(), now = began;
    apr_uint64_t n = 0;
    apr_status_t rv = APR_SUCCESS;
    for (int many = 1; rv == APR_SUCCESS && now - began < TURN; now = apr_time_now()) {
        for (int i = 0; rv == APR_SUCCESS && i < many; i++)
            rv = step(it);
        n += (apr_uint64_t)many;
        many = many < 10000 ? many * 2 : many;
    }
    if (rv == APR_SUCCESS)
        printf("%-26s %10.1f ns\n", what, (double)(now - began) * 1000 / (double)n);
    fflush(stdout);
    return rv;
}

static apr_status_t lock_unlock(void *it)
{
    apr_status_t rv = ist_mutex_lock(it);
    return rv == APR_SUCCESS ? ist_mutex_unlock(it) : rv;
}

static apr_status_t post_wait(void *it)
{
    apr_status_t rv = ist_semaphore_post(it);
    return rv == APR_SUCCESS ? ist_semaphore_wait(it) : rv;
}

typedef struct opening_t {
    const char *name;
    apr_pool_t *pool;
} opening_t;

static apr_status_t open_close(void *it)
{
    const opening_t *opening = it;
    ist_shm_t *shm;
    apr_status_t rv = ist_shm_open(&shm, opening->name, 4096, IST_CREATE, 0, opening->pool);
    if (rv == APR_SUCCESS)
        rv = ist_shm_close(shm);
    apr_pool_clear(opening->pool);
    return rv;
}

static apr_status_t alone(const char *name, apr_pool_t *pool)
{
    ist_mutex_t *mutex;
    ist_semaphore_t *semaphore;
    opening_t opening = {name, NULL};
    apr_status_t rv = ist_mutex_open(&mutex, name, IST_CREATE_ONLY, 0, pool);
    if (rv == APR_SUCCESS)
        rv = measure("lock and unlock", lock_unlock, mutex);
    if (rv == APR_SUCCESS)
        rv = ist_semaphore_open(&semaphore, name, 0, 1, IST_CREATE_ONLY, 0, pool);
    if (rv == APR_SUCCESS)
        rv = measure("post and wait", post_wait, semaphore);
    if (rv == APR_SUCCESS)
        rv = apr_pool_create(&opening.pool, pool);
    return rv == APR_SUCCESS ? measure("make and close 4 KiB", open_close, &opening) : rv;
}

/* ---- two processes ------------------------------------------------------------------ */

static apr_status_t produce(const char *name, apr_pool_t *pool)
{
    ist_queue_t *queue;
    apr_uint64_t message[BYTES / 8] = {0};
    apr_status_t rv = ist_queue_open(&queue, name, NULL, IST_SEND | IST_SOLE, 0, pool);
    for (apr_uint64_t n = 0; rv == APR_SUCCESS && n < MESSAGES; n++) {
        message[0] = n;
        message[BYTES / 8 - 1] = ~n;
        rv = ist_queue_timedsend(queue, message, sizeof message, PATIENCE);
    }
    return rv;
}

/* Each message once, whole, in order. */
static apr_status_t consume(ist_queue_t *queue, apr_uint64_t *wrong)
{
    apr_uint64_t message[BYTES / 8];
    apr_size_t size;
    apr_time_t began = 0;
    for (apr_uint64_t n = 0; n < MESSAGES; n++) {
        apr_status_t rv = ist_queue_timedreceive(queue, message, sizeof message, &size, PATIENCE);
        if (rv != APR_SUCCESS)
            return rv;
        if (n == 0)
            began = apr_time_now();
        *wrong += size != sizeof message || message[0] != n || message[BYTES / 8 - 1] != ~n;
    }
    printf("%-26s %10.1f ns\n", "message of 64 bytes",
           (double)(apr_time_now() - began) * 1000 / (MESSAGES - 1));
    return APR_SUCCESS;
}

static apr_status_t start_other(apr_proc_t *process, const char *name, apr_pool_t *pool)
{
    apr_procattr_t *how;
    const char *self = tool_self(pool);
    const char *const words[] = {self, "bench", "--as-sender", name, NULL};
    apr_status_t rv = apr_procattr_create(&how, pool);
    if (rv == APR_SUCCESS)
        rv = apr_procattr_cmdtype_set(how, APR_PROGRAM_ENV);
    return rv == APR_SUCCESS ? apr_proc_create(process, self, words, NULL, how, pool) : rv;
}

static apr_status_t together(const char *name, apr_uint64_t *wrong, apr_pool_t *pool)
{
    static const ist_queue_geometry_t geometry = {BYTES, 4096};
    ist_queue_t *queue;
    apr_proc_t process;
    apr_exit_why_e why;
    int code = 0;
    apr_status_t rv =
        ist_queue_open(&queue, name, &geometry, IST_CREATE_ONLY | IST_RECEIVE | IST_SOLE, 0, pool);
    if (rv == APR_SUCCESS)
        rv = start_other(&process, name, pool);
    if (rv != APR_SUCCESS)
        return rv;
    rv = consume(queue, wrong);
    if (rv != APR_SUCCESS)
        (void)apr_proc_kill(&process, KILL);
    (void)apr_proc_wait(&process, &code, &why, APR_WAIT);
    *wrong += rv == APR_SUCCESS && code != 0;
    return rv;
}

static int run(int argc, const char *const *argv, apr_pool_t *pool)
{
    static const apr_getopt_option_t known[] = {{"as-sender", 's', 1, ""}, {0}};
    const char *const *words, *argument;
    apr_getopt_t *state = tool_options(argc, argv, pool);
    int letter = tool_option(state, known, &argument);
    if (letter == 's')
        return produce(argument, pool) == APR_SUCCESS ? TOOL_OK : TOOL_ERROR;
    if (letter < 0)
        return tool_usage(&tool_bench, "an option is not known");
    if (tool_words(state, &words) > 0)
        return tool_usage(&tool_bench, "bench takes no names");
    apr_uint64_t wrong = 0;
    const char *name = apr_psprintf(pool, "isthmus-bench-%" APR_TIME_T_FMT, apr_time_now());
    apr_status_t rv = alone(name, pool);
    if (rv == APR_SUCCESS)
        rv = together(name, &wrong, pool);
    if (rv != APR_SUCCESS)
        return tool_fail("bench", rv, NULL);
    printf("%s\n", wrong == 0 ? "every message came whole, once, in order" : "MESSAGES ARE WRONG");
    return wrong == 0 ? TOOL_OK : TOOL_ERROR;
}

const tool_command_t tool_bench = {
    "bench", "", "Test this machine for some seconds",
    "Tells how long a lock and unlock, a post and wait, making and closing a segment, and a\n"
    "message between two processes take, and whether each message came. Only a glance: the\n"
    "source tree's make bench compares with the bare system calls and with others.\n",
    run};
