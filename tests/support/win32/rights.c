/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Windows: what a class of users gets of an object when it asks the system itself. This
 * user is made one of the class: the object is given away, and the entries above the
 * class's go. What is left of the DACL then decides, as it would for another user.
 */
#include "win32.h"

#include <string.h>

#define READS  4
#define WRITES 2
#define RULES  1 /* says who may do what */

typedef struct basic_t {
    ULONG attributes;
    ACCESS_MASK granted;
    ULONG rest[12];
} basic_t;

/* NtQueryObject(ObjectBasicInformation) */
static DWORD granted_to(HANDLE handle)
{
    typedef LONG NTAPI query_fn(HANDLE, int, void *, ULONG, ULONG *);
    basic_t basic = {0};
    query_fn *query =
        (query_fn *)(void (*)(void))GetProcAddress(GetModuleHandleW(L"ntdll.dll"), "NtQueryObject");
    return query != NULL && query(handle, 0, &basic, sizeof basic, NULL) >= 0 ? basic.granted : 0;
}

/* Administrators have it, but it is not on. */
static void enable_giving(void)
{
    HANDLE token;
    TOKEN_PRIVILEGES more = {.PrivilegeCount = 1,
                             .Privileges = {{.Attributes = SE_PRIVILEGE_ENABLED}}};
    if (!OpenProcessToken(GetCurrentProcess(), TOKEN_ADJUST_PRIVILEGES, &token))
        return;
    if (LookupPrivilegeValueW(NULL, L"SeRestorePrivilege", &more.Privileges[0].Luid))
        AdjustTokenPrivileges(token, FALSE, &more, 0, NULL, NULL);
    CloseHandle(token);
}

/* A new owner, for an owner may always say who may do what. And this list. */
static int give_away(HANDLE part, PACL list)
{
    char room[SECURITY_MAX_SID_SIZE];
    DWORD size = sizeof room;
    SECURITY_DESCRIPTOR now;
    enable_giving();
    return CreateWellKnownSid(WinLocalServiceSid, NULL, room, &size) &&
           InitializeSecurityDescriptor(&now, SECURITY_DESCRIPTOR_REVISION) &&
           SetSecurityDescriptorOwner(&now, room, FALSE) &&
           SetSecurityDescriptorDacl(&now, TRUE, list, FALSE) &&
           SetKernelObjectSecurity(part, OWNER_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION,
                                   &now);
}

int tst_gives_away(void)
{
    ACL list;
    wchar_t name[] = L"Local\\tst-given-00000000";
    for (int i = 0; i < 8; i++)
        name[16 + i] = L"0123456789abcdef"[(unsigned long)tst_sys_pid() >> (4 * i) & 15];
    HANDLE mutex = CreateMutexW(NULL, FALSE, name);
    int given =
        mutex != NULL && InitializeAcl(&list, sizeof list, ACL_REVISION) && give_away(mutex, &list);
    HANDLE again = given ? OpenMutexW(READ_CONTROL, FALSE, name) : NULL;
    if (again != NULL)
        CloseHandle(again);
    if (mutex != NULL)
        CloseHandle(mutex);
    return given && again == NULL;
}

/* The list without its first entry, the user's; without its third too, the group's. */
static int demote(HANDLE part, int group)
{
    DWORD found[256], size;
    PACL list = NULL;
    BOOL present, defaulted;
    if (!GetKernelObjectSecurity(part, DACL_SECURITY_INFORMATION, found, sizeof found, &size) ||
        !GetSecurityDescriptorDacl(found, &present, &list, &defaulted) || list == NULL)
        return 0;
    if (!group && list->AceCount > 2 && !DeleteAce(list, 2))
        return 0;
    return DeleteAce(list, 0) && give_away(part, list);
}

static int maps(HANDLE section, DWORD access)
{
    void *view = MapViewOfFile(section, access, 0, 0, 4096);
    return view != NULL && UnmapViewOfFile(view);
}

