/* SPDX-License-Identifier: Apache-2.0 */
/* What the commands' options and errors have in common. */
#include "tool.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int tool_fail(const char *what, apr_status_t status, const char *advice)
{
    char text[200];
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
