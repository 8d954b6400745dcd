/* SPDX-License-Identifier: Apache-2.0 */
/* isthmus recv: what is sent through a queue, to standard output or a file. */
#include "stream.h"

#include <stdio.h>
#include <string.h>

/* How often to look whether a sender is left, while nothing comes. */
#define LOOK (apr_time_from_sec(1) / 2)

typedef struct job_t {
    const char *name;
    const char *path; /* NULL: standard output */
    apr_interval_time_t timeout;
    apr_uint32_t flags;
    apr_uint64_t ends;  /* that many senders' ends end it; 0: none does */
    apr_uint64_t begun; /* senders that have begun, and not ended */
    ist_queue_t *queue;
    apr_file_t *file;
    progress_t progress;
    apr_pool_t *scratch;
    const char *failing; /* what the status is about */
    char room[STREAM_MESSAGE];
} job_t;

static int parse(job_t *job, apr_getopt_t *state)
{
    static const apr_getopt_option_t known[] = {{"file", 'f', 1, ""},    {"follow", 'F', 0, ""},
                                                {"senders", 'n', 1, ""}, {"timeout", 't', 1, ""},
                                                {"global", 'g', 0, ""},  {0}};
    const char *argument;
    int letter;
    while ((letter = tool_option(state, known, &argument)) > 0) {
        if (letter == 't' && !tool_seconds(argument, &job->timeout))
            return tool_usage(&tool_recv, "--timeout takes seconds");
        if (letter == 'n' && (!tool_number(argument, IST_COUNT_MAX, &job->ends) || job->ends == 0))
            return tool_usage(&tool_recv, "--senders takes a number from 1");
        if (letter == 'F')
            job->ends = 0;
        if (letter == 'f')
            job->path = argument;
        if (letter == 'g')
            job->flags |= IST_GLOBAL;
    }
    return letter < 0 ? tool_usage(&tool_recv, "an option is not known, or lacks its value")
                      : TOOL_OK;
}

typedef struct search_t {
    const job_t *job;
    int found;
} search_t;

static apr_status_t is_sender(void *baton, const ist_info_t *info)
{
    search_t *search = baton;
    if (info->kind == IST_KIND_SENDERS && info->state == IST_STATE_LIVE &&
        info->global == ((search->job->flags & IST_GLOBAL) != 0) &&
        strcmp(info->name, search->job->name) == 0)
        search->found = 1;
    return APR_SUCCESS;
}

/* Whether anybody may still send: if that can't be told, yes. */
static int has_sender(const job_t *job)
{
    search_t search = {job, 0};
    apr_status_t rv = ist_list(is_sender, &search, job->scratch);
    apr_pool_clear(job->scratch);
    return rv != APR_SUCCESS || search.found;
}

/* Look at the next message, within the timeout. APR_EOF: who was sending is gone, without
 * an end. */
static apr_status_t peek(job_t *job, const void **message, apr_size_t *size)
{
    apr_time_t began = apr_time_now();
    for (;;) {
        apr_interval_time_t left =
            job->timeout < 0 ? LOOK : job->timeout - (apr_time_now() - began);
        int last = job->timeout >= 0 && left <= LOOK;
        left = left < 0 ? 0 : left > LOOK ? LOOK : left;
        apr_status_t rv = ist_queue_peek(job->queue, message, size, left);
        if (!APR_STATUS_IS_TIMEUP(rv))
            return rv;
        /* What it sent before it went is there by now. */
        if (job->begun > 0 && job->ends > 0 && !has_sender(job)) {
            rv = ist_queue_peek(job->queue, message, size, 0);
            return APR_STATUS_IS_TIMEUP(rv) ? APR_EOF : rv;
        }
        if (last)
            return APR_TIMEUP;
    }
}

/* The next message, as it was sent. IST_EFOREIGN: another program sent it, so it stays. */
static apr_status_t next(job_t *job, apr_size_t *size)
{
    const void *message;
    apr_status_t rv = peek(job, &message, size);
    if (rv != APR_SUCCESS)
        return rv;
    if (stream_letter(message, *size) == 0) {
        rv = ist_queue_putback(job->queue);
        return rv == APR_SUCCESS ? IST_EFOREIGN : rv;
    }
    memcpy(job->room, message, *size);
    return ist_queue_release(job->queue);
}

