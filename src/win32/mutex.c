/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Mutexes: the kernel's, which knows its owner and tells of its death.
 *
 * Where there is a header, its `held` word tells instead: set from the kernel's
 * lock until just before its unlock. For there the kernel's mutex may be older
 * than the bytes, and tell of a death that was in others, or younger, when a
 * killed process lost its handle of it before that of the section.
 */
#include "win32.h"

HANDLE isti_mutex_open(const wchar_t *native, ist_os_mode_e mode, SECURITY_ATTRIBUTES *security)
{
    if (mode == IST_OS_OPEN)
        return OpenMutexW(ISTI_MUTEX_USE, FALSE, native);
    return CreateMutexExW(security, native, 0, ISTI_MUTEX_USE);
}

ist_os_mutex_t *ist_os_mutex(ist_os_object_t *object, uint32_t i)
{
    return &object->parts.mutex[i];
}

apr_status_t ist_os_lock(ist_os_mutex_t *mutex, const ist_os_deadline_t *deadline)
{
    apr_status_t rv = isti_wait_for(mutex->handle, deadline);
    if (mutex->slot == NULL || !IST_LOCKED(rv))
        return rv;
    /* No order is needed: the kernel's lock and unlock give it. Who dies with
     * the lock and before the store has not had it yet. */
    if (atomic_load_explicit(&mutex->slot->held, memory_order_relaxed) != 0)
        return IST_ABANDONED;
    atomic_store_explicit(&mutex->slot->held, 1, memory_order_relaxed);
    return APR_SUCCESS;
}

apr_status_t ist_os_unlock(ist_os_mutex_t *mutex)
{
    /* Release: who finds it clear, after a death right here, finds the data whole. */
    if (mutex->slot != NULL)
        atomic_store_explicit(&mutex->slot->held, 0, memory_order_release);
    return ReleaseMutex(mutex->handle) ? APR_SUCCESS : APR_FROM_OS_ERROR(GetLastError());
}

/* Windows abandons what a thread holds when the thread ends, and a handle may be
 * closed before: the mutex lives on while others have one. `held` stays set. */
void ist_os_abandon(ist_os_mutex_t *mutex)
{
    (void)mutex;
}
