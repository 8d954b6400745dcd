/* SPDX-License-Identifier: Apache-2.0 */
/* Open, use, close: each kind from beginning to end. */
#include "scenarios.h"
#include "steps.h"

#include <string.h>

/* ---- segments ---------------------------------------------------------------- */

static apr_status_t use_shm(ist_shm_t *shm[3], apr_pool_t *pool)
{
    STEP(ist_shm_open(&shm[0], "n", 5000, IST_CREATE_ONLY, 0, pool));
    memcpy(ist_shm_base(shm[0]), "isthmus", 8);
    STEP(ist_shm_open(&shm[1], "n", 5000, IST_CREATE | IST_POPULATE, 0, pool));
    STEP(ist_shm_open(&shm[2], "n", 0, IST_READ_ONLY, 0, pool));
    MUST_BE(strcmp(ist_shm_base(shm[2]), "isthmus") == 0);
    MUST_BE(ist_shm_size(shm[1]) == 5000);
    return APR_SUCCESS;
}

apr_status_t scenario_shm(apr_pool_t *pool)
{
    ist_shm_t *shm[3];
    STEP(use_shm(shm, pool));
    for (int i = 0; i < 3; i++)
        STEP(ist_shm_close(shm[i]));
    return APR_SUCCESS;
}

apr_status_t scenario_shm_pool(apr_pool_t *pool)
{
    ist_shm_t *shm[3];
    return use_shm(shm, pool);
}

/* Somebody removes the name, and it means another then. */
apr_status_t scenario_shm_removed(apr_pool_t *pool)
{
    ist_shm_t *first, *second;
    STEP(ist_shm_open(&first, "n", 8, IST_CREATE, 0, pool));
    fake_unname(fake_find(IST_KIND_SHM, "n"));
    STEP_IS(ist_shm_open(&second, "n", 0, 0, 0, pool), APR_ENOENT);
    STEP(ist_shm_open(&second, "n", 16, IST_CREATE, 0, pool));
    MUST_BE(ist_shm_size(first) == 8 && ist_shm_size(second) == 16);
    STEP(ist_shm_close(first));
    STEP(ist_shm_close(second));
    return APR_SUCCESS;
}

/* ---- mutexes ------------------------------------------------------------------- */

static apr_status_t use_mutex(ist_mutex_t *mutex[2], apr_pool_t *pool)
{
    STEP(ist_mutex_open(&mutex[0], "n", IST_CREATE, 0, pool));
    STEP(ist_mutex_open(&mutex[1], "n", 0, 0, pool));
    STEP(ist_mutex_lock(mutex[0]));
    STEP(ist_mutex_lock(mutex[1]));
    STEP(ist_mutex_unlock(mutex[0]));
    STEP(ist_mutex_unlock(mutex[0]));
    STEP(ist_mutex_trylock(mutex[1]));
    STEP(ist_mutex_unlock(mutex[0]));
    STEP(ist_mutex_timedlock(mutex[0], 1000));
    STEP(ist_mutex_unlock(mutex[1]));
    STEP_IS(ist_mutex_unlock(mutex[1]), IST_ENOTOWNER);
    return APR_SUCCESS;
}

apr_status_t scenario_mutex(apr_pool_t *pool)
{
    ist_mutex_t *mutex[2];
    STEP(use_mutex(mutex, pool));
    STEP(ist_mutex_close(mutex[1]));
    STEP(ist_mutex_close(mutex[0]));
    return APR_SUCCESS;
}

apr_status_t scenario_mutex_pool(apr_pool_t *pool)
{
    ist_mutex_t *mutex[2];
    return use_mutex(mutex, pool);
}

/* The pool dies with it locked, and the thread ends after. */
apr_status_t scenario_mutex_held(apr_pool_t *pool)
{
    ist_mutex_t *mutex[2];
    STEP(use_mutex(mutex, pool));
    STEP(ist_mutex_lock(mutex[0]));
    STEP(ist_mutex_lock(mutex[1]));
    STEP(ist_mutex_close(mutex[0]));
    STEP_IS(ist_mutex_close(mutex[1]), APR_EBUSY);
    return APR_SUCCESS;
}

