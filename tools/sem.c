/* SPDX-License-Identifier: Apache-2.0 */
/* isthmus sem: wait for a semaphore, post to it, read its count. */
#include "tool.h"

#include <stdio.h>
#include <string.h>

typedef struct wish_t {
    apr_interval_time_t timeout;
    apr_uint64_t count;
    apr_uint32_t flags;
} wish_t;

static int parse(wish_t *wish, apr_getopt_t *state)
{
    static const apr_getopt_option_t known[] = {
        {"timeout", 't', 1, ""}, {"count", 'n', 1, ""}, {"global", 'g', 0, ""}, {0}};
    const char *argument;
    int letter;
    while ((letter = tool_option(state, known, &argument)) > 0) {
        if (letter == 't' && !tool_seconds(argument, &wish->timeout))
            return tool_usage(&tool_sem, "--timeout takes seconds");
        if (letter == 'n' &&
            (!tool_number(argument, IST_COUNT_MAX, &wish->count) || wish->count == 0))
            return tool_usage(&tool_sem, "--count takes a number from 1");
        if (letter == 'g')
            wish->flags |= IST_GLOBAL;
    }
    return letter < 0 ? tool_usage(&tool_sem, "an option is not known, or lacks its value")
                      : TOOL_OK;
}

/* So many units, one after another, within one timeout. */
static apr_status_t take(ist_semaphore_t *semaphore, const wish_t *wish)
{
    apr_time_t end = apr_time_now() + wish->timeout;
    apr_status_t rv = APR_SUCCESS;
    for (apr_uint64_t n = 0; rv == APR_SUCCESS && n < wish->count; n++) {
        apr_interval_time_t left = end - apr_time_now();
        rv = wish->timeout < 0 ? ist_semaphore_wait(semaphore)
                               : ist_semaphore_timedwait(semaphore, left < 0 ? 0 : left);
        if (rv != APR_SUCCESS && n > 0)
            (void)ist_semaphore_post_n(semaphore, (apr_uint32_t)n, NULL);
    }
    return rv;
}

static int act(ist_semaphore_t *semaphore, const char *what, const wish_t *wish, const char *name)
{
    apr_uint32_t value = 0;
    apr_status_t rv;
    if (strcmp(what, "wait") == 0)
        rv = take(semaphore, wish);
    else if (strcmp(what, "post") == 0)
        rv = ist_semaphore_post_n(semaphore, (apr_uint32_t)wish->count, NULL);
    else
        rv = ist_semaphore_value(semaphore, &value);
    if (APR_STATUS_IS_TIMEUP(rv)) {
        fprintf(stderr, "isthmus: %s had no unit in that time\n", name);
        return TOOL_NOT;
    }
    if (rv == IST_EOVERFLOW) {
        fprintf(stderr, "isthmus: %s is at its maximum of %u, and nothing was added\n", name,
                ist_semaphore_maximum(semaphore));
        return TOOL_NOT;
    }
    if (rv != APR_SUCCESS)
        return tool_fail(name, rv, NULL);
    if (strcmp(what, "value") == 0)
        printf("%u\n", value);
    return TOOL_OK;
}

static int run(int argc, const char *const *argv, apr_pool_t *pool)
{
    wish_t wish = {IST_FOREVER, 1, 0};
    const char *const *words;
    ist_semaphore_t *semaphore;
    apr_getopt_t *state = tool_options(argc, argv, pool);
    int code = parse(&wish, state);
    if (code != TOOL_OK)
        return code;
    if (tool_words(state, &words) != 2 ||
        (strcmp(words[1], "wait") != 0 && strcmp(words[1], "post") != 0 &&
         strcmp(words[1], "value") != 0))
        return tool_usage(&tool_sem, "sem takes a name, and wait, post or value");
    apr_status_t rv = ist_semaphore_open(&semaphore, words[0], 0, 0, wish.flags, 0, pool);
    if (APR_STATUS_IS_ENOENT(rv)) {
        fprintf(stderr, "isthmus: there is no semaphore %s; isthmus hold semaphore %s makes one\n",
                words[0], words[0]);
        return TOOL_NOT;
    }
    if (rv != APR_SUCCESS)
        return tool_fail(words[0], rv, NULL);
    code = act(semaphore, words[1], &wish, words[0]);
    (void)ist_semaphore_close(semaphore);
    return code;
}

const tool_command_t tool_sem = {
    "sem", "[OPTION...] NAME wait|post|value", "Wait for a semaphore, post to it, tell its count",
    "  --timeout S  wait so many seconds, not for ever; 0 tries once\n"
    "  --count N    so many units (1): a post adds all of them or none, a wait that ends early\n"
    "               gives back what it took\n"
    "  --global     the machine's, not the user's own\n\n"
    "The semaphore must be there: it lives as long as somebody has it open, such as\n"
    "isthmus hold. The exit code is 1 when it is not there, has no unit in that time, or is at\n"
    "its maximum.\n",
    run};
