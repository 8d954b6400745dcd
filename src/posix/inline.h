/* SPDX-License-Identifier: Apache-2.0 */
/* Robust process-shared mutexes, in the object's header: the way through when
 * nothing is special about it. The rest is in mutex.c. */
#ifndef IST_POSIX_INLINE_H
#define IST_POSIX_INLINE_H

#include <config.h>
#include <pthread.h>

/* What became of it when it was neither locked at once nor plainly. */
apr_status_t isti_mutex_outcome(ist_os_mutex_t *mutex, int error,
                                const ist_os_deadline_t *deadline);

static inline pthread_mutex_t *isti_mutex_body(ist_os_mutex_t *mutex)
{
    return (pthread_mutex_t *)(void *)mutex->body;
}

/* It tries, whatever the deadline: that is the least that libc has, and most locks
 * are free. */
static inline apr_status_t ist_os_lock(ist_os_mutex_t *mutex, const ist_os_deadline_t *deadline)
{
    int error = pthread_mutex_trylock(isti_mutex_body(mutex));
    if (__builtin_expect(error != 0, 0) ||
        __builtin_expect(atomic_load_explicit(&mutex->held, memory_order_relaxed) != 0, 0))
        return isti_mutex_outcome(mutex, error, deadline);
    return APR_SUCCESS;
}

/* Its errors are the system's codes, and those are APR's own numbers. */
static inline apr_status_t ist_os_unlock(ist_os_mutex_t *mutex)
{
    return APR_FROM_OS_ERROR(pthread_mutex_unlock(isti_mutex_body(mutex)));
}

#endif
