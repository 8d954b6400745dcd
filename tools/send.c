/* SPDX-License-Identifier: Apache-2.0 */
/* isthmus send: standard input, or a file, into a queue. */
#include "stream.h"

#include <stdio.h>
#include <string.h>

#define ROOM  (STREAM_MESSAGE - 1)
#define PAUSE 1000 /* microseconds between looks at what was taken */
/* How often to look, while there is no room, whether receivers go on. */
#define LOOK (apr_time_from_sec(1) / 2)

typedef struct job_t {
    const char *name;
    const char *path; /* NULL: standard input */
    apr_interval_time_t timeout;
    apr_uint32_t flags;
    int whole; /* bytes as they come, no lines */
    int no_wait;
    int no_end;
    apr_uint64_t received; /* by receivers, at the last look */
    apr_time_t moved;      /* when that was seen to have grown, or waiting began */
    const char *failing;   /* what the status is about */
    ist_queue_t *queue;
    apr_file_t *file;
    progress_t progress;
    char room[STREAM_MESSAGE];
    apr_size_t used; /* after the letter */
} job_t;

static int parse(job_t *job, apr_getopt_t *state)
{
    static const apr_getopt_option_t known[] = {{"file", 'f', 1, ""},
                                                {"stream", 's', 0, ""},
                                                {"no-wait", 'n', 0, ""},
                                                {"timeout", 't', 1, ""},
                                                {"global", 'g', 0, ""},
                                                {"no-end", 'e', 0, ""},
                                                {0}};
    const char *argument;
    int letter;
    while ((letter = tool_option(state, known, &argument)) > 0) {
        if (letter == 't' && !tool_seconds(argument, &job->timeout))
            return tool_usage(&tool_send, "--timeout takes seconds");
        if (letter == 'f')
            job->path = argument;
        if (letter == 'g')
            job->flags |= IST_GLOBAL;
        job->whole |= letter == 's' || letter == 'f';
        job->no_wait |= letter == 'n';
        job->no_end |= letter == 'e';
    }
    return letter < 0 ? tool_usage(&tool_send, "an option is not known, or lacks its value")
                      : TOOL_OK;
}

/* Look: APR_TIMEUP when receivers have taken nothing for as long as the timeout. */
static apr_status_t look(job_t *job, ist_queue_state_t *state)
{
    apr_time_t now = apr_time_now();
    apr_status_t rv = ist_queue_state(job->queue, state);
    if (rv != APR_SUCCESS)
        return rv;
    if (state->received != job->received)
        job->moved = now;
    job->received = state->received;
    return job->timeout >= 0 && now - job->moved >= job->timeout ? APR_TIMEUP : APR_SUCCESS;
}

/* What lies in the room, its letter too. Not all that is taken makes room enough. */
static apr_status_t send_message(job_t *job, apr_size_t size)
{
    ist_queue_state_t state;
    if (job->timeout < 0)
        return ist_queue_send(job->queue, job->room, size);
    job->moved = apr_time_now();
    for (;;) {
        apr_interval_time_t left = job->timeout - (apr_time_now() - job->moved);
        left = left < 0 ? 0 : left > LOOK ? LOOK : left;
        apr_status_t rv = ist_queue_timedsend(job->queue, job->room, size, left);
        if (!APR_STATUS_IS_TIMEUP(rv))
            return rv;
        rv = look(job, &state);
        if (rv != APR_SUCCESS)
            return rv;
    }
}

static apr_status_t send_part(job_t *job, apr_size_t size)
{
    job->room[0] = STREAM_DATA;
    apr_status_t rv = send_message(job, size + 1);
    if (rv != APR_SUCCESS)
        return rv;
    memmove(job->room + 1, job->room + 1 + size, job->used - size);
    job->used -= size;
    progress_add(&job->progress, size);
    return APR_SUCCESS;
}

/* All whole lines, each in a message; what fills the room without an end goes in parts. */
static apr_status_t send_lines(job_t *job)
{
    apr_status_t rv = APR_SUCCESS;
    const char *end;
    while (rv == APR_SUCCESS && job->used > 0 &&
           (end = memchr(job->room + 1, '\n', job->used)) != NULL)
        rv = send_part(job, (apr_size_t)(end - job->room));
    return rv == APR_SUCCESS && job->used == ROOM ? send_part(job, ROOM) : rv;
}

static const char *input(const job_t *job)
{
    return job->path == NULL ? "standard input" : job->path;
}

