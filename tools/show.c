/* SPDX-License-Identifier: Apache-2.0 */
/* isthmus show: all that is known of a name. */
#include "tool.h"

#include <apr_strings.h>
#include <stdio.h>
#include <string.h>

typedef struct shown_t {
    const char *name;
    apr_pool_t *pool;
    int objects;
} shown_t;

static const char *const states[] = {"live: a process has it open",
                                     "dead: left by a crash, a sweep would remove it",
                                     "unknown: you may not look inside"};

static void line(const char *what, const char *value)
{
    printf("  %-9s %s\n", what, value == NULL ? "-" : value);
}

static void show_counts(const ist_info_t *info, apr_pool_t *pool)
{
    if (info->kind == IST_KIND_SEMAPHORE && info->maximum != 0)
        printf("  %-9s %u of at most %u\n", "count", info->units, info->maximum);
    if (info->kind == IST_KIND_REGION && info->maximum != 0)
        printf("  %-9s %u not yet waited for\n", "news", info->units);
    if (info->kind != IST_KIND_QUEUE || info->maximum == 0)
        return;
    printf("  %-9s %s at most\n", "message", tool_bytes(info->maximum, pool));
    apr_int64_t depth = tool_depth(info, pool);
    const char *waiting = tool_bytes(info->sent - info->received, pool);
    if (depth >= 0)
        waiting = apr_psprintf(pool, "%" APR_INT64_T_FMT " messages, %s", depth, waiting);
    printf("  %-9s %s bytes of the ring\n", "waiting", waiting);
    printf("  %-9s %s bytes of the ring, ever\n", "received", tool_bytes(info->received, pool));
}

static void show_mutex(const ist_info_t *info, apr_pool_t *pool)
{
    if (info->kind != IST_KIND_MUTEX && info->kind != IST_KIND_REGION)
        return;
    long owner = tool_owner(info, pool);
    if (owner > 0)
        printf("  %-9s thread %ld\n", "locked by", owner);
    else
        line("locked by", owner == 0 ? "nobody" : NULL);
}

static void show_header(const ist_info_t *info, apr_pool_t *pool)
{
    tool_header_t header = {0};
    int told = info->state != IST_STATE_UNKNOWN && tool_header(info, &header, pool);
    line("layout", header.layout);
    line("locks", header.locks);
    line("namespace", told && header.space == NULL ? "any" : header.space);
}

static apr_status_t show(void *baton, const ist_info_t *info)
{
    shown_t *shown = baton;
    apr_pool_t *pool = shown->pool;
    const char *pids = NULL;
    char when[APR_CTIME_LEN];
    if (strcmp(info->name, shown->name) != 0)
        return APR_SUCCESS;
    shown->objects++;
    printf("%s %s (%s)\n", tool_kind_name(info->kind), info->name,
           info->global ? "global" : "local");
    line("state", states[info->state]);
    line("size", info->size == 0 ? NULL : tool_bytes(info->size, pool));
    show_counts(info, pool);
    line("owner", info->user < 0 ? NULL : tool_user(info->user, pool));
    line("access", info->access == 0 ? NULL : tool_access(info->access, pool));
    if (info->since != 0)
        apr_ctime(when, info->since);
    line("since", info->since == 0 ? NULL : when);
    show_header(info, pool);
    (void)tool_holders(info, &pids, pool);
    line("held by", pids);
    show_mutex(info, pool);
    return APR_SUCCESS;
}

static int run(int argc, const char *const *argv, apr_pool_t *pool)
{
    static const apr_getopt_option_t known[] = {{0}};
    const char *const *words, *argument;
    apr_getopt_t *state = tool_options(argc, argv, pool);
    if (tool_option(state, known, &argument) != 0)
        return tool_usage(&tool_show, "an option is not known");
    if (tool_words(state, &words) != 1)
        return tool_usage(&tool_show, "show takes one name");
    shown_t shown = {words[0], pool, 0};
    apr_status_t rv = ist_list(show, &shown, pool);
    if (rv != APR_SUCCESS)
        return tool_fail("looking", rv, NULL);
    if (shown.objects > 0)
        return TOOL_OK;
    fprintf(stderr, "isthmus: there is no %s that you may see; try isthmus list\n", words[0]);
    return TOOL_NOT;
}

const tool_command_t tool_show = {
    "show", "NAME", "Tell all that is known of a name",
    "Every object of that name is shown, of any kind. Looking changes nothing. \"held by\" are\n"
    "the processes that have it open, as far as you may see them; \"locked by\" is the thread\n"
    "that owns its mutex; \"locks\" and \"namespace\" tell for which programs its locks are:\n"
    "those of the same C library and word size, and of that PID namespace. The messages that\n"
    "wait in a queue are counted if they stand still meanwhile; bytes of the ring are with what\n"
    "goes with a message (8 bytes, and up to 7 more). What the system does not tell is -:\n"
    "Windows tells only kind, name, scope and that it is live.\n",
    run};
