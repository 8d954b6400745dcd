/* SPDX-License-Identifier: Apache-2.0 */
/* isthmus hold: keep an object alive. */
#include "tool.h"

#include <stdio.h>
#include <string.h>

typedef struct wish_t {
    apr_uint64_t size;
    apr_uint64_t initial;
    apr_uint64_t maximum;
    apr_uint64_t capacity;
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
        if (letter == 'e')
            wish->flags &= ~IST_CREATE;
        if (letter == 'g')
            wish->flags |= IST_GLOBAL;
    }
    return letter < 0 ? tool_usage(&tool_hold, "an option is not known, or lacks its value")
                      : TOOL_OK;
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
    wish_t wish = {4096, 0, IST_COUNT_MAX, 64, IST_CREATE};
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
    apr_status_t rv = open_it(kind, words[1], &wish, pool);
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
    "exit code is passed on; without one, until standard input ends, or a signal.\n\n"
    "  --size N       bytes of a segment or region, or of a queue's largest message (4096);\n"
    "                 K, M and G may follow a number\n"
    "  --initial N    units of a semaphore that is made (0)\n"
    "  --maximum N    its most units (2147483647)\n"
    "  --capacity N   messages of a queue (64)\n"
    "  --existing     make nothing: it must be there\n"
    "  --global       the machine's, not the user's own\n\n"
    "When isthmus is killed, COMMAND is killed, too.\n",
    run};