/* Another process has it, and dies with it in the third sleep. */
static void owner_dies(void *baton)
{
    fake_thing_t *thing = baton;
    if (fake.sleeps < 3)
        return;
    fake.meanwhile = NULL;
    thing->lock[0].owner = NULL;
    thing->lock[0].died = 1;
}

/* There are two cores, and time goes by at each look at the clock. */
static void poll_too(void)
{
    fake.cores = 2;
    fake.tick = 20000;
    isti_spin_forget();
}

static void let_wait(fake_thing_t *thing)
{
    thing->lock[0].owner = fake_other;
    fake.sleeps = 0;
    fake.meanwhile = owner_dies;
    fake.baton = thing;
}

apr_status_t scenario_mutex_contended(apr_pool_t *pool)
{
    ist_mutex_t *mutex;
    STEP(ist_mutex_open(&mutex, "n", IST_CREATE, 0, pool));
    let_wait(fake_find(IST_KIND_MUTEX, "n"));
    STEP_IS(ist_mutex_trylock(mutex), APR_EBUSY);
    STEP_IS(ist_mutex_timedlock(mutex, 150000), APR_TIMEUP);
    STEP_IS(ist_mutex_lock(mutex), IST_ABANDONED);
    STEP(ist_mutex_unlock(mutex));
    let_wait(fake_find(IST_KIND_MUTEX, "n"));
    STEP_IS(ist_mutex_timedlock(mutex, 1000000), IST_ABANDONED);
    STEP(ist_mutex_unlock(mutex));
    STEP(ist_mutex_close(mutex));
    return APR_SUCCESS;
}

/* Polled for as well, until the third sleep. */
apr_status_t scenario_mutex_polled(apr_pool_t *pool)
{
    poll_too();
    return scenario_mutex_contended(pool);
}

/* ---- semaphores ------------------------------------------------------------------ */

static apr_status_t use_semaphore(ist_semaphore_t *sem[2], apr_pool_t *pool)
{
    apr_uint32_t previous = 0, value = 0;
    STEP(ist_semaphore_open(&sem[0], "n", 1, 3, IST_CREATE, 0, pool));
    STEP(ist_semaphore_open(&sem[1], "n", 0, 1, IST_CREATE, 0, pool));
    STEP(ist_semaphore_wait(sem[0]));
    STEP_IS(ist_semaphore_trywait(sem[1]), APR_EBUSY);
    STEP_IS(ist_semaphore_timedwait(sem[1], 250000), APR_TIMEUP);
    STEP(ist_semaphore_post(sem[1]));
    STEP(ist_semaphore_post_n(sem[0], 2, &previous));
    MUST_BE(previous == 1 && ist_semaphore_maximum(sem[1]) == 3);
    STEP_IS(ist_semaphore_post(sem[0]), IST_EOVERFLOW);
    STEP(ist_semaphore_value(sem[1], &value));
    MUST_BE(value == 3);
    STEP(ist_semaphore_timedwait(sem[0], 1));
    STEP(ist_semaphore_trywait(sem[0]));
    return APR_SUCCESS;
}

apr_status_t scenario_semaphore(apr_pool_t *pool)
{
    ist_semaphore_t *sem[2];
    STEP(use_semaphore(sem, pool));
    STEP(ist_semaphore_close(sem[0]));
    STEP(ist_semaphore_close(sem[1]));
    return APR_SUCCESS;
}

apr_status_t scenario_semaphore_pool(apr_pool_t *pool)
{
    ist_semaphore_t *sem[2];
    return use_semaphore(sem, pool);
}

/* Somebody posts from the second sleep on, through the same handle, until it is done. */
static void post(void *baton)
{
    if (fake.sleeps >= 2 && ist_semaphore_post(baton) == APR_SUCCESS)
        fake.meanwhile = NULL;
}

