/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A case's surroundings: its pool, its names, and the look for what it left.
 */
#include "private.h"

#include <apr_strings.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

tst_self_t tst_self;
static long descriptors;

apr_pool_t *tst_pool(void)
{
    return tst_self.pool;
}

apr_pool_t *tst_subpool(void)
{
    apr_pool_t *pool = NULL;
    if (apr_pool_create(&pool, tst_self.pool) != APR_SUCCESS)
        tst_check(0, 1, __FILE__, __LINE__, "no memory for a pool");
    return pool;
}

const char *tst_print(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    const char *text = apr_pvsprintf(tst_self.pool, format, arguments);
    va_end(arguments);
    return text;
}

const char *tst_name(const char *suffix)
{
    return suffix == NULL ? tst_self.base : tst_print("%s.%s", tst_self.base, suffix);
}

const char *tst_name_of(apr_size_t length)
{
    char *name = apr_palloc(tst_self.pool, length + 1);
    memset(name, 'x', length);
    memcpy(name, tst_self.base, strlen(tst_self.base));
    name[length] = '\0';
    return name;
}

void tst_skip(const char *reason, ...)
{
    va_list arguments;
    va_start(arguments, reason);
    vsnprintf(tst_self.reason, sizeof tst_self.reason, reason, arguments);
    va_end(arguments);
    tst_self.skipped = 1;
}

void tst_leaves(const char *reason)
{
    (void)reason;
    tst_self.leaves = 1;
}

void tst_case_begin(const tst_case_t *one)
{
    static unsigned count;
    tst_self.running = one;
    tst_self.failed = tst_self.skipped = tst_self.leaves = tst_self.killed = 0;
    tst_self.reason[0] = '\0';
    tst_self.thread = tst_sys_thread_id();
    snprintf(tst_self.base, sizeof tst_self.base, "t%ld-%u-%05x", tst_sys_pid(), count++,
             (unsigned)tst_random(0xfffff));
    tst_self.began = tst_now();
    tst_watch_case(one->name);
    descriptors = tst_descriptors();
    if (apr_pool_create(&tst_self.pool, NULL) != APR_SUCCESS)
        tst_sys_exit_now(4);
}

typedef struct left_t {
    apr_pool_t *pool;
    int live;
    int dead;
    char what[256];
} left_t;

static apr_status_t see_left(void *baton, const ist_info_t *info)
{
    left_t *left = baton;
    if (strncmp(info->name, tst_self.base, strlen(tst_self.base)) != 0)
        return APR_SUCCESS;
    if (info->state == IST_STATE_LIVE)
        left->live++;
    else
        left->dead++;
    snprintf(left->what, sizeof left->what, "%s", info->name);
    /* Whoever opens the name next reclaims what the dead left. */
    tst_handle_t handle;
    apr_uint32_t scope = info->global ? IST_GLOBAL : 0;
    if (info->state != IST_STATE_LIVE &&
        tst_open_as(&handle, info->kind, info->name, scope, 0, 0, 0, left->pool) == APR_SUCCESS)
        tst_close(&handle);
    return APR_SUCCESS;
}

/* LIFE-4, LIFE-1, GEN-4: nothing outlives its last holder. */
static void look_for_leaks(void)
{
    left_t left = {NULL, 0, 0, ""};
    char what[256] = "";
    if (apr_pool_create(&left.pool, NULL) != APR_SUCCESS)
        return;
    TST_OK(ist_list(see_left, &left, left.pool));
    TST_SAY(left.live == 0, "%d live objects are left, such as %s", left.live, left.what);
    TST_SAY(left.dead == 0 || tst_self.killed, "%d dead objects are left, such as %s", left.dead,
            left.what);
    apr_pool_destroy(left.pool);
    TST_SAY(tst_native_names(tst_self.base, what, sizeof what) <= 0, "a name is left: %s", what);
    TST_SAY(tst_mappings(tst_self.base) <= 0, "views are left: %ld",
            tst_mappings(tst_self.base));
    long now = tst_descriptors();
    TST_SAY(now <= descriptors, "%ld descriptors are open, %ld were before", now, descriptors);
}

void tst_case_end(void)
{
    if (tst_self.running == NULL)
        return;
    tst_sys_case_end();
    tst_peers_end();
    tst_threads_end();
    apr_pool_destroy(tst_self.pool);
    tst_self.pool = NULL;
    if (!tst_self.leaves)
        look_for_leaks();
    tst_unsquat();
    tst_watch_done();
    tst_self.running = NULL;
}
