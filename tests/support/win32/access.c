/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Windows: an object's access, read back from its DACL.
 */
#include "win32.h"

#include <aclapi.h>

/* What reading and writing need, by kind. */
static void needed(ist_kind_e kind, DWORD *read_mask, DWORD *write_mask)
{
    *read_mask = SYNCHRONIZE;
    if (kind == IST_KIND_MUTEX)
        *write_mask = MUTEX_MODIFY_STATE;
    else if (kind == IST_KIND_SEMAPHORE)
        *write_mask = SEMAPHORE_MODIFY_STATE;
    else
        *read_mask = SECTION_MAP_READ, *write_mask = SECTION_MAP_WRITE;
}

static HANDLE open_native(ist_kind_e kind, const char *name, int global)
{
    const wchar_t *native = tst_native_name(kind, name, global);
    if (kind == IST_KIND_MUTEX)
        return OpenMutexW(READ_CONTROL, FALSE, native);
    if (kind == IST_KIND_SEMAPHORE)
        return OpenSemaphoreW(READ_CONTROL, FALSE, native);
    return OpenFileMappingW(READ_CONTROL, FALSE, native);
}

/* The class of an entry: user 0x100, group 0x10, world 0x1; 0: SYSTEM; -1: a stranger. */
static int class_of(PSID sid)
{
    char room[SECURITY_MAX_SID_SIZE];
    DWORD size = sizeof room;
    if (EqualSid(sid, tst_user_sid()))
        return 0x100;
    if (EqualSid(sid, tst_group_sid()))
        return 0x10;
    if (CreateWellKnownSid(WinWorldSid, NULL, room, &size) && EqualSid(sid, room))
        return 0x1;
    size = sizeof room;
    if (CreateWellKnownSid(WinLocalSystemSid, NULL, room, &size) && EqualSid(sid, room))
        return 0;
    return -1;
}

static apr_fileperms_t granted(PACL list, ist_kind_e kind)
{
    DWORD read_mask, write_mask;
    apr_fileperms_t access = 0;
    needed(kind, &read_mask, &write_mask);
    for (DWORD i = 0; list != NULL && i < list->AceCount; i++) {
        ACCESS_ALLOWED_ACE *entry;
        if (!GetAce(list, i, (void **)&entry) || entry->Header.AceType != ACCESS_ALLOWED_ACE_TYPE)
            return 0xfff;
        int one = class_of((PSID)&entry->SidStart);
        if (one < 0)
            return 0xfff;
        if ((entry->Mask & read_mask) == read_mask)
            access |= 4 * one;
        if ((entry->Mask & write_mask) == write_mask)
            access |= 2 * one;
    }
    return access;
}

/* The descriptor of one part must be protected, and owned by the user. */
static int access_of_part(HANDLE part, ist_kind_e kind, const char *name, apr_fileperms_t *access)
{
    PSECURITY_DESCRIPTOR descriptor = NULL;
    SECURITY_DESCRIPTOR_CONTROL control = 0;
    PACL list = NULL;
    PSID owner = NULL;
    DWORD revision;
    if (part == NULL)
        return 0;
    DWORD error = GetSecurityInfo(part, SE_KERNEL_OBJECT,
                                  DACL_SECURITY_INFORMATION | OWNER_SECURITY_INFORMATION, &owner,
                                  NULL, &list, NULL, &descriptor);
    CloseHandle(part);
    if (error != ERROR_SUCCESS)
        return 0;
    GetSecurityDescriptorControl(descriptor, &control, &revision);
    TST_SAY((control & SE_DACL_PROTECTED) != 0, "the DACL of %s is not protected", name);
    TST_SAY(list != NULL, "%s has no DACL: all may do all", name);
    TST_SAY(owner != NULL && EqualSid(owner, tst_user_sid()), "%s is not its user's own", name);
    *access = granted(list, kind);
    LocalFree(descriptor);
    return 1;
}

/* A region lets all of its parts be used by the same people. While it comes and goes,
 * a part may not be there. */
int tst_access_of(ist_kind_e kind, const char *name, int global, apr_fileperms_t *access)
{
    apr_fileperms_t lock = 0, bell = 0;
    if (!access_of_part(open_native(kind, name, global), kind, name, access))
        return 0;
    if (kind != IST_KIND_REGION)
        return 1;
    HANDLE mutex = OpenMutexW(READ_CONTROL, FALSE, tst_native_part("rm0", name, global));
    HANDLE ring = OpenSemaphoreW(READ_CONTROL, FALSE, tst_native_part("rs0", name, global));
    int had = access_of_part(mutex, IST_KIND_MUTEX, name, &lock);
    had = access_of_part(ring, IST_KIND_SEMAPHORE, name, &bell) && had;
    /* As good as one of them that is wrong. */
    if (had && (lock != *access || bell != *access))
        *access = lock != *access ? lock | 0x8000 : bell | 0x8000;
    return had;
}