apr_status_t scenario_semaphore_asleep(apr_pool_t *pool)
{
    ist_semaphore_t *sem;
    STEP(ist_semaphore_open(&sem, "n", 0, 3, IST_CREATE, 0, pool));
    fake.sleeps = 0;
    fake.meanwhile = post;
    fake.baton = sem;
    STEP(ist_semaphore_wait(sem));
    fake.sleeps = 0;
    fake.meanwhile = post;
    STEP(ist_semaphore_timedwait(sem, 900000));
    STEP_IS(ist_semaphore_trywait(sem), APR_EBUSY);
    STEP(ist_semaphore_close(sem));
    return APR_SUCCESS;
}

apr_status_t scenario_semaphore_polled(apr_pool_t *pool)
{
    poll_too();
    return scenario_semaphore_asleep(pool);
}

/* ---- regions ----------------------------------------------------------------------- */

static apr_status_t use_region(ist_region_t *region[2], apr_pool_t *pool)
{
    STEP(ist_region_open(&region[0], "n", 100, IST_CREATE, IST_ACCESS_GROUP, pool));
    STEP(ist_region_open(&region[1], "n", 0, IST_POPULATE, 0, pool));
    STEP(ist_region_lock(region[0]));
    memcpy(ist_region_base(region[0]), "news", 5);
    STEP(ist_region_unlock(region[1]));
    STEP(ist_region_notify(region[0]));
    STEP(ist_region_wait(region[1]));
    STEP(ist_region_trylock(region[1]));
    MUST_BE(strcmp(ist_region_base(region[1]), "news") == 0);
    STEP(ist_region_unlock(region[1]));
    STEP_IS(ist_region_timedwait(region[0], 50000), APR_TIMEUP);
    return APR_SUCCESS;
}

apr_status_t scenario_region(apr_pool_t *pool)
{
    ist_region_t *region[2];
    STEP(use_region(region, pool));
    STEP(ist_region_close(region[0]));
    STEP(ist_region_close(region[1]));
    return APR_SUCCESS;
}

apr_status_t scenario_region_pool(apr_pool_t *pool)
{
    ist_region_t *region[2];
    return use_region(region, pool);
}

/* ---- several at once ------------------------------------------------------------------ */

/* All kinds bear one name, and are held at once. */
apr_status_t scenario_together(apr_pool_t *pool)
{
    ist_shm_t *shm;
    ist_mutex_t *mutex;
    ist_semaphore_t *sem;
    ist_region_t *region;
    STEP(ist_shm_open(&shm, "n", 1, IST_CREATE_ONLY, 0, pool));
    STEP(ist_mutex_open(&mutex, "n", IST_CREATE_ONLY, 0, pool));
    STEP(ist_mutex_lock(mutex));
    STEP(ist_semaphore_open(&sem, "n", 2, 2, IST_CREATE_ONLY, 0, pool));
    STEP(ist_semaphore_wait(sem));
    STEP(ist_region_open(&region, "n", 1, IST_CREATE_ONLY, 0, pool));
    STEP(ist_region_lock(region));
    STEP(ist_semaphore_post(sem));
    STEP(ist_mutex_unlock(mutex));
    STEP(ist_region_unlock(region));
    STEP(ist_region_close(region));
    STEP(ist_mutex_close(mutex));
    return APR_SUCCESS;
}

static apr_status_t count_one(void *baton, const ist_info_t *info)
{
    (void)info;
    ++*(int *)baton;
    return APR_SUCCESS;
}

apr_status_t scenario_all_objects(apr_pool_t *pool)
{
    ist_mutex_t *mutex;
    apr_uint32_t removed;
    int count = 0;
    STEP(ist_mutex_open(&mutex, "n", IST_CREATE, 0, pool));
    STEP(ist_list(count_one, &count, pool));
    MUST_BE(count == 1);
    STEP(ist_sweep(&removed, pool));
    MUST_BE(removed == 0);
    STEP(ist_mutex_close(mutex));
    return APR_SUCCESS;
}