/* All that can be done with a handle, done. */
static int use(HANDLE part, char role)
{
    ACL empty;
    SECURITY_DESCRIPTOR none;
    int done = 0;
    if (role == 'd') {
        done |= maps(part, FILE_MAP_READ) ? READS : 0;
        done |= maps(part, FILE_MAP_WRITE) ? WRITES : 0;
    } else if (role == 's') {
        /* In this order, for it may be full. */
        done |= WaitForSingleObject(part, 0) != WAIT_FAILED ? READS : 0;
        done |= ReleaseSemaphore(part, 1, NULL) ? WRITES : 0;
    } else if (WaitForSingleObject(part, 0) == WAIT_OBJECT_0) {
        done |= READS | (ReleaseMutex(part) ? WRITES : 0);
    }
    if (InitializeAcl(&empty, sizeof empty, ACL_REVISION) &&
        InitializeSecurityDescriptor(&none, SECURITY_DESCRIPTOR_REVISION) &&
        SetSecurityDescriptorDacl(&none, TRUE, &empty, FALSE) &&
        SetKernelObjectSecurity(part, DACL_SECURITY_INFORMATION, &none))
        done |= RULES;
    return done;
}

/* Open with these rights, and use: what went well; 0 when it can't be opened. */
static int may(const tst_part_t *part, ist_kind_e kind, const char *name, DWORD rights,
               DWORD *granted)
{
    HANDLE handle = tst_part_open(part, kind, name, 0, rights);
    *granted = 0;
    if (handle == NULL)
        return 0;
    *granted = granted_to(handle);
    int done = use(handle, part->role);
    CloseHandle(handle);
    return done;
}

/* Whether the system refuses what was not granted, be it asked for or done with less. */
static int stays_within(const tst_part_t *part, ist_kind_e kind, const char *name, DWORD granted)
{
    DWORD ignored;
    const DWORD rules[] = {WRITE_DAC, WRITE_OWNER, DELETE};
    int good = 1;
    for (int i = 0; i < 3; i++)
        good &= TST_SAY(may(part, kind, name, rules[i], &ignored) == 0 && ignored == 0,
                        "%s is opened with right %#lx", name, rules[i]);
    if (part->role == 'd' && (granted & SECTION_MAP_WRITE) == 0)
        good &= TST_SAY(may(part, kind, name, SECTION_MAP_WRITE, &ignored) == 0 && ignored == 0,
                        "%s is opened to be written", name);
    good &= TST_SAY(may(part, kind, name, READ_CONTROL, &ignored) == 0,
                    "%s is used by who asked to look at its access alone", name);
    if (granted != 0 && part->role == 's')
        good &= TST_SAY(may(part, kind, name, SYNCHRONIZE, &ignored) == READS,
                        "%s is released by who asked to wait alone", name);
    if (granted != 0 && part->role == 'd')
        good &= TST_SAY(may(part, kind, name, SECTION_MAP_READ, &ignored) == READS,
                        "%s is written by who asked to read alone", name);
    return good;
}

/* Of one part: 0, 4 or 6; -1 when it is none of what is promised. */
static int class_gets(const tst_part_t *part, ist_kind_e kind, const char *name)
{
    const tst_part_rights_t *rights = tst_part_rights(part->role);
    DWORD granted;
    int done = may(part, kind, name, MAXIMUM_ALLOWED, &granted);
    int bits = granted == 0                                   ? 0
               : granted == rights->use                       ? READS | WRITES
               : rights->look != 0 && granted == rights->look ? READS
                                                              : -1;
    if (!TST_SAY(bits == done, "%s, part %c: rights %#lx do %d", name, part->role, granted, done))
        return -1;
    return stays_within(part, kind, name, granted) ? bits : -1;
}

int tst_class_gets(ist_kind_e kind, const char *name, int group)
{
    tst_part_t parts[TST_PARTS_MAX];
    const int count = tst_parts_of(parts, kind);
    int all = -1;
    for (int i = 0; i < count; i++) {
        HANDLE part =
            tst_part_open(&parts[i], kind, name, 0, READ_CONTROL | WRITE_DAC | WRITE_OWNER);
        int made = part != NULL && demote(part, group);
        if (part != NULL)
            CloseHandle(part);
        int one = made ? class_gets(&parts[i], kind, name) : -1;
        if (one < 0 || (i > 0 && one != all))
            return -1;
        all = one;
    }
    return all;
}
