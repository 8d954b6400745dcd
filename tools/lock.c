/* SPDX-License-Identifier: Apache-2.0 */
/* isthmus lock: a command under a named mutex. */
#include "tool.h"

#include <stdio.h>
#include <string.h>

typedef struct wish_t {
    apr_interval_time_t timeout;
    apr_uint32_t flags;
    int leave; /* the command, when this process is killed */
} wish_t;

static int parse(wish_t *wish, apr_getopt_t *state)
{
    static const apr_getopt_option_t known[] = {
        {"timeout", 't', 1, ""}, {"global", 'g', 0, ""}, {"on-death", 'd', 1, ""}, {0}};
    const char *argument;
    int letter;
    while ((letter = tool_option(state, known, &argument)) > 0) {
        if (letter == 't' && !tool_seconds(argument, &wish->timeout))
            return tool_usage(&tool_lock, "--timeout takes seconds");
        if (letter == 'd' && strcmp(argument, "kill") != 0 && strcmp(argument, "leave") != 0)
            return tool_usage(&tool_lock, "--on-death takes kill or leave");
        if (letter == 'd')
            wish->leave = strcmp(argument, "leave") == 0;
        if (letter == 'g')
            wish->flags |= IST_GLOBAL;
    }
    return letter < 0 ? tool_usage(&tool_lock, "an option is not known, or lacks its value")
                      : TOOL_OK;
}

static int run_locked(ist_mutex_t *mutex, const wish_t *wish, const char *const *words,
                      apr_pool_t *pool)
{
    apr_status_t rv =
        wish->timeout < 0 ? ist_mutex_lock(mutex) : ist_mutex_timedlock(mutex, wish->timeout);
    if (APR_STATUS_IS_TIMEUP(rv)) {
        fprintf(stderr, "isthmus: %s is locked; isthmus show %s may tell by whom\n", words[0],
                words[0]);
        return TOOL_NOT;
    }
    if (!IST_LOCKED(rv))
        return tool_fail(words[0], rv, NULL);
    if (rv == IST_ABANDONED)
        fprintf(stderr,
                "isthmus: whoever had %s before was killed: what it guards may be "
                "half done\n",
                words[0]);
    int code = tool_run(words + 1, !wish->leave, pool);
    rv = ist_mutex_unlock(mutex);
    return rv == APR_SUCCESS ? code : tool_fail(words[0], rv, NULL);
}

static int run(int argc, const char *const *argv, apr_pool_t *pool)
{
    wish_t wish = {IST_FOREVER, IST_CREATE, 0};
    const char *const *words;
    ist_mutex_t *mutex;
    apr_getopt_t *state = tool_options(argc, argv, pool);
    int code = parse(&wish, state);
    if (code != TOOL_OK)
        return code;
    if (tool_words(state, &words) < 2)
        return tool_usage(&tool_lock, "lock takes a name and a command");
    apr_status_t rv = ist_mutex_open(&mutex, words[0], wish.flags, 0, pool);
    if (rv != APR_SUCCESS)
        return tool_fail(words[0], rv, NULL);
    code = run_locked(mutex, &wish, words, pool);
    (void)ist_mutex_close(mutex);
    return code;
}

const tool_command_t tool_lock = {
    "lock", "[OPTION...] NAME -- COMMAND [ARGUMENT...]", "Run a command under a named mutex",
    "  --timeout S             wait so many seconds for it, not for ever; 0 tries once\n"
    "  --global                the machine's, not the user's own\n"
    "  --on-death kill|leave   when isthmus itself is killed, COMMAND is killed, too (kill:\n"
    "                          what is said without this option), or goes on without the\n"
    "                          mutex (leave)\n\n"
    "The exit code is COMMAND's own (128 + N when signal N ended it), 1 when the mutex was not\n"
    "to be had in time, 127 when COMMAND can't be started. When the mutex's last owner was "
    "killed,\n"
    "who locks it next is told on standard error, and COMMAND runs: told if another process had\n"
    "it open or waited then, such as isthmus hold mutex NAME, for else the mutex went with its\n"
    "owner.\n",
    run};
