/* SPDX-License-Identifier: Apache-2.0 */
/* Robust process-shared mutexes: what is not the common way of inline.h. */
#include "posix.h"

#include <errno.h>

/* What a process of another PID namespace than the object's has in place of its
 * mutexes: marked as held, it comes to isti_mutex_outcome() whatever libc says. */
static ist_os_mutex_t elsewhere = {.held = 1};

/* Owners are known by thread ids, and two namespaces have equal ones. An opener is
 * refused; a fork may put a child there that has the object open. */
ist_os_mutex_t *ist_os_mutex(ist_os_object_t *object, uint32_t i)
{
    const uint64_t space = isti_process_space();
    if (space != object->parts.space && space != 0 && object->parts.space != 0)
        return &elsewhere;
    return &object->header->lock[i];
}

static int lock_until(pthread_mutex_t *mutex, const ist_os_deadline_t *deadline)
{
#ifdef HAVE_PTHREAD_MUTEX_CLOCKLOCK
    return pthread_mutex_clocklock(mutex, CLOCK_MONOTONIC, &deadline->time);
#else
    struct timespec time = isti_process_wall_time(deadline);
    return pthread_mutex_timedlock(mutex, &time);
#endif
}

apr_status_t isti_mutex_outcome(ist_os_mutex_t *mutex, int error,
                                const ist_os_deadline_t *deadline)
{
    pthread_mutex_t *body = isti_mutex_body(mutex);
    if (mutex == &elsewhere) {
        if (error == 0)
            (void)pthread_mutex_unlock(body);
        return IST_ENAMESPACE;
    }
    if (error == EBUSY && deadline != NULL)
        error = lock_until(body, deadline);
    if (error == EBUSY || error == ETIMEDOUT)
        return APR_TIMEUP;
    if (error != 0 && error != EOWNERDEAD)
        return APR_FROM_OS_ERROR(error);
    /* At once: an unlock without it would spoil the mutex for good. */
    if (error == EOWNERDEAD)
        (void)pthread_mutex_consistent(body);
    else if (atomic_load_explicit(&mutex->held, memory_order_relaxed) == 0)
        return APR_SUCCESS;
    atomic_store_explicit(&mutex->held, 0, memory_order_relaxed);
    return IST_ABANDONED;
}

/* The system's news of a thread's end would need the mutex mapped until then;
 * unlocked, it needs nothing, and `held` tells. Killed in between, the system
 * tells too, of the same death. */
void ist_os_abandon(ist_os_mutex_t *mutex)
{
    atomic_store_explicit(&mutex->held, 1, memory_order_relaxed);
    (void)pthread_mutex_unlock(isti_mutex_body(mutex));
}
