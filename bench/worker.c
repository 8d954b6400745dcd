/* SPDX-License-Identifier: Apache-2.0 */
/* The second process, and the third: started by the first, told by lines. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <apr_file_io.h>
#include <apr_strings.h>
#include <apr_thread_proc.h>

#include "bench.h"

struct worker_t {
    apr_proc_t process;
};

#define LINE_SIZE 120

/* How many locks and unlocks between two looks at the clock. */
#define STRETCH 128

static apr_status_t put_line(apr_file_t *file, const char *line)
{
    return apr_file_write_full(file, line, strlen(line), NULL);
}

static apr_status_t tell(worker_t *worker, const char *what, const side_t *side, apr_uint64_t n)
{
    char line[LINE_SIZE];
    snprintf(line, sizeof line, "%s %s %" PRIu64 "\n", what, side->name, (uint64_t)n);
    return put_line(worker->process.in, line);
}

apr_status_t worker_pong(worker_t *worker, const side_t *side, apr_uint64_t n)
{
    return tell(worker, "pong", side, n);
}

apr_status_t worker_contend(worker_t *worker, const side_t *side, apr_uint64_t ns)
{
    return tell(worker, "contend", side, ns);
}

apr_status_t worker_done(worker_t *worker, apr_uint64_t *n, apr_uint64_t *ns)
{
    char line[LINE_SIZE];
    uint64_t done;
    uint64_t time;
    apr_status_t rv = apr_file_gets(line, sizeof line, worker->process.out);
    if (rv != APR_SUCCESS)
        return rv;
    if (sscanf(line, "done %" SCNu64 " %" SCNu64, &done, &time) != 2)
        return APR_EGENERAL;
    *n = done;
    *ns = time;
    return APR_SUCCESS;
}

apr_status_t worker_start(worker_t **worker, const char *prefix, unsigned core, apr_pool_t *pool)
{
    apr_procattr_t *attributes;
    const char *program = bare_program(pool);
    const char *args[] = {program, WORKER_OPTION, prefix, apr_psprintf(pool, "%u", core), NULL};
    apr_uint64_t ignored;
    apr_status_t rv;
    *worker = apr_pcalloc(pool, sizeof **worker);
    if (program == NULL)
        return APR_ENOTIMPL;
    if ((rv = apr_procattr_create(&attributes, pool)) != APR_SUCCESS ||
        (rv = apr_procattr_io_set(attributes, APR_FULL_BLOCK, APR_FULL_BLOCK, APR_NO_PIPE)) !=
            APR_SUCCESS ||
        (rv = apr_procattr_cmdtype_set(attributes, APR_PROGRAM_ENV)) != APR_SUCCESS ||
        (rv = apr_proc_create(&(*worker)->process, program, args, NULL, attributes, pool)) !=
            APR_SUCCESS)
        return rv;
    apr_pool_note_subprocess(pool, &(*worker)->process, APR_KILL_ALWAYS);
    return worker_done(*worker, &ignored, &ignored);
}

apr_status_t worker_end(worker_t *worker)
{
    int code;
    apr_exit_why_e why;
    apr_file_close(worker->process.in);
    apr_status_t rv = apr_proc_wait(&worker->process, &code, &why, APR_WAIT);
    if (!APR_STATUS_IS_CHILD_DONE(rv))
        return rv;
    return why == APR_PROC_EXIT && code == 0 ? APR_SUCCESS : APR_EGENERAL;
}

static apr_status_t contend(const side_t *side, apr_uint64_t duration, apr_uint64_t *n,
                            apr_uint64_t *ns)
{
    apr_uint64_t start = bare_now();
    *n = 0;
    do {
        apr_uint64_t ignored;
        apr_status_t rv = side->run[OP_LOCK_UNLOCK](STRETCH, &ignored);
        if (rv != APR_SUCCESS)
            return rv;
        *n += STRETCH;
        *ns = bare_now() - start;
    } while (*ns < duration);
    return APR_SUCCESS;
}

/* Does what a line says. */
static apr_status_t obey(const char *line, apr_uint64_t *n, apr_uint64_t *ns)
{
    char what[16];
    char who[16];
    uint64_t number;
    if (sscanf(line, "%15s %15s %" SCNu64, what, who, &number) != 3)
        return APR_EGENERAL;
    const side_t *side = strcmp(who, ours.name) == 0 ? &ours : &bare;
    if (strcmp(what, "contend") == 0)
        return contend(side, number, n, ns);
    *n = number;
    return side->run[OP_PONG](number, ns);
}

static apr_status_t begin(const char *prefix, unsigned core, apr_pool_t *pool)
{
    apr_status_t rv;
    if ((rv = bare_pin(core)) != APR_SUCCESS || (rv = ours.open(prefix, 0, pool)) != APR_SUCCESS ||
        (rv = bare.open(prefix, 0, pool)) != APR_SUCCESS)
        return rv;
    if (core != 0)
        return APR_SUCCESS;
    rv = ours.hold(pool);
    return rv == APR_SUCCESS ? bare.hold(pool) : rv;
}

int worker_main(const char *prefix, const char *core, apr_pool_t *pool)
{
    char line[LINE_SIZE];
    apr_file_t *in;
    apr_file_t *out;
    apr_uint64_t n = 0;
    apr_uint64_t ns = 0;
    if (apr_file_open_stdin(&in, pool) != APR_SUCCESS ||
        apr_file_open_stdout(&out, pool) != APR_SUCCESS)
        return 1;
    apr_status_t rv = begin(prefix, (unsigned)apr_atoi64(core), pool);
    while (rv == APR_SUCCESS) {
        snprintf(line, sizeof line, "done %" PRIu64 " %" PRIu64 "\n", (uint64_t)n, (uint64_t)ns);
        if (put_line(out, line) != APR_SUCCESS ||
            apr_file_gets(line, sizeof line, in) != APR_SUCCESS)
            return 0; /* the first process is gone */
        rv = obey(line, &n, &ns);
    }
    fprintf(stderr, "bench worker %s: %s\n", core, apr_strerror(rv, line, sizeof line));
    return 1;
}
