/* SPDX-License-Identifier: Apache-2.0 */
/* isthmus top: a live view of all objects, and of what goes through queues. */
#include "tool.h"

#include <apr_hash.h>
#include <apr_strings.h>
#include <stdio.h>
#include <string.h>

typedef struct view_t {
    apr_hash_t *before; /* what a queue had sent and received the last time, by key */
    apr_hash_t *now;
    apr_pool_t *pool; /* of this look */
    double seconds;   /* since the last; 0: this is the first */
    int objects;
} view_t;

typedef struct traffic_t {
    apr_uint64_t sent, received;
} traffic_t;

static const char *rate(const view_t *view, apr_uint64_t now, apr_uint64_t before)
{
    if (view->seconds <= 0 || now < before)
        return "-";
    double bytes = (double)(now - before) / view->seconds;
    return apr_pstrcat(view->pool, tool_bytes((apr_uint64_t)bytes, view->pool), "/s", NULL);
}

static void show_queue(view_t *view, const ist_info_t *info)
{
    const char *key = apr_psprintf(view->pool, "%d%s", info->global, info->name);
    traffic_t *traffic = apr_palloc(view->pool, sizeof *traffic);
    const traffic_t *before =
        view->before == NULL ? NULL : apr_hash_get(view->before, key, APR_HASH_KEY_STRING);
    *traffic = (traffic_t){info->sent, info->received};
    apr_hash_set(view->now, key, APR_HASH_KEY_STRING, traffic);
    if (before == NULL)
        before = traffic;
    printf("  in %s  out %s  waiting %s", rate(view, info->sent, before->sent),
           rate(view, info->received, before->received),
           tool_bytes(info->sent - info->received, view->pool));
}

static apr_status_t show(void *baton, const ist_info_t *info)
{
    view_t *view = baton;
    if (info->kind == IST_KIND_SENDERS || info->kind == IST_KIND_RECEIVERS)
        return APR_SUCCESS;
    view->objects++;
    printf("%-9s  %-30s  %-7s", tool_kind_name(info->kind), info->name,
           info->state == IST_STATE_LIVE   ? "live"
           : info->state == IST_STATE_DEAD ? "dead"
                                           : "-");
    if (info->kind == IST_KIND_SEMAPHORE && info->maximum != 0)
        printf("  %u of %u", info->units, info->maximum);
    else if (info->kind == IST_KIND_QUEUE && info->maximum != 0)
        show_queue(view, info);
    else if (info->size != 0)
        printf("  %s", tool_bytes(info->size, view->pool));
    printf("\n");
    return APR_SUCCESS;
}

/* One look; on a terminal it takes the place of the last. */
static apr_status_t look(view_t *view)
{
    char when[APR_CTIME_LEN];
    apr_ctime(when, apr_time_now());
    view->objects = 0;
    if (tool_is_terminal(1))
        printf("\033[H\033[2J");
    printf("isthmus top  %s\n\n%-9s  %-30s  %-7s  %s\n", when, "KIND", "NAME", "STATE",
           "COUNT, SIZE OR TRAFFIC");
    apr_status_t rv = ist_list(show, view, view->pool);
    printf("\n%d objects\n", view->objects);
    fflush(stdout);
    return rv;
}

/* In short pieces, so that a wish to end is soon seen. */
static void rest(apr_interval_time_t interval)
{
    apr_time_t end = apr_time_now() + interval;
    for (apr_interval_time_t left = interval; left > 0 && !tool_asked_to_end();
         left = end - apr_time_now())
        apr_sleep(left < 50000 ? left : 50000);
}

static int watch(apr_interval_time_t interval, apr_uint64_t count, apr_pool_t *pool)
{
    apr_pool_t *pools[2];
    view_t view = {0};
    apr_time_t last = 0;
    if (apr_pool_create(&pools[0], pool) != APR_SUCCESS ||
        apr_pool_create(&pools[1], pool) != APR_SUCCESS)
        return tool_fail("memory", APR_ENOMEM, NULL);
    for (apr_uint64_t n = 0; !tool_asked_to_end() && (count == 0 || n < count); n++) {
        if (n > 0)
            rest(interval);
        apr_time_t now = apr_time_now();
        view.pool = pools[n % 2];
        apr_pool_clear(view.pool);
        view.before = n == 0 ? NULL : view.now;
        view.now = apr_hash_make(view.pool);
        view.seconds = n == 0 ? 0 : (double)(now - last) / 1e6;
        last = now;
        apr_status_t rv = look(&view);
        if (rv != APR_SUCCESS)
            return tool_fail("listing", rv, NULL);
    }
    return TOOL_OK;
}

static int run(int argc, const char *const *argv, apr_pool_t *pool)
{
    static const apr_getopt_option_t known[] = {
        {"interval", 'i', 1, ""}, {"count", 'n', 1, ""}, {0}};
    const char *const *words, *argument;
    apr_interval_time_t interval = apr_time_from_sec(1);
    apr_uint64_t count = 0;
    int letter;
    apr_getopt_t *state = tool_options(argc, argv, pool);
    while ((letter = tool_option(state, known, &argument)) > 0) {
        if (letter == 'i' && (!tool_seconds(argument, &interval) || interval < 10000))
            return tool_usage(&tool_top, "--interval takes seconds, 0.01 or more");
        if (letter == 'n' && (!tool_number(argument, IST_COUNT_MAX, &count) || count == 0))
            return tool_usage(&tool_top, "--count takes a number from 1");
    }
    if (letter < 0)
        return tool_usage(&tool_top, "an option is not known, or lacks its value");
    if (tool_words(state, &words) > 0)
        return tool_usage(&tool_top, "top takes no names");
    return watch(interval, count, pool);
}

const tool_command_t tool_top = {
    "top", "[--interval S] [--count N]", "Watch objects, and what goes through queues",
    "  --interval S  look every so many seconds (1)\n"
    "  --count N     look so many times, not until a signal (Ctrl-C) ends it\n\n"
    "On a terminal each look takes the place of the last. A queue's traffic is in bytes, with\n"
    "all that goes with a message (8 bytes, and up to 7 more). Looking changes nothing.\n",
    run};
