/* SPDX-License-Identifier: Apache-2.0 */
/* isthmus list, isthmus sweep: all objects there are. */
#include "tool.h"

#include <apr_strings.h>
#include <apr_tables.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- what there is ------------------------------------------------------------ */

typedef struct found_t {
    apr_array_header_t *all; /* of ist_info_t */
    apr_pool_t *pool;
    int claims; /* those of queues' sides too */
} found_t;

static apr_status_t keep(void *baton, const ist_info_t *info)
{
    found_t *found = baton;
    if (found->claims || (info->kind != IST_KIND_SENDERS && info->kind != IST_KIND_RECEIVERS))
        *(ist_info_t *)apr_array_push(found->all) = *info;
    return APR_SUCCESS;
}

static int by_name(const void *left, const void *right)
{
    const ist_info_t *a = left, *b = right;
    int order = strcmp(a->name, b->name);
    if (order != 0)
        return order;
    return a->kind != b->kind ? (int)a->kind - (int)b->kind : a->global - b->global;
}

/* APR's arrays are of bytes, and clang asks about their alignment. */
static const ist_info_t *info_at(const found_t *found, int i)
{
    return (const ist_info_t *)(const void *)found->all->elts + i;
}

typedef apr_status_t source_fn(ist_list_fn_t *visit, void *baton, apr_pool_t *pool);

static apr_status_t find_all(found_t *found, source_fn *source)
{
    found->all = apr_array_make(found->pool, 16, sizeof(ist_info_t));
    apr_status_t rv = source(keep, found, found->pool);
    if (rv == APR_SUCCESS && found->all->nelts > 1)
        qsort(found->all->elts, (size_t)found->all->nelts, sizeof(ist_info_t), by_name);
    return rv;
}

/* ---- how it is shown ------------------------------------------------------------- */

static const char *const states[] = {"live", "dead", "unknown"};

/* Bytes; for counts, how many of how many. */
static const char *measure(const ist_info_t *info, apr_pool_t *pool)
{
    if (info->kind == IST_KIND_MUTEX)
        return "-";
    if (info->kind == IST_KIND_SEMAPHORE)
        return info->maximum == 0 ? "-" : apr_psprintf(pool, "%u/%u", info->units, info->maximum);
    return info->size == 0 ? "-" : tool_bytes(info->size, pool);
}

#define COLUMNS 9

static void describe(const ist_info_t *info, const char *cell[COLUMNS], apr_pool_t *pool)
{
    const char *user = info->user < 0 ? NULL : tool_user(info->user, pool);
    int holders = tool_holders(info, NULL, pool);
    cell[0] = tool_kind_name(info->kind);
    cell[1] = info->name;
    cell[2] = info->global ? "global" : "local";
    cell[3] = measure(info, pool);
    cell[4] = user == NULL ? "-" : user;
    cell[5] = info->access == 0 ? "-" : tool_access(info->access, pool);
    cell[6] = holders < 0 ? "-" : apr_itoa(pool, holders);
    cell[7] = info->since == 0 ? "-" : tool_age(apr_time_now() - info->since, pool);
    cell[8] = states[info->state];
}

static void print_columns(const found_t *found)
{
    static const char *const heads[COLUMNS] = {"KIND",   "NAME",    "SCOPE", "SIZE", "OWNER",
                                               "ACCESS", "HOLDERS", "AGE",   "STATE"};
    int n = found->all->nelts, width[COLUMNS];
    const char **cells = apr_palloc(found->pool, sizeof *cells * COLUMNS * (size_t)(n + 1));
    memcpy(cells, heads, sizeof heads);
    for (int i = 0; i < n; i++)
        describe(info_at(found, i), cells + COLUMNS * (i + 1), found->pool);
    for (int c = 0; c < COLUMNS; c++) {
        width[c] = 0;
        for (int i = 0; i <= n; i++) {
            int length = (int)strlen(cells[COLUMNS * i + c]);
            width[c] = length > width[c] ? length : width[c];
        }
    }
    for (int i = 0; i <= n; i++) {
        for (int c = 0; c < COLUMNS - 1; c++)
            printf("%-*s  ", width[c], cells[COLUMNS * i + c]);
        printf("%s\n", cells[COLUMNS * i + COLUMNS - 1]);
    }
}

/* A number, or null when it is not known. */
static const char *number(int known, apr_int64_t value, apr_pool_t *pool)
{
    return known ? apr_psprintf(pool, "%" APR_INT64_T_FMT, value) : "null";
}

