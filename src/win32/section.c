/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sections: an object's bytes behind a header that says whether it is there.
 *
 * A fresh section is zeroed, and so unborn. Who would create the object fills
 * in the header, which is the same whoever fills it in, and then changes
 * `born` from 0: the one whose compare-and-swap succeeds has created it, be
 * the section's maker dead or stopped. No lock is needed, and none can be left
 * behind.
 */
#include "win32.h"

#include <string.h>

#define PAGE 4096u

/* The largest object that a pointer difference can span. */
#define SIZE_MOST ((uint64_t)PTRDIFF_MAX - ISTI_HEADER_SIZE - PAGE)

/* CreateFileMappingW can't be asked for less than rights that only an owner has,
 * and so is denied a section of another user's that was not there a moment
 * ago and that OpenFileMappingW opens now. Who is denied this often in between has
 * no right to make one. */
#define ROUNDS 16

static DWORD view_access(const ist_os_spec_t *spec)
{
    return spec->read_only ? FILE_MAP_READ : FILE_MAP_READ | FILE_MAP_WRITE;
}

/* ---- the section --------------------------------------------------------- */

static HANDLE create(const wchar_t *native, const ist_os_spec_t *spec,
                     SECURITY_ATTRIBUTES *security)
{
    uint64_t length = ISTI_HEADER_SIZE + spec->size;
    SetLastError(ERROR_SUCCESS);
    return CreateFileMappingW(INVALID_HANDLE_VALUE, security, PAGE_READWRITE | SEC_COMMIT,
                              (DWORD)(length >> 32), (DWORD)length, native);
}

/* Get a handle, and tell whether the section was there. */
static apr_status_t open_or_create(isti_opening_t *opening, isti_security_t *security, int *found)
{
    const ist_os_spec_t *spec = opening->spec;
    void **section = &opening->object->parts.section;
    DWORD rights = spec->read_only ? ISTI_SECTION_LOOK : ISTI_SECTION_USE;
    wchar_t native[ISTI_NATIVE_MAX];
    isti_name_part(native, spec->key, ISTI_ROLE_SECTION, 0);
    for (int round = 0;; round++) {
        *found = 1;
        *section = OpenFileMappingW(rights, FALSE, native);
        if (*section != NULL)
            return APR_SUCCESS;
        DWORD error = GetLastError();
        if (error != ERROR_FILE_NOT_FOUND || opening->mode == IST_OS_OPEN)
            return isti_status(error);
        if (spec->size > SIZE_MOST)
            return APR_ENOMEM;
        *section = create(native, spec, &security->attributes);
        error = GetLastError();
        *found = error == ERROR_ALREADY_EXISTS;
        if (*section != NULL)
            return APR_SUCCESS;
        if (error != ERROR_ACCESS_DENIED || round == ROUNDS)
            return isti_status(error);
    }
}

/* ---- the view ------------------------------------------------------------ */

/* Why the whole can't be mapped. The handle has the rights, so a denial is of a
 * size that this process's address space can't hold, unless not even a page
 * can be had: then the section is of a make that is not ours. */
static apr_status_t explain(HANDLE section, DWORD access, DWORD error)
{
    if (error != ERROR_ACCESS_DENIED)
        return isti_status(error);
    void *view = MapViewOfFile(section, access, 0, 0, PAGE);
    if (view == NULL)
        return IST_EFOREIGN;
    UnmapViewOfFile(view);
    return APR_ENOMEM;
}

/* Map the whole, and tell how long it is: in pages, for Windows keeps no more
 * exact length. */
static apr_status_t map(isti_opening_t *opening, uint64_t *length)
{
    ist_os_object_t *object = opening->object;
    DWORD access = view_access(opening->spec);
    MEMORY_BASIC_INFORMATION view;
    object->header = MapViewOfFile(object->parts.section, access, 0, 0, 0);
    if (object->header == NULL)
        return explain(object->parts.section, access, GetLastError());
    if (VirtualQuery(object->header, &view, sizeof view) == 0)
        return isti_status(GetLastError());
    /* A reserved section of somebody's, whose pages fault. */
    if (view.State != MEM_COMMIT || view.RegionSize < ISTI_HEADER_SIZE)
        return IST_EFOREIGN;
    *length = view.RegionSize;
    for (uint32_t i = 0; i < opening->spec->mutexes; i++)
        object->parts.mutex[i].slot = &object->header->lock[i];
    return APR_SUCCESS;
}

/* ---- the header ---------------------------------------------------------- */