static apr_status_t send_all(job_t *job)
{
    apr_status_t end = APR_SUCCESS;
    job->room[0] = STREAM_BEGIN;
    apr_status_t rv = send_message(job, 1);
    while (rv == APR_SUCCESS && end == APR_SUCCESS) {
        apr_size_t size = ROOM - job->used;
        end = apr_file_read(job->file, job->room + 1 + job->used, &size);
        if (end != APR_SUCCESS && !APR_STATUS_IS_EOF(end)) {
            job->failing = input(job);
            return end;
        }
        job->used += end == APR_SUCCESS ? size : 0;
        if (!job->whole)
            rv = send_lines(job);
        else
            rv = job->used == 0 ? APR_SUCCESS : send_part(job, job->used);
    }
    /* The last line may lack its end. */
    if (rv == APR_SUCCESS && job->used > 0)
        rv = send_part(job, job->used);
    if (rv != APR_SUCCESS || job->no_end)
        return rv;
    job->room[0] = STREAM_END;
    return send_message(job, 1);
}

/*
 * Until receivers have all that this has sent. A look is exact if nobody received meanwhile:
 * then what was received and what waits are all that was sent. Receivers that never rest have
 * it all when they have received, since this began, as much as the queue holds.
 */
static apr_status_t wait_taken(job_t *job)
{
    ist_queue_state_t state;
    apr_uint64_t all = 0;
    job->moved = apr_time_now();
    for (;;) {
        apr_status_t rv = look(job, &state);
        if (rv != APR_SUCCESS && !APR_STATUS_IS_TIMEUP(rv))
            return rv;
        if (all == 0)
            all = state.received + state.room;
        if (state.sent - state.bytes == state.received && state.sent < all)
            all = state.sent;
        if (state.received >= all)
            return APR_SUCCESS;
        if (rv != APR_SUCCESS)
            return rv;
        apr_sleep(PAUSE);
    }
}

static apr_status_t open_input(job_t *job, apr_pool_t *pool)
{
    apr_finfo_t info;
    apr_uint64_t size = 0;
    apr_status_t rv =
        job->path == NULL
            ? apr_file_open_stdin(&job->file, pool)
            : apr_file_open(&job->file, job->path, APR_READ | APR_BINARY, APR_OS_DEFAULT, pool);
    if (rv == APR_SUCCESS && job->path != NULL &&
        apr_file_info_get(&info, APR_FINFO_SIZE, job->file) == APR_SUCCESS)
        size = (apr_uint64_t)info.size;
    progress_begin(&job->progress, size);
    return rv;
}

static int work(job_t *job)
{
    ist_queue_state_t state = {0};
    job->failing = job->name;
    apr_status_t rv = ist_queue_state(job->queue, &state);
    job->received = state.received;
    if (rv == APR_SUCCESS)
        rv = send_all(job);
    if (rv == APR_SUCCESS && !job->no_wait)
        rv = wait_taken(job);
    progress_end(&job->progress);
    if (APR_STATUS_IS_TIMEUP(rv)) {
        fprintf(stderr, "isthmus: nobody took it in that time; isthmus recv %s does\n", job->name);
        return TOOL_NOT;
    }
    return rv == APR_SUCCESS ? TOOL_OK : tool_fail(job->failing, rv, NULL);
}

static int run(int argc, const char *const *argv, apr_pool_t *pool)
{
    const char *const *words;
    job_t *job = apr_pcalloc(pool, sizeof *job);
    job->timeout = IST_FOREVER;
    apr_getopt_t *state = tool_options(argc, argv, pool);
    int code = parse(job, state);
    if (code != TOOL_OK)
        return code;
    if (tool_words(state, &words) != 1)
        return tool_usage(&tool_send, "send takes one name");
    job->name = words[0];
    apr_status_t rv = open_input(job, pool);
    if (rv != APR_SUCCESS)
        return tool_fail(input(job), rv, NULL);
    rv = stream_open(&job->queue, job->name, IST_SEND | job->flags, pool);
    if (rv != APR_SUCCESS)
        return tool_fail(job->name, rv, NULL);
    code = work(job);
    (void)ist_queue_close(job->queue);
    return code;
}

const tool_command_t tool_send = {
    "send", "[OPTION...] NAME", "Send lines, or a file, through a queue",
    "Standard input goes line by line: each line is a message (in parts when it is longer than\n"
    "65,535 bytes), so that several senders' lines come whole. The queue is made if need be;\n"
    "sender and receiver start in either order. send returns when its messages were taken.\n\n"
    "  --file PATH  this file, in blocks, and not standard input\n"
    "  --stream     standard input in blocks as they come, not in lines\n"
    "  --no-wait    return when all is in the queue. What is not taken yet is lost when\n"
    "               nobody else has the queue open\n"
    "  --no-end     do not tell recv that this was all\n"
    "  --timeout S  give up after so many seconds without progress\n"
    "  --global     the machine's, not the user's own\n\n"
    "When recv is killed, send waits for another, or for its timeout.\n",
    run};
