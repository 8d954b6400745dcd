/* SPDX-License-Identifier: Apache-2.0 */
/* The least that a library around libc's mutexes does; a shared library of its own. */
#include <errno.h>
#include <pthread.h>
#include <stddef.h>

#include "../floor.h"

int floor_lock(void *mutex)
{
    if (mutex == NULL)
        return EINVAL;
    int error = pthread_mutex_lock(mutex);
    if (__builtin_expect(error == EOWNERDEAD, 0))
        (void)pthread_mutex_consistent(mutex);
    return error;
}

int floor_unlock(void *mutex)
{
    return mutex == NULL ? EINVAL : pthread_mutex_unlock(mutex);
}
