/* SPDX-License-Identifier: Apache-2.0 */
/* What the commands' options and errors have in common. */
#include "tool.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* docs/troubleshooting.md has more words. */
static const struct {
    apr_status_t status;
    const char *text;
} advices[] = {
    {IST_ESIZE,
     "it is there already: use it with the size it has, or let all who have it open close it"},
    {IST_EFOREIGN, "take another name, or let its maker remove it"},
    {IST_ECORRUPT, "let all who have it open end: the next to make it makes it anew"},
    {IST_EVERSION, "let all who share it use the same version"},
    {IST_EABI, "let all who share it be built alike; only segments are shared between C libraries"},
    {IST_ENAMESPACE, "run where its maker does: containers that share it share a PID namespace"},
    {APR_EINVAL, "an object's name has 1 to 200 of A-Z a-z 0-9 . _ -, its size is 1 or more"},
    {APR_ENAMETOOLONG, "a name has 200 bytes at most"},
    {APR_ENOENT, "see that it is there, and how it is spelt"},
    {APR_EACCES, "you lack the right; isthmus list tells whose an object is, and who may open it"},
    {APR_EBUSY,
     "try again later: another process opens or closes it, or has the queue's side alone"},
    {APR_ENOMEM, "ask for less, or make room: on Linux df /dev/shm tells how much there is"},
    {APR_ENOSPC, "ask for less, or make room: on Linux df /dev/shm tells how much there is"},
    {APR_EMFILE, "close files, or raise the limit that ulimit -n tells"},
};

/* Windows has several codes for one thing. */
static apr_status_t plain(apr_status_t status)
{
    if (APR_STATUS_IS_ENOENT(status))
        return APR_ENOENT;
    if (APR_STATUS_IS_EACCES(status))
        return APR_EACCES;
    if (APR_STATUS_IS_ENOMEM(status))
        return APR_ENOMEM;
    return APR_STATUS_IS_ENOSPC(status) ? APR_ENOSPC : status;
}

static const char *advice_on(apr_status_t status)
{
    for (size_t i = 0; i < sizeof advices / sizeof *advices; i++) {
        if (advices[i].status == plain(status))
            return advices[i].text;
    }
    return NULL;
}

int tool_fail(const char *what, apr_status_t status, const char *advice)
{
    char text[200];
    if (advice == NULL)
        advice = advice_on(status);
    fprintf(stderr, "isthmus: %s: %s%s%s\n", what, ist_strerror(status, text, sizeof text),
            advice == NULL ? "" : "; ", advice == NULL ? "" : advice);
    return TOOL_ERROR;
}

int tool_usage(const tool_command_t *command, const char *wrong)
{
    fprintf(stderr, "isthmus: %s; see isthmus %s --help\n", wrong, command->name);
    return TOOL_USAGE;
}

static void say(void *stream, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The caller says it all in one line. */
static void say(void *stream, const char *format, ...)
{
    (void)stream;
    (void)format;
}

apr_getopt_t *tool_options(int argc, const char *const *argv, apr_pool_t *pool)
{
    apr_getopt_t *state;
    if (apr_getopt_init(&state, pool, argc, argv) != APR_SUCCESS)
        abort();
    state->interleave = 1;
    state->errfn = say;
    return state;
}

int tool_option(apr_getopt_t *state, const apr_getopt_option_t *known, const char **argument)
{
    int letter;
    apr_status_t rv = apr_getopt_long(state, known, &letter, argument);
    if (rv == APR_SUCCESS)
        return letter;
    return rv == APR_EOF ? 0 : -1;
}

int tool_words(const apr_getopt_t *state, const char *const **words)
{
    *words = (const char *const *)state->argv + state->ind;
    return state->argc - state->ind;
}

int tool_seconds(const char *text, apr_interval_time_t *timeout)
{
    char *end;
    double seconds = strtod(text, &end);
    if (end == text || *end != '\0' || !(seconds >= 0) || seconds > 1e12)
        return 0;
    *timeout = (apr_interval_time_t)(seconds * 1e6 + 0.5);
    return 1;
}

int tool_number(const char *text, apr_uint64_t most, apr_uint64_t *number)
{
    static const char units[] = "KMG";
    char *end;
    if (*text < '0' || *text > '9')
        return 0;
    unsigned long long value = strtoull(text, &end, 10);
    const char *unit = *end == '\0' ? NULL : strchr(units, *end);
    int shift = unit == NULL ? 0 : 10 * (int)(unit - units + 1);
    if (unit != NULL)
        end++;
    if (*end != '\0' || value > most >> shift)
        return 0;
    *number = value << shift;
    return 1;
}
