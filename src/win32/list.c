/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Listing, from the kernel's folders of names alone. No part is opened to learn
 * more: a handle, however short, would keep an object alive whose last
 * user closes it just then, and make the next create fail. So sizes and access
 * remain unknown; and what has a name is alive.
 */
#include "win32.h"

#include <stdio.h>
#include <string.h>
#include <winternl.h>

#define DIRECTORY_QUERY_ACCESS 0x0001u /* DIRECTORY_QUERY, which no header defines */
#define NT_NOT_IMPLEMENTED     ((LONG)0xC0000002)
#define NT_NO_MORE_ENTRIES     ((LONG)0x8000001A)
#define NT_NAME_NOT_FOUND      ((LONG)0xC0000034)
#define NT_PATH_NOT_FOUND      ((LONG)0xC000003A)

typedef struct entry_t {
    UNICODE_STRING name;
    UNICODE_STRING type;
} entry_t;

typedef LONG NTAPI open_fn(HANDLE *folder, ACCESS_MASK access, OBJECT_ATTRIBUTES *attributes);
typedef LONG NTAPI query_fn(HANDLE folder, void *entries, ULONG length, BOOLEAN one,
                            BOOLEAN restart, ULONG *context, ULONG *written);

typedef struct listing_t {
    ist_os_seen_fn *seen;
    void *baton;
    int local; /* which names of this folder to show */
    int global;
    char hash[ISTI_HASH_DIGITS + 1]; /* whose local ones */
} listing_t;

static int is_type(const UNICODE_STRING *type, isti_role_e role)
{
    const wchar_t *name = role == ISTI_ROLE_MUTEX       ? L"Mutant"
                          : role == ISTI_ROLE_SEMAPHORE ? L"Semaphore"
                                                        : L"Section";
    size_t length = wcslen(name);
    return type->Length == length * sizeof *name && wcsncmp(type->Buffer, name, length) == 0;
}

static apr_status_t show(const listing_t *listing, const entry_t *entry)
{
    isti_name_t name;
    if (!isti_name_parse(&name, entry->name.Buffer, entry->name.Length / sizeof(wchar_t)) ||
        !is_type(&entry->type, name.role))
        return APR_SUCCESS;
    int global = name.hash[0] == '\0';
    if (global ? !listing->global : !listing->local || strcmp(name.hash, listing->hash) != 0)
        return APR_SUCCESS;
    const ist_info_t info = {.name = name.name,
                             .kind = name.kind,
                             .global = global,
                             .state = IST_STATE_LIVE,
                             .user = -1};
    return listing->seen(listing->baton, &info);
}

/* One call's entries: just one, or as many as there are up to a zeroed one. */
static apr_status_t show_entries(const listing_t *listing, const entry_t *entry, BOOLEAN one)
{
    apr_status_t rv = APR_SUCCESS;
    for (int more = 1; rv == APR_SUCCESS && more && entry->name.Buffer != NULL; entry++) {
        rv = show(listing, entry);
        more = !one;
    }
    return rv;
}

/* Many names a call, for names that come and go between two calls may hide
 * another; one a call where the system knows no better (Wine). */
static apr_status_t show_folder(const listing_t *listing, HANDLE folder)
{
    static ULONG_PTR room[8192]; /* the guard lets one thread in */
    ULONG context = 0;
    ULONG written;
    BOOLEAN one = FALSE;
    query_fn *query = (query_fn *)isti_native("NtQueryDirectoryObject");
    if (query == NULL)
        return APR_FROM_OS_ERROR(ERROR_PROC_NOT_FOUND);
    LONG status = query(folder, room, sizeof room, one, TRUE, &context, &written);
    if (status == NT_NOT_IMPLEMENTED) {
        one = TRUE;
        status = query(folder, room, sizeof room, one, TRUE, &context, &written);
    }
    while (status >= 0) {
        apr_status_t rv = show_entries(listing, (const entry_t *)room, one);
        if (rv != APR_SUCCESS)
            return rv;
        status = query(folder, room, sizeof room, one, FALSE, &context, &written);
    }
    return status == NT_NO_MORE_ENTRIES ? APR_SUCCESS : isti_status_nt(status);
}

static apr_status_t list_folder(const listing_t *listing, const wchar_t *path)
{
    HANDLE folder;
    OBJECT_ATTRIBUTES attributes;
    UNICODE_STRING name = {(USHORT)(wcslen(path) * sizeof *path),
                           (USHORT)((wcslen(path) + 1) * sizeof *path), (wchar_t *)path};
    open_fn *open = (open_fn *)isti_native("NtOpenDirectoryObject");
    if (open == NULL)
        return APR_FROM_OS_ERROR(ERROR_PROC_NOT_FOUND);
    InitializeObjectAttributes(&attributes, &name, OBJ_CASE_INSENSITIVE, NULL, NULL);
    LONG status = open(&folder, DIRECTORY_QUERY_ACCESS, &attributes);
    if (status == NT_NAME_NOT_FOUND || status == NT_PATH_NOT_FOUND)
        return APR_SUCCESS;
    if (status < 0)
        return isti_status_nt(status);
    apr_status_t rv = show_folder(listing, folder);
    CloseHandle(folder);
    return rv;
}

/* The folders behind "Local\" and "Global\"; session 0, that of services, has
 * but one. */
apr_status_t ist_os_list(ist_os_seen_fn *seen, void *baton)
{
    isti_user_t user;
    DWORD session;
    wchar_t path[64];
    listing_t listing = {.seen = seen, .baton = baton, .local = 1};
    apr_status_t rv = isti_user_now(&user);
    if (rv == APR_SUCCESS)
        rv = isti_name_hash(listing.hash, &user);
    if (rv == APR_SUCCESS && !ProcessIdToSessionId(GetCurrentProcessId(), &session))
        rv = APR_FROM_OS_ERROR(GetLastError());
    if (rv == APR_SUCCESS && session != 0) {
        swprintf(path, sizeof path / sizeof *path, L"\\Sessions\\%lu\\BaseNamedObjects",
                 (unsigned long)session);
        rv = list_folder(&listing, path);
        listing.local = 0;
    }
    listing.global = 1;
    return rv == APR_SUCCESS ? list_folder(&listing, L"\\BaseNamedObjects") : rv;
}

/* Windows itself removes what dead processes had. */
apr_status_t ist_os_sweep(uint32_t *removed)
{
    *removed = 0;
    return APR_SUCCESS;
}
