/* SPDX-License-Identifier: Apache-2.0 */
/* Semaphores: the kernel's, exact by itself; with a header, a doorbell. */
#include "win32.h"

/* Undocumented with a header, but as old as Windows NT. */
typedef struct semaphore_state_t {
    LONG count;
    LONG maximum;
} semaphore_state_t;

typedef LONG NTAPI query_fn(HANDLE semaphore, int what, void *state, ULONG length, ULONG *written);

HANDLE isti_semaphore_open(const wchar_t *native, ist_os_mode_e mode, const ist_os_spec_t *spec,
                           SECURITY_ATTRIBUTES *security)
{
    int doorbell = isti_name_has_header(spec->kind);
    LONG initial = doorbell ? 0 : (LONG)spec->initial;
    LONG maximum = doorbell ? IST_COUNT_MAX : (LONG)spec->maximum;
    if (mode == IST_OS_OPEN)
        return OpenSemaphoreW(ISTI_SEMAPHORE_USE, FALSE, native);
    return CreateSemaphoreExW(security, initial, maximum, native, 0, ISTI_SEMAPHORE_USE);
}

apr_status_t ist_os_wait(ist_os_object_t *object, uint32_t i, const ist_os_deadline_t *deadline)
{
    return isti_wait_for(object->parts.semaphore[i], deadline);
}

apr_status_t ist_os_post(ist_os_object_t *object, uint32_t i, uint32_t n, uint32_t *previous)
{
    LONG before;
    if (ReleaseSemaphore(object->parts.semaphore[i], (LONG)n, &before)) {
        if (object->header == NULL && previous != NULL)
            *previous = (uint32_t)before;
        return APR_SUCCESS;
    }
    DWORD error = GetLastError();
    if (error != ERROR_TOO_MANY_POSTS)
        return APR_FROM_OS_ERROR(error);
    /* A doorbell that is full will wake all there are. */
    return object->header == NULL ? IST_EOVERFLOW : APR_SUCCESS;
}

apr_status_t ist_os_count(const ist_os_object_t *object, uint32_t i, uint32_t *count,
                          uint32_t *maximum)
{
    static _Atomic(query_fn *) cached;
    semaphore_state_t state;
    query_fn *query = atomic_load_explicit(&cached, memory_order_relaxed);
    if (query == NULL) {
        query = (query_fn *)isti_native("NtQuerySemaphore");
        if (query == NULL)
            return APR_FROM_OS_ERROR(ERROR_PROC_NOT_FOUND);
        atomic_store_explicit(&cached, query, memory_order_relaxed);
    }
    LONG status = query(object->parts.semaphore[i], 0, &state, sizeof state, NULL);
    if (status < 0)
        return isti_status_nt(status);
    *count = (uint32_t)state.count;
    *maximum = (uint32_t)state.maximum;
    return APR_SUCCESS;
}
