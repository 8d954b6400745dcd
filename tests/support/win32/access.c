/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Windows: an object's access, read back from the DACL of each of its parts, which must
 * be that of docs/layout.md to the bit.
 */
#include "win32.h"

#include <aclapi.h>
#include <stdio.h>

#define STRANGE 0xfff /* no access that can be asked for */

const tst_part_rights_t *tst_part_rights(char part)
{
    static const tst_part_rights_t mutex = {STANDARD_RIGHTS_REQUIRED | SYNCHRONIZE |
                                                MUTEX_MODIFY_STATE,
                                            SYNCHRONIZE | MUTEX_MODIFY_STATE | READ_CONTROL, 0};
    static const tst_part_rights_t semaphore = {
        STANDARD_RIGHTS_REQUIRED | SYNCHRONIZE | SEMAPHORE_MODIFY_STATE | TST_SEMAPHORE_QUERY,
        SYNCHRONIZE | SEMAPHORE_MODIFY_STATE | TST_SEMAPHORE_QUERY | READ_CONTROL, 0};
    static const tst_part_rights_t section = {
        STANDARD_RIGHTS_REQUIRED | SECTION_QUERY | SECTION_MAP_READ | SECTION_MAP_WRITE |
            SECTION_MAP_EXECUTE | SECTION_EXTEND_SIZE,
        SECTION_MAP_READ | SECTION_MAP_WRITE | SECTION_QUERY | READ_CONTROL,
        SECTION_MAP_READ | SECTION_QUERY | READ_CONTROL};
    return part == 'm' ? &mutex : part == 's' ? &semaphore : &section;
}

int tst_parts_of(tst_part_t parts[TST_PARTS_MAX], ist_kind_e kind)
{
    static const char *const in_parts[] = {"m0", "s0", "m1", "s1"};
    int count = 0;
    const int more = kind == IST_KIND_QUEUE ? 4 : kind == IST_KIND_REGION ? 2 : 0;
    for (; count < more; count++) {
        parts[count].role = in_parts[count][0];
        snprintf(parts[count].name, sizeof parts[count].name, "%c%s", (char)kind, in_parts[count]);
    }
    parts[count].role = kind == IST_KIND_MUTEX || kind == IST_KIND_SEMAPHORE ? (char)kind : 'd';
    parts[count].name[0] = '\0'; /* the one that tst_native_name() knows */
    return count + 1;
}

HANDLE tst_part_open(const tst_part_t *part, ist_kind_e kind, const char *name, int global,
                     DWORD rights)
{
    const wchar_t *native = part->name[0] == '\0' ? tst_native_name(kind, name, global)
                                                  : tst_native_part(part->name, name, global);
    if (part->role == 'm')
        return OpenMutexW(rights, FALSE, native);
    if (part->role == 's')
        return OpenSemaphoreW(rights, FALSE, native);
    return OpenFileMappingW(rights, FALSE, native);
}

static int is_known(PSID sid, WELL_KNOWN_SID_TYPE type)
{
    char room[SECURITY_MAX_SID_SIZE];
    DWORD size = sizeof room;
    return CreateWellKnownSid(type, NULL, room, &size) && EqualSid(sid, room);
}

/* Entries stand in this order: the user, SYSTEM, the group, Everyone. */
static int is_of(PSID sid, DWORD entry)
{
    switch (entry) {
    case 0:
        return EqualSid(sid, tst_user_sid());
    case 1:
        return is_known(sid, WinLocalSystemSid);
    case 2:
        return EqualSid(sid, tst_group_sid());
    default:
        return is_known(sid, WinWorldSid);
    }
}

/* The bits that one entry stands for: 4 read, 2 write; -1: a mask that is not promised. */
static int bits_of(DWORD mask, DWORD entry, const tst_part_rights_t *rights)
{
    if (mask == (entry < 2 ? rights->full : rights->use))
        return 6;
    return rights->look != 0 && mask == rights->look && entry != 1 ? 4 : -1;
}

static apr_fileperms_t granted(PACL list, char role, const char *name)
{
    apr_fileperms_t access = 0;
    if (list == NULL || list->AceCount < 2 || list->AceCount > 4) {
        TST_SAY(0, "%s, part %c: %d entries", name, role, list == NULL ? -1 : list->AceCount);
        return STRANGE;
    }
    for (DWORD i = 0; i < list->AceCount; i++) {
        static const int shift[] = {8, 0, 4, 0};
        ACCESS_ALLOWED_ACE *entry;
        if (!GetAce(list, i, (void **)&entry) || entry->Header.AceType != ACCESS_ALLOWED_ACE_TYPE ||
            entry->Header.AceFlags != 0 || !is_of((PSID)&entry->SidStart, i)) {
            TST_SAY(0, "%s, part %c: entry %lu is not as promised", name, role, i + 1);
            return STRANGE;
        }
        int bits = bits_of(entry->Mask, i, tst_part_rights(role));
        if (!TST_SAY(bits >= 0, "%s, part %c: entry %lu has rights %#lx", name, role, i + 1,
                     entry->Mask))
            return STRANGE;
        access |= i == 1 ? 0 : (apr_fileperms_t)bits << shift[i];
    }
    return access;
}

/* The descriptor of one part must be protected, and its owner and group the user's. */
static int access_of_part(HANDLE part, char role, const char *name, apr_fileperms_t *access)
{
    PSECURITY_DESCRIPTOR descriptor = NULL;
    SECURITY_DESCRIPTOR_CONTROL control = 0;
    PACL list = NULL;
    PSID owner = NULL;
    PSID group = NULL;
    DWORD revision;
    if (part == NULL)
        return 0;
    DWORD error = GetSecurityInfo(part, SE_KERNEL_OBJECT,
                                  DACL_SECURITY_INFORMATION | OWNER_SECURITY_INFORMATION |
                                      GROUP_SECURITY_INFORMATION,
                                  &owner, &group, &list, NULL, &descriptor);
    CloseHandle(part);
    if (error != ERROR_SUCCESS)
        return 0;
    GetSecurityDescriptorControl(descriptor, &control, &revision);
    TST_SAY((control & SE_DACL_PROTECTED) != 0, "the DACL of %s is not protected", name);
    TST_SAY(owner != NULL && EqualSid(owner, tst_user_sid()), "%s is not its user's own", name);
    TST_SAY(group != NULL && EqualSid(group, tst_group_sid()), "%s is not of its group", name);
    *access = granted(list, role, name);
    LocalFree(descriptor);
    return 1;
}

/* All parts may be used by the same people. While an object comes and goes, a part may
 * not be there. */
int tst_access_of(ist_kind_e kind, const char *name, int global, apr_fileperms_t *access)
{
    tst_part_t parts[TST_PARTS_MAX];
    const int count = tst_parts_of(parts, kind);
    for (int i = 0; i < count; i++) {
        apr_fileperms_t one = 0;
        HANDLE part = tst_part_open(&parts[i], kind, name, global, READ_CONTROL);
        if (!access_of_part(part, parts[i].role, name, &one))
            return 0;
        /* As good as one of them that is wrong. */
        *access = i == 0 || one == *access ? one : one | 0x8000;
    }
    return 1;
}
