/* SPDX-License-Identifier: Apache-2.0 */
/* isthmus hold: keep an object alive. */
#include "stream.h"

#include <stdio.h>
#include <string.h>

#define QUEUE_MESSAGE_MAX (1u << 30) /* bytes: docs/contract.md */

typedef struct wish_t {
    apr_uint64_t size; /* 0: not told */
    apr_uint64_t initial;
    apr_uint64_t maximum;
    apr_uint64_t capacity; /* 0: not told */
    apr_uint32_t flags;
} wish_t;

static int parse(wish_t *wish, apr_getopt_t *state)
{
    static const apr_getopt_option_t known[] = {{"size", 's', 1, ""},
                                                {"initial", 'i', 1, ""},
                                                {"maximum", 'm', 1, ""},
                                                {"capacity", 'c', 1, ""},
                                                {"existing", 'e', 0, ""},
                                                {"global", 'g', 0, ""},
                                                {0}};
    const char *argument;
    int letter;
    while ((letter = tool_option(state, known, &argument)) > 0) {
        apr_uint64_t *number = letter == 's'   ? &wish->size
                               : letter == 'i' ? &wish->initial
                               : letter == 'm' ? &wish->maximum
                               : letter == 'c' ? &wish->capacity
                                               : NULL;
        apr_uint64_t most = letter == 's' ? APR_INT64_MAX : IST_COUNT_MAX;
        if (number != NULL && !tool_number(argument, most, number))
            return tool_usage(&tool_hold, "that is no number, or too large a one");
        if (number != NULL && *number == 0 && letter != 'i')
            return tool_usage(&tool_hold, "sizes, maxima and capacities are 1 or more");
        if (letter == 'e')
            wish->flags &= ~IST_CREATE;
        if (letter == 'g')
            wish->flags |= IST_GLOBAL;
    }
    return letter < 0 ? tool_usage(&tool_hold, "an option is not known, or lacks its value")
                      : TOOL_OK;
}

/* What was not told, and whether the kind can have what was. */
static int complete(wish_t *wish, ist_kind_e kind)
{
    /* A held queue is one that send and recv take. */
    if (wish->size == 0)
        wish->size = kind == IST_KIND_QUEUE ? STREAM_MESSAGE : 4096;
    if (wish->capacity == 0)
        wish->capacity = STREAM_CAPACITY;
    if (kind == IST_KIND_QUEUE && wish->size > QUEUE_MESSAGE_MAX)
        return tool_usage(&tool_hold, "a queue's largest message has 1G at most");
    if (wish->size > APR_SIZE_MAX)
        return tool_usage(&tool_hold, "that size is more than a process can have here");
    if (kind == IST_KIND_SEMAPHORE && wish->initial > wish->maximum)
        return tool_usage(&tool_hold, "--initial is more than --maximum");
    return TOOL_OK;
}

static int absent(const char *kind, const char *name)
{
    fprintf(stderr, "isthmus: there is no %s %s; without --existing it is made\n", kind, name);
    return TOOL_NOT;
}

/* The pool closes it. */
static apr_status_t open_it(ist_kind_e kind, const char *name, const wish_t *wish, apr_pool_t *pool)
{
    const ist_queue_geometry_t geometry = {(apr_uint32_t)wish->size, (apr_uint32_t)wish->capacity};
    union {
        ist_mutex_t *mutex;
        ist_semaphore_t *semaphore;
        ist_shm_t *shm;
        ist_region_t *region;
        ist_queue_t *queue;
    } it;
    switch (kind) {
    case IST_KIND_MUTEX:
        return ist_mutex_open(&it.mutex, name, wish->flags, 0, pool);
    case IST_KIND_SEMAPHORE:
        return ist_semaphore_open(&it.semaphore, name, (apr_uint32_t)wish->initial,
                                  (apr_uint32_t)wish->maximum, wish->flags, 0, pool);
    case IST_KIND_SHM:
        return ist_shm_open(&it.shm, name, (apr_size_t)wish->size, wish->flags, 0, pool);
    case IST_KIND_REGION:
        return ist_region_open(&it.region, name, (apr_size_t)wish->size, wish->flags, 0, pool);
    case IST_KIND_QUEUE:
        return ist_queue_open(&it.queue, name, &geometry, wish->flags, 0, pool);
    default:
        return APR_EINVAL;
    }
}

static int run(int argc, const char *const *argv, apr_pool_t *pool)
{
    wish_t wish = {0, 0, IST_COUNT_MAX, 0, IST_CREATE};
    const char *const *words;
    ist_kind_e kind;
    apr_getopt_t *state = tool_options(argc, argv, pool);
    int code = parse(&wish, state);
    if (code != TOOL_OK)
        return code;
    int n = tool_words(state, &words);
    if (n < 2 || !tool_kind(words[0], &kind) || kind == IST_KIND_SENDERS ||
        kind == IST_KIND_RECEIVERS)
        return tool_usage(&tool_hold, "hold takes mutex, semaphore, segment, region or queue, "
                                      "and a name");
    code = complete(&wish, kind);
    if (code != TOOL_OK)
        return code;
    apr_status_t rv = open_it(kind, words[1], &wish, pool);
    if ((wish.flags & IST_CREATE) == 0 && APR_STATUS_IS_ENOENT(rv))
        return absent(words[0], words[1]);
    if (rv != APR_SUCCESS)
        return tool_fail(words[1], rv, NULL);
    if (n > 2)
        return tool_run(words + 2, 1, pool);
    printf("holding %s %s\n", words[0], words[1]);
    fflush(stdout);
    tool_until_told();
    return TOOL_OK;
}

const tool_command_t tool_hold = {
    "hold", "[OPTION...] KIND NAME [-- COMMAND [ARGUMENT...]]",
    "Keep an object alive, making it if need be",
    "KIND is mutex, semaphore, segment, region or queue. It is held while COMMAND runs, whose\n"
    "exit code is passed on; without one, until a signal (Ctrl-C), or until standard input\n"
    "ends: a terminal in whose foreground it is, or a pipe. Another input, such as a file or\n"
    "/dev/null, ends nothing.\n\n"
    "  --size N       bytes of a segment or region (4096), or of a queue's largest message\n"
    "                 (65536, as send and recv ask for); K, M and G may follow a number\n"
    "  --initial N    units of a semaphore that is made (0)\n"
    "  --maximum N    its most units (2147483647)\n"
    "  --capacity N   messages of a queue (32, as send and recv ask for)\n"
    "  --existing     make nothing: it must be there, else the exit code is 1; it has the size\n"
    "                 that it has\n"
    "  --global       the machine's, not the user's own\n\n"
    "When isthmus is killed, COMMAND is killed, too.\n",
    run};
