/* SPDX-License-Identifier: Apache-2.0 */
/* The fake backend's mutexes and semaphores. */
#include "fake.h"

static int ours(const void *owner)
{
    return owner != NULL && owner != fake_other;
}

ist_os_mutex_t *ist_os_mutex(ist_os_object_t *object, uint32_t i)
{
    fake_thing_t *thing = object->parts.thing;
    (void)fake_called(FAKE_MUTEX);
    fake_expect(i < thing->spec.mutexes, "only mutexes that are there are asked for");
    return &thing->lock[i];
}

static apr_status_t try_lock(void *what)
{
    ist_os_mutex_t *mutex = what;
    apr_status_t rv = APR_TIMEUP;
    fake_hold();
    if (mutex->owner == NULL) {
        rv = mutex->died ? IST_ABANDONED : APR_SUCCESS;
        mutex->owner = fake_self();
        mutex->died = 0;
    }
    fake_release();
    return rv;
}

apr_status_t ist_os_lock(ist_os_mutex_t *mutex, const ist_os_deadline_t *deadline)
{
    fake_hold();
    fake_expect(mutex->owner != fake_self(), "who locks a mutex does not own it");
    fake_release();
    if (fake_fails(FAKE_LOCK))
        return fake.fail_with;
    apr_status_t rv = try_lock(mutex);
    return rv == APR_TIMEUP ? fake_sleep(try_lock, mutex, deadline) : rv;
}

/* A system that refuses an unlock says that the caller owns nothing: then it
 * doesn't. */
apr_status_t ist_os_unlock(ist_os_mutex_t *mutex)
{
    int fails = fake_fails(FAKE_UNLOCK);
    fake_hold();
    fake_expect(mutex->owner == fake_self(), "who unlocks a mutex owns it");
    mutex->owner = NULL;
    fake_release();
    return fails ? fake.fail_with : APR_SUCCESS;
}

void ist_os_abandon(ist_os_mutex_t *mutex)
{
    (void)fake_called(FAKE_ABANDON);
    fake_hold();
    fake_expect(ours(mutex->owner), "who abandons a mutex owns it");
    mutex->owner = NULL;
    mutex->died = 1;
    fake_release();
}

static apr_status_t try_wait(void *what)
{
    uint32_t *bell = what;
    apr_status_t rv = APR_TIMEUP;
    fake_hold();
    if (*bell > 0) {
        --*bell;
        rv = APR_SUCCESS;
    }
    fake_release();
    return rv;
}

apr_status_t ist_os_wait(ist_os_object_t *object, uint32_t i, const ist_os_deadline_t *deadline)
{
    fake_thing_t *thing = object->parts.thing;
    fake_expect(i < thing->spec.semaphores, "only semaphores that are there are waited for");
    if (fake_fails(FAKE_WAIT))
        return fake.fail_with;
    apr_status_t rv = try_wait(&thing->bell[i]);
    return rv == APR_TIMEUP ? fake_sleep(try_wait, &thing->bell[i], deadline) : rv;
}

apr_status_t ist_os_post(ist_os_object_t *object, uint32_t i, uint32_t n, uint32_t *previous)
{
    fake_thing_t *thing = object->parts.thing;
    apr_status_t rv = APR_SUCCESS;
    fake_expect(i < thing->spec.semaphores, "only semaphores that are there are posted");
    fake_expect(n >= 1, "a post is of one or more");
    if (fake_fails(FAKE_POST))
        return fake.fail_with;
    fake_hold();
    if (thing->header == NULL && n > thing->spec.maximum - thing->bell[i]) {
        rv = IST_EOVERFLOW;
    } else {
        if (thing->header == NULL && previous != NULL)
            *previous = thing->bell[i];
        thing->bell[i] += n;
    }
    fake_release();
    return rv;
}

apr_status_t ist_os_count(const ist_os_object_t *object, uint32_t i, uint32_t *count,
                          uint32_t *maximum)
{
    fake_thing_t *thing = object->parts.thing;
    fake_expect(thing->header == NULL, "only counts that no header has are asked for");
    if (fake_fails(FAKE_COUNT))
        return fake.fail_with;
    fake_hold();
    *count = thing->bell[i];
    *maximum = thing->spec.maximum;
    fake_release();
    return APR_SUCCESS;
}