/* APR_SUCCESS with the size; APR_EAGAIN: unborn; or why it can't be believed. */
static apr_status_t believe(isti_opening_t *opening, uint64_t length)
{
    const isti_header_t *header = opening->object->header;
    isti_header_t copy;
    /* Acquire: who sees the birth sees the header whole. */
    uint64_t born = atomic_load_explicit(&header->born, memory_order_acquire);
    memcpy((void *)&copy, (const void *)header, sizeof copy);
    /* Before its birth the header may be filled in by half. */
    if (born == 0)
        return copy.magic == 0 || copy.magic == ISTI_MAGIC ? APR_EAGAIN : IST_EFOREIGN;
    apr_status_t rv = isti_header_check(&copy, opening->spec->kind, 0, 0, length, PAGE);
    if (rv == APR_SUCCESS)
        opening->object->size = atomic_load_explicit(&copy.born, memory_order_relaxed) - 1;
    return rv;
}

/* Write the maxima; 0 when somebody is about to create it with others. */
static int agree(isti_header_t *header, const ist_os_spec_t *spec)
{
    for (uint32_t i = 0; i < spec->semaphores; i++) {
        uint32_t maximum = 0;
        if (!atomic_compare_exchange_strong_explicit(&header->count[i].maximum, &maximum,
                                                     spec->maximum, memory_order_relaxed,
                                                     memory_order_relaxed) &&
            maximum != spec->maximum)
            return 0;
    }
    return 1;
}

/* Bring the object to life; 0 when somebody was quicker. Counts start at 0, as
 * the section has them; all else is the same for all who do this at once. */
static int give_birth(isti_opening_t *opening)
{
    const ist_os_spec_t *spec = opening->spec;
    isti_header_t *header = opening->object->header;
    uint64_t unborn = 0;
    isti_header_fill(header, spec->kind, 0, 0, 0);
    header->access = (uint32_t)spec->access;
    if (!atomic_compare_exchange_strong_explicit(&header->born, &unborn, spec->size + 1,
                                                 memory_order_release, memory_order_relaxed))
        return 0;
    opening->object->size = spec->size;
    opening->object->created = 1;
    return 1;
}

/* Whether all that this call has is as if it had made it. */
static int suits(const isti_opening_t *opening, uint64_t length)
{
    uint64_t whole = ISTI_HEADER_SIZE + opening->spec->size;
    return !opening->mixed && length == (whole + PAGE - 1) / PAGE * PAGE;
}

/* In a create: what `rv`, the first look at the header, makes of the section. */
static apr_status_t create_or_join(isti_opening_t *opening, uint64_t length, apr_status_t rv)
{
    /* It won't change by itself, whatever was made here beside it. */
    if (rv == IST_EFOREIGN)
        return rv;
    if (rv == APR_EAGAIN) {
        /* Another's, to another measure: it is about to be born, or to go. */
        if (opening->spec->size > SIZE_MOST || !suits(opening, length) ||
            !agree(opening->object->header, opening->spec))
            return APR_EAGAIN;
        if (give_birth(opening))
            return APR_SUCCESS;
        rv = believe(opening, length);
    } else if (opening->made > 0) {
        /* Its mutex was gone: whoever has the section is just being killed, or
         * has found the mutex that was made here. Either is soon over. */
        return APR_EAGAIN;
    }
    return opening->mode == IST_OS_CREATE_ONLY ? APR_EEXIST : rv;
}

apr_status_t isti_section_open(isti_opening_t *opening)
{
    isti_security_t security;
    uint64_t length = 0;
    int found = 0;
    apr_status_t rv =
        isti_access_secure(&security, &opening->user, ISTI_ROLE_SECTION, opening->spec->access);
    if (rv == APR_SUCCESS)
        rv = open_or_create(opening, &security, &found);
    if (rv == APR_SUCCESS)
        rv = map(opening, &length);
    if (rv != APR_SUCCESS)
        return rv;
    apr_status_t look = believe(opening, length);
    /* What is not ours at all is foreign, whoever owns it. */
    if (look != IST_EFOREIGN && found)
        rv = isti_opening_found(opening, opening->object->parts.section, &security);
    if (rv != APR_SUCCESS)
        return rv;
    if (opening->mode != IST_OS_OPEN)
        return create_or_join(opening, length, look);
    return look == APR_EAGAIN ? APR_ENOENT : look;
}

void isti_section_close(ist_os_object_t *object)
{
    if (object->header != NULL)
        UnmapViewOfFile(object->header);
    if (object->parts.section != NULL)
        CloseHandle(object->parts.section);
}
