/* SPDX-License-Identifier: Apache-2.0 */
/*
 * GEN-1, GEN-4: every scenario with its n-th call of the system failing, for
 * each n until none is left. The failure is told as it is, nothing stays
 * behind when the pool is gone and the thread ended, and once more without it
 * everything goes well.
 */
#include "scenarios.h"

/* No scenario has as many calls: if it goes on, it would for ever. */
#define MOST 2000u

static int is_queue(scenario_fn *scenario)
{
    return scenario == scenario_queue || scenario == scenario_queue_pool ||
           scenario == scenario_queue_sole || scenario == scenario_queue_asleep;
}

/* What a scenario comes to when this call failed. */
static int as_it_should(scenario_fn *scenario, fake_call_e failed, apr_status_t rv)
{
    if (failed == FAKE_ALLOCATE)
        return rv == APR_ENOMEM;
    /* Only the bell failed to ring: the units are there, and are found. */
    if (failed == FAKE_POST && !fake.bare)
        return rv == APR_SUCCESS;
    /* A queue's message has crossed by then, and no answer takes it back. */
    if (failed == FAKE_UNLOCK && is_queue(scenario))
        return rv == APR_SUCCESS;
    /* The poster, or the sender, who met it tried again. */
    if (failed == FAKE_POST && rv == APR_SUCCESS)
        return scenario == scenario_semaphore_asleep || scenario == scenario_semaphore_polled;
    if (failed == FAKE_LOCK && rv == APR_SUCCESS)
        return scenario == scenario_queue_asleep;
    return rv == UNIT_ERROR;
}

static void put_away(apr_pool_t *pool, uint32_t n)
{
    char when[60];
    fake_fail(0, APR_SUCCESS);
    fake.meanwhile = NULL;
    apr_pool_destroy(pool);
    isti_thread_ended(isti_thread.id);
    snprintf(when, sizeof when, "a run with failure %u", (unsigned)n);
    unit_nothing_left(when);
    TST_MUST_TRUE(fake.broken[0] == '\0');
}

static void again(scenario_fn *scenario, uint32_t n)
{
    apr_pool_t *pool = tst_subpool();
    apr_status_t rv = scenario(pool);
    TST_SAY(rv == APR_SUCCESS, "a run after one with failure %u: %s", (unsigned)n,
            tst_status_name(rv));
    put_away(pool, n);
}

static void each_fails(scenario_fn *scenario, int bare)
{
    fake.bare = bare;
    for (uint32_t n = 1; n < MOST; n++) {
        apr_pool_t *pool = tst_subpool();
        fake_fail(n, UNIT_ERROR);
        apr_status_t rv = scenario(pool);
        fake_call_e failed = fake.failed;
        put_away(pool, n);
        if (failed == FAKE_NONE) {
            TST_OK(rv);
            TST_SAY(n > 3, "only %u calls could fail", (unsigned)n - 1);
            return;
        }
        TST_SAY(as_it_should(scenario, failed, rv), "failure %u, of call %d, gave %s", (unsigned)n,
                (int)failed, tst_status_name(rv));
        again(scenario, n);
    }
    TST_SAY(0, "the scenario never ends");
}

#define SCENARIO(name)                                                                             \
    static void name(void)                                                                         \
    {                                                                                              \
        each_fails(scenario_##name, 0);                                                            \
    }
#define SCENARIO_BARE(name)                                                                        \
    static void name##_bare(void)                                                                  \
    {                                                                                              \
        each_fails(scenario_##name, 1);                                                            \
    }

SCENARIO(shm)
SCENARIO(shm_pool)
SCENARIO(shm_removed)
SCENARIO(mutex)
SCENARIO(mutex_pool)
SCENARIO(mutex_held)
SCENARIO(mutex_contended)
SCENARIO(mutex_polled)
SCENARIO(semaphore)
SCENARIO(semaphore_pool)
SCENARIO(semaphore_asleep)
SCENARIO(semaphore_polled)
SCENARIO(region)
SCENARIO(region_pool)
SCENARIO(queue)
SCENARIO(queue_pool)
SCENARIO(queue_sole)
SCENARIO(queue_asleep)
SCENARIO(together)
SCENARIO(all_objects)
SCENARIO_BARE(mutex)
SCENARIO_BARE(mutex_held)
SCENARIO_BARE(mutex_contended)
SCENARIO_BARE(semaphore)
SCENARIO_BARE(semaphore_pool)
SCENARIO_BARE(semaphore_asleep)
SCENARIO_BARE(together)

const tst_case_t unit_failures[] = {
    {"GEN-4 every call fails: segment", shm},
    {"GEN-4 every call fails: segment, closed by its pool", shm_pool},
    {"GEN-4 every call fails: segment whose name is removed", shm_removed},
    {"GEN-4 every call fails: mutex", mutex},
    {"GEN-4 every call fails: mutex (no header)", mutex_bare},
    {"GEN-4 every call fails: mutex, closed by its pool", mutex_pool},
    {"GEN-4 every call fails: mutex held as its pool dies", mutex_held},
    {"GEN-4 every call fails: mutex held as its pool dies (no header)", mutex_held_bare},
    {"GEN-4 every call fails: mutex of an owner who dies", mutex_contended},
    {"GEN-4 every call fails: mutex of an owner who dies (no header)", mutex_contended_bare},
    {"GEN-4 every call fails: mutex of an owner who dies, polled for", mutex_polled},
    {"GEN-4 every call fails: semaphore", semaphore},
    {"GEN-4 every call fails: semaphore (no header)", semaphore_bare},
    {"GEN-4 every call fails: semaphore, closed by its pool", semaphore_pool},
    {"GEN-4 every call fails: semaphore, closed by its pool (no header)", semaphore_pool_bare},
    {"GEN-4 every call fails: semaphore slept for", semaphore_asleep},
    {"GEN-4 every call fails: semaphore slept for (no header)", semaphore_asleep_bare},
    {"GEN-4 every call fails: semaphore polled and slept for", semaphore_polled},
    {"GEN-4 every call fails: region", region},
    {"GEN-4 every call fails: region, closed by its pool", region_pool},
    {"GEN-4 every call fails: queue", queue},
    {"GEN-4 every call fails: queue, closed by its pool", queue_pool},
    {"GEN-4 every call fails: queue, sole endpoints", queue_sole},
    {"GEN-4 every call fails: queue slept at", queue_asleep},
    {"GEN-4 every call fails: all kinds under one name", together},
    {"GEN-4 every call fails: all kinds under one name (no header)", together_bare},
    {"GEN-4 every call fails: list and sweep", all_objects},
    {NULL, NULL},
};