static void print_json(const found_t *found)
{
    apr_pool_t *pool = found->pool;
    printf("[");
    for (int i = 0; i < found->all->nelts; i++) {
        const ist_info_t *info = info_at(found, i);
        const char *user = info->user < 0 ? NULL : tool_user(info->user, pool);
        int holders = tool_holders(info, NULL, pool);
        int counts = info->kind == IST_KIND_SEMAPHORE && info->maximum != 0;
        printf("%s\n  {\"kind\": \"%s\", \"name\": %s, \"scope\": \"%s\", \"state\": \"%s\",\n"
               "   \"size\": %s, \"count\": %s, \"maximum\": %s,\n"
               "   \"owner\": %s, \"access\": %s, \"holders\": %s, \"since\": %s}",
               i == 0 ? "" : ",", tool_kind_name(info->kind), tool_json(info->name, pool),
               info->global ? "global" : "local", states[info->state],
               number(info->size != 0, (apr_int64_t)info->size, pool),
               number(counts, info->units, pool), number(counts, info->maximum, pool),
               user == NULL ? "null" : tool_json(user, pool),
               info->access == 0 ? "null" : tool_json(tool_access(info->access, pool), pool),
               number(holders >= 0, holders, pool),
               number(info->since != 0, apr_time_sec(info->since), pool));
    }
    printf("%s]\n", found->all->nelts == 0 ? "" : "\n");
}

static int run_list(int argc, const char *const *argv, apr_pool_t *pool)
{
    static const apr_getopt_option_t known[] = {{"json", 'j', 0, ""}, {"all", 'a', 0, ""}, {0}};
    found_t found = {NULL, pool, 0};
    const char *const *words, *argument;
    int json = 0, letter;
    apr_getopt_t *state = tool_options(argc, argv, pool);
    while ((letter = tool_option(state, known, &argument)) != 0) {
        if (letter < 0)
            return tool_usage(&tool_list, "an option is not known");
        json |= letter == 'j';
        found.claims |= letter == 'a';
    }
    if (tool_words(state, &words) > 0)
        return tool_usage(&tool_list, "list takes no names");
    apr_status_t rv = find_all(&found, ist_list);
    if (rv != APR_SUCCESS)
        return tool_fail("listing", rv, NULL);
    if (json)
        print_json(&found);
    else
        print_columns(&found);
    return TOOL_OK;
}

const tool_command_t tool_list = {
    "list", "[--json] [--all]", "List the objects that you may see",
    "  --json  as JSON; what the system does not tell is null\n"
    "  --all   the claims of queues' sides too\n\n"
    "Looking changes nothing: it prolongs no object's life. SIZE is in bytes, for a semaphore\n"
    "its count and maximum. HOLDERS are processes that have it open, as far as you may see\n"
    "them. What the system does not tell is -.\n",
    run_list};

/* ---- sweep ------------------------------------------------------------------------- */

static int would_sweep(apr_pool_t *pool)
{
    found_t found = {NULL, pool, 1};
    apr_status_t rv = find_all(&found, tool_leftovers);
    if (rv != APR_SUCCESS)
        return tool_fail("looking", rv, NULL);
    for (int i = 0; i < found.all->nelts; i++) {
        const ist_info_t *info = info_at(&found, i);
        printf("%s %s (%s, of %s)\n", tool_kind_name(info->kind), info->name,
               info->global ? "global" : "local", tool_user(info->user, pool));
    }
    printf("%d to remove\n", found.all->nelts);
    return TOOL_OK;
}

static int run_sweep(int argc, const char *const *argv, apr_pool_t *pool)
{
    static const apr_getopt_option_t known[] = {{"dry-run", 'n', 0, ""}, {0}};
    const char *const *words, *argument;
    int dry = 0, letter;
    apr_uint32_t removed;
    apr_getopt_t *state = tool_options(argc, argv, pool);
    while ((letter = tool_option(state, known, &argument)) != 0) {
        if (letter < 0)
            return tool_usage(&tool_sweep, "an option is not known");
        dry = 1;
    }
    if (tool_words(state, &words) > 0)
        return tool_usage(&tool_sweep, "sweep takes no names");
    if (dry)
        return would_sweep(pool);
    apr_status_t rv = ist_sweep(&removed, pool);
    if (rv != APR_SUCCESS)
        return tool_fail("sweeping", rv, NULL);
    printf("%u removed\n", removed);
    return TOOL_OK;
}

const tool_command_t tool_sweep = {
    "sweep", "[--dry-run]", "Remove what crashed processes left",
    "  -n, --dry-run  tell what would be removed, and remove nothing\n\n"
    "A live object is never touched. What is another user's goes if you may remove it: root may\n"
    "remove all, also local objects, which a list leaves out. On Windows the system itself\n"
    "removes what the dead had, and there is nothing to do. Nothing needs a sweep: the next\n"
    "open of a name reclaims what is left there.\n",
    run_sweep};
