/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Opening and closing objects, part by part.
 *
 * Mutexes and semaphores are opened before the section and closed after it.
 * So whoever has a section has, since before, the mutexes that guard it, and
 * names of parts mean the same to all who have one section: nobody can make
 * them anew in between. Only a process that is just being killed lets go of
 * its parts in any order; see isti_section_open().
 *
 * Windows keeps an object as long as a handle, and closes a dead process's
 * handles: lifetimes need nothing more.
 */
#include "win32.h"

#include <string.h>

apr_status_t isti_opening_found(isti_opening_t *opening, HANDLE part,
                                const isti_security_t *security)
{
    const ist_os_spec_t *spec = opening->spec;
    /* Anybody in the session may take a local name, and let this user in. */
    apr_status_t rv = spec->global ? APR_SUCCESS : isti_access_owned(part, &opening->user);
    if (rv != APR_SUCCESS)
        return rv;
    if (opening->mode != IST_OS_OPEN && isti_name_has_header(spec->kind))
        opening->mixed |= !isti_access_same(part, security);
    return APR_SUCCESS;
}

static apr_status_t open_part(isti_opening_t *opening, void **part, isti_role_e role, uint32_t i)
{
    const ist_os_spec_t *spec = opening->spec;
    isti_security_t security;
    wchar_t native[ISTI_NATIVE_MAX];
    isti_name_part(native, spec->key, role, i);
    apr_status_t rv = isti_access_secure(&security, &opening->user, role, spec->access);
    if (rv != APR_SUCCESS)
        return rv;
    SetLastError(ERROR_SUCCESS);
    *part = role == ISTI_ROLE_MUTEX
                ? isti_mutex_open(native, opening->mode, &security.attributes)
                : isti_semaphore_open(native, opening->mode, spec, &security.attributes);
    DWORD error = GetLastError();
    if (*part == NULL)
        return isti_status(error);
    if (opening->mode == IST_OS_OPEN || error == ERROR_ALREADY_EXISTS)
        return isti_opening_found(opening, *part, &security);
    opening->made++;
    return APR_SUCCESS;
}

static apr_status_t open_parts(isti_opening_t *opening)
{
    ist_os_parts_t *parts = &opening->object->parts;
    apr_status_t rv = APR_SUCCESS;
    for (uint32_t i = 0; rv == APR_SUCCESS && i < opening->spec->mutexes; i++)
        rv = open_part(opening, &parts->mutex[i].handle, ISTI_ROLE_MUTEX, i);
    for (uint32_t i = 0; rv == APR_SUCCESS && i < opening->spec->semaphores; i++)
        rv = open_part(opening, &parts->semaphore[i], ISTI_ROLE_SEMAPHORE, i);
    if (rv != APR_SUCCESS)
        return rv;
    if (isti_name_has_header(opening->spec->kind))
        return isti_section_open(opening);
    opening->object->created = opening->made > 0;
    return opening->mode == IST_OS_CREATE_ONLY && opening->made == 0 ? APR_EEXIST : APR_SUCCESS;
}

apr_status_t ist_os_open(ist_os_object_t *object, const ist_os_spec_t *spec, ist_os_mode_e mode)
{
    isti_opening_t opening = {.object = object, .spec = spec, .mode = mode};
    apr_status_t rv = isti_user_now(&opening.user);
    if (rv == APR_SUCCESS)
        rv = open_parts(&opening);
    if (rv != APR_SUCCESS)
        ist_os_close(object, spec);
    return rv;
}

static void close_part(void *part)
{
    if (part != NULL)
        CloseHandle(part);
}

void ist_os_close(ist_os_object_t *object, const ist_os_spec_t *spec)
{
    isti_section_close(object);
    for (uint32_t i = spec->semaphores; i-- > 0;)
        close_part(object->parts.semaphore[i]);
    for (uint32_t i = spec->mutexes; i-- > 0;)
        close_part(object->parts.mutex[i].handle);
    memset(object, 0, sizeof *object);
}

/* A name means the same object for as long as there is a handle. */
int ist_os_current(const ist_os_object_t *object, const ist_os_spec_t *spec)
{
    (void)object;
    (void)spec;
    return 1;
}