static const char *output(const job_t *job)
{
    return job->path == NULL ? "standard output" : job->path;
}

/* Keep account of who sends. An earlier recv may have had the beginning of this data. */
static void account(job_t *job, char letter)
{
    if (letter == STREAM_BEGIN || (letter == STREAM_DATA && job->begun == 0))
        job->begun++;
    else if (letter == STREAM_END && job->begun > 0)
        job->begun--;
}

static apr_status_t receive_all(job_t *job)
{
    apr_size_t size;
    apr_uint64_t ends = 0;
    for (;;) {
        apr_status_t rv = next(job, &size);
        if (rv != APR_SUCCESS)
            return rv;
        account(job, job->room[0]);
        if (job->room[0] == STREAM_END && ++ends == job->ends)
            return APR_SUCCESS;
        if (job->room[0] != STREAM_DATA)
            continue;
        rv = apr_file_write_full(job->file, job->room + 1, size - 1, NULL);
        if (rv != APR_SUCCESS) {
            job->failing = output(job);
            return rv;
        }
        progress_add(&job->progress, size - 1);
    }
}

static int work(job_t *job)
{
    job->failing = job->name;
    apr_status_t rv = receive_all(job);
    progress_end(&job->progress);
    if (APR_STATUS_IS_EOF(rv)) {
        fprintf(stderr, "isthmus: a sender ended before it was done; what it sent is complete "
                        "up to there\n");
        return TOOL_NOT;
    }
    if (APR_STATUS_IS_TIMEUP(rv)) {
        fprintf(stderr, "isthmus: nothing came through %s in that time; isthmus send %s sends\n",
                job->name, job->name);
        return TOOL_NOT;
    }
    if (rv == IST_EFOREIGN) {
        fprintf(stderr,
                "isthmus: %s has a message that isthmus send did not send; it is left "
                "there for the program that it is for\n",
                job->name);
        return TOOL_ERROR;
    }
    return rv == APR_SUCCESS ? TOOL_OK : tool_fail(job->failing, rv, NULL);
}

static apr_status_t open_output(job_t *job, apr_pool_t *pool)
{
    if (job->path == NULL)
        return apr_file_open_stdout(&job->file, pool);
    return apr_file_open(&job->file, job->path, APR_WRITE | APR_CREATE | APR_TRUNCATE | APR_BINARY,
                         APR_OS_DEFAULT, pool);
}

static int run(int argc, const char *const *argv, apr_pool_t *pool)
{
    const char *const *words;
    job_t *job = apr_pcalloc(pool, sizeof *job);
    job->timeout = IST_FOREVER;
    job->ends = 1;
    apr_getopt_t *state = tool_options(argc, argv, pool);
    int code = parse(job, state);
    if (code != TOOL_OK)
        return code;
    if (tool_words(state, &words) != 1)
        return tool_usage(&tool_recv, "recv takes one name");
    job->name = words[0];
    apr_status_t rv = apr_pool_create(&job->scratch, pool);
    if (rv == APR_SUCCESS)
        rv = open_output(job, pool);
    if (rv != APR_SUCCESS)
        return tool_fail(output(job), rv, NULL);
    rv = stream_open(&job->queue, job->name, IST_RECEIVE | job->flags, pool);
    if (rv != APR_SUCCESS)
        return tool_fail(job->name, rv, NULL);
    progress_begin(&job->progress, 0);
    code = work(job);
    (void)ist_queue_close(job->queue);
    return code;
}

const tool_command_t tool_recv = {
    "recv", "[OPTION...] NAME", "Receive what is sent through a queue",
    "Writes all that isthmus send sends, as it is, until a sender is done. The queue is made\n"
    "if need be; sender and receiver start in either order.\n\n"
    "  --file PATH   to this file, not to standard output\n"
    "  --senders N   until N senders are done (1)\n"
    "  --follow      go on for ever\n"
    "  --timeout S   give up after so many seconds in which nothing came\n"
    "  --global      the machine's, not the user's own\n\n"
    "When a sender is killed and none is left, recv writes all that it had sent, says so, and\n"
    "ends with 1; with --follow it waits for the next. When recv itself is killed, the message\n"
    "that it was writing is lost to the next receiver. A message that isthmus send did not\n"
    "send is left in the queue, and ends recv with 3.\n",
    run};
