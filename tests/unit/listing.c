/* SPDX-License-Identifier: Apache-2.0 */
/* LIFE-4: listing and sweeping all objects. */
#include "unit.h"

#include <string.h>

enum { MOST = 8 };

typedef struct seen_t {
    int count;
    int end_at; /* end the listing with this one; 0: with none */
    ist_info_t info[MOST];
} seen_t;

static apr_status_t see(void *baton, const ist_info_t *info)
{
    seen_t *seen = baton;
    if (seen->count < MOST)
        seen->info[seen->count] = *info;
    seen->count++;
    return seen->count == seen->end_at ? UNIT_ERROR : APR_SUCCESS;
}

static const ist_info_t *named(const seen_t *seen, const char *name)
{
    for (int i = 0; i < seen->count && i < MOST; i++)
        if (strcmp(seen->info[i].name, name) == 0)
            return &seen->info[i];
    return NULL;
}

static void all_is_told(void)
{
    seen_t seen = {0};
    ist_shm_t *shm;
    (void)unit_mutex("held.m");
    TST_MUST(
        ist_shm_open(&shm, "all.d", 77, IST_CREATE | IST_GLOBAL, IST_ACCESS_GROUP, tst_pool()));
    fake_make(IST_KIND_REGION, "dead.r", 5, 0, 1)->others = 0;
    TST_OK(ist_list(see, &seen, tst_pool()));
    TST_NUMBER(seen.count, 3);
    /* The names live on in the pool, when the system's are gone. */
    const ist_info_t *held = named(&seen, "held.m"), *all = named(&seen, "all.d"),
                     *dead = named(&seen, "dead.r");
    TST_MUST_TRUE(held != NULL && all != NULL && dead != NULL);
    TST_NUMBER(held->kind, IST_KIND_MUTEX);
    TST_NUMBER(held->state, IST_STATE_LIVE);
    TST_NUMBER(held->global, 0);
    TST_NUMBER(all->kind, IST_KIND_SHM);
    TST_NUMBER(all->global, 1);
    TST_NUMBER(all->size, 77);
    TST_NUMBER(all->access, IST_ACCESS_GROUP);
    TST_NUMBER(dead->state, IST_STATE_DEAD);
    TST_OK(ist_sweep(NULL, tst_pool()));
}

static void visitor_ends(void)
{
    for (int end = 1; end <= 3; end++) {
        seen_t seen = {.end_at = end};
        (void)unit_mutex("a");
        (void)unit_mutex("b");
        (void)unit_mutex("c");
        TST_STATUS(ist_list(see, &seen, tst_pool()), UNIT_ERROR);
        TST_NUMBER(seen.count, end);
    }
}

static apr_status_t use(void *baton, const ist_info_t *info)
{
    ist_mutex_t *mutex;
    apr_uint32_t removed;
    int *calls = baton;
    ++*calls;
    TST_TRUE(!fake_inside());
    TST_OK(ist_mutex_open(&mutex, info->name, IST_CREATE, 0, tst_pool()));
    TST_OK(ist_mutex_close(mutex));
    TST_OK(ist_mutex_open(&mutex, "another", IST_CREATE, 0, tst_pool()));
    TST_OK(ist_sweep(&removed, tst_pool()));
    return APR_SUCCESS;
}

static void visitor_opens(void)
{
    int calls = 0;
    (void)unit_mutex("a");
    (void)unit_shm("b", 1);
    TST_OK(ist_list(use, &calls, tst_pool()));
    TST_NUMBER(calls, 2);
}

static void listing_fails(void)
{
    seen_t seen = {0};
    (void)unit_mutex("a");
    fake_fail(1, UNIT_ERROR);
    TST_STATUS(ist_list(see, &seen, tst_pool()), UNIT_ERROR);
    TST_NUMBER(fake.failed, FAKE_LIST);
    TST_NUMBER(seen.count, 0);
    TST_TRUE(!fake_inside());
    TST_OK(ist_list(see, &seen, tst_pool()));
    TST_NUMBER(seen.count, 1);
}

static void sweeps(void)
{
    apr_uint32_t removed = 77;
    (void)unit_mutex("live");
    TST_OK(ist_sweep(&removed, tst_pool()));
    TST_NUMBER(removed, 0);
    fake_make(IST_KIND_MUTEX, "dead", 0, 0, 0)->others = 0;
    fake_make(IST_KIND_SEMAPHORE, "dead", 0, 0, 1)->others = 0;
    TST_OK(ist_sweep(&removed, tst_pool()));
    TST_NUMBER(removed, 2);
    TST_TRUE(fake_find(IST_KIND_MUTEX, "dead") == NULL);
    TST_TRUE(fake_find(IST_KIND_MUTEX, "live") != NULL);
    TST_OK(ist_sweep(NULL, tst_pool()));
    fake_fail(1, UNIT_ERROR);
    TST_STATUS(ist_sweep(&removed, tst_pool()), UNIT_ERROR);
    TST_NUMBER(removed, 0);
    TST_TRUE(!fake_inside());
}

const tst_case_t unit_listing[] = {
    {"LIFE-4 a list tells all of each object", all_is_told},
    {"LIFE-4 a visitor ends the listing", visitor_ends},
    {"LIFE-4 a visitor may open, close and sweep", visitor_opens},
    {"LIFE-4 GEN-1 a list that the system fails", listing_fails},
    {"LIFE-4 a sweep removes the dead, counts them, and may fail", sweeps},
    {NULL, NULL},
};
