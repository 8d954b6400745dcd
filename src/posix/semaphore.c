/* SPDX-License-Identifier: Apache-2.0 */
/* Doorbells: waiting and ringing. The counts are words in the header. */
#include "posix.h"

#include <config.h>

#include <errno.h>
#include <pthread.h>

/* Linux has no more threads than this (PID_MAX_LIMIT), so nobody needs more rings.
 * The sleepers that a damaged word tells of would take long to ring for. */
#define RINGS_MOST (UINT32_C(1) << 22)

static int wait_until(sem_t *bell, const ist_os_deadline_t *deadline)
{
    int state;
    /* It would be a cancellation point. */
    (void)pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
#ifdef HAVE_SEM_CLOCKWAIT
    int error = sem_clockwait(bell, CLOCK_MONOTONIC, &deadline->time) == 0 ? 0 : errno;
#else
    struct timespec time = isti_process_wall_time(deadline);
    int error = sem_timedwait(bell, &time) == 0 ? 0 : errno;
#endif
    (void)pthread_setcancelstate(state, &state);
    return error;
}

apr_status_t ist_os_wait(ist_os_object_t *object, uint32_t i, const ist_os_deadline_t *deadline)
{
    sem_t *bell = object->parts.bell[i];
    int error;
    if (deadline == NULL)
        error = sem_trywait(bell) == 0 ? 0 : errno;
    else
        error = wait_until(bell, deadline);
    if (error == 0)
        return APR_SUCCESS;
    if (error == ETIMEDOUT || error == EAGAIN || error == EINTR)
        return APR_TIMEUP;
    return APR_FROM_OS_ERROR(error);
}

/* A bell that overflows has rings enough. Called in signal handlers: errno is
 * the interrupted code's. */
apr_status_t ist_os_post(ist_os_object_t *object, uint32_t i, uint32_t n, uint32_t *previous)
{
    int saved = errno;
    (void)previous;
    n = n < RINGS_MOST ? n : RINGS_MOST;
    while (n-- > 0 && sem_post(object->parts.bell[i]) == 0)
        continue;
    errno = saved;
    return APR_SUCCESS;
}

/* Every object has a header here: shared code reads the counts in it. */
apr_status_t ist_os_count(const ist_os_object_t *object, uint32_t i, uint32_t *count,
                          uint32_t *maximum)
{
    uint64_t word = atomic_load_explicit(&object->header->count[i].word, memory_order_relaxed);
    *count = (uint32_t)word;
    *maximum = object->header->count[i].maximum;
    return APR_SUCCESS;
}
