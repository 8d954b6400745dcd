/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Windows: kernel objects under their native names: squatters, raw bytes.
 */
#include "win32.h"

#include <sddl.h>
#include <stdio.h>
#include <string.h>

static PSID sid_of(TOKEN_INFORMATION_CLASS what)
{
    static union {
        TOKEN_USER user;
        TOKEN_PRIMARY_GROUP group;
        char room[256];
    } information[2];
    HANDLE token;
    DWORD length;
    int i = what == TokenUser ? 0 : 1;
    if (!OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token))
        return NULL;
    BOOL got = GetTokenInformation(token, what, &information[i], sizeof information[i], &length);
    CloseHandle(token);
    if (!got)
        return NULL;
    return what == TokenUser ? information[i].user.User.Sid : information[i].group.PrimaryGroup;
}

PSID tst_user_sid(void)
{
    return sid_of(TokenUser);
}

PSID tst_group_sid(void)
{
    return sid_of(TokenPrimaryGroup);
}

/* FNV-1a over the low bytes of the user's SID as a string. */
static unsigned long long user_hash(void)
{
    unsigned long long sum = 0xcbf29ce484222325ull;
    LPWSTR text = NULL;
    PSID user = tst_user_sid();
    if (user == NULL || !ConvertSidToStringSidW(user, &text))
        return 0;
    for (const wchar_t *unit = text; *unit != 0; unit++)
        sum = (sum ^ (unsigned char)*unit) * 0x100000001b3ull;
    LocalFree(text);
    return sum;
}

static const wchar_t *native_name(const char *prefix, const char *name, int global)
{
    static wchar_t native[320];
    char text[320];
    if (global)
        snprintf(text, sizeof text, "Global\\%s-%s", prefix, name);
    else
        snprintf(text, sizeof text, "Local\\%s%08lx%08lx-%s", prefix,
                 (unsigned long)(user_hash() >> 32), (unsigned long)(user_hash() & 0xffffffffu),
                 name);
    for (size_t i = 0; i <= strlen(text); i++)
        native[i] = (wchar_t)(unsigned char)text[i];
    return native;
}

const wchar_t *tst_native_name(ist_kind_e kind, const char *name, int global)
{
    char section[] = "ist-.d-";
    section[4] = (char)kind;
    const char *prefix = kind == IST_KIND_MUTEX       ? "ist1-mm0-"
                         : kind == IST_KIND_SEMAPHORE ? "ist1-ss0-"
                                                      : section;
    return native_name(prefix, name, global);
}

const wchar_t *tst_native_part(const char *part, const char *name, int global)
{
    char prefix[16];
    snprintf(prefix, sizeof prefix, "ist-%s-", part);
    return native_name(prefix, name, global);
}

static HANDLE squatter;
static int squatter_waits; /* it shows whether somebody changed it */

/* Each time another kind, and never the right one. */
static HANDLE other_kind(const wchar_t *native, int is_mutex, int is_semaphore, int is_section)
{
    static unsigned turn;
    for (;;) {
        squatter_waits = 1;
        switch (turn++ % 5) {
        case 0:
            return CreateEventW(NULL, TRUE, FALSE, native);
        case 1:
            return CreateWaitableTimerW(NULL, TRUE, native);
        case 2:
            if (!is_semaphore)
                return CreateSemaphoreW(NULL, 0, 1, native);
            break;
        case 3:
            squatter_waits = 0;
            if (!is_section)
                return CreateFileMappingW(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 8192,
                                          native);
            break;
        default:
            squatter_waits = 0;
            if (!is_mutex)
                return CreateMutexW(NULL, FALSE, native);
        }
    }
}

/* The right kind, all may do all with it, but its owner is the administrators. Without
 * being one, that can't be said. */
static HANDLE theirs(ist_kind_e kind, const wchar_t *native)
{
    char room[SECURITY_MAX_SID_SIZE];
    DWORD size = sizeof room;
    SECURITY_DESCRIPTOR descriptor;
    SECURITY_ATTRIBUTES security = {sizeof security, &descriptor, FALSE};
    if (!CreateWellKnownSid(WinBuiltinAdministratorsSid, NULL, room, &size) ||
        !InitializeSecurityDescriptor(&descriptor, SECURITY_DESCRIPTOR_REVISION) ||
        !SetSecurityDescriptorOwner(&descriptor, room, FALSE) ||
        !SetSecurityDescriptorDacl(&descriptor, TRUE, NULL, FALSE))
        return NULL;
    squatter_waits = 0;
    if (kind == IST_KIND_MUTEX)
        return CreateMutexW(&security, FALSE, native);
    if (kind == IST_KIND_SEMAPHORE)
        return CreateSemaphoreW(&security, 0, 1, native);
    return CreateFileMappingW(INVALID_HANDLE_VALUE, &security, PAGE_READWRITE, 0, 8192, native);
}

static HANDLE held; /* the file behind the squatter */
static const char held_text[] = "Not an object of isthmus. ";

/* A section of a file that another handle has locked, for kinds that have a section. */
static HANDLE of_held_file(const wchar_t *native, DWORD lock)
{
    wchar_t folder[MAX_PATH], path[MAX_PATH];
    OVERLAPPED start = {0};
    DWORD written;
    if (GetTempPathW(MAX_PATH, folder) == 0 || GetTempFileNameW(folder, L"ist", 0, path) == 0)
        return NULL;
    held = CreateFileW(path, GENERIC_READ | GENERIC_WRITE, 0, NULL, CREATE_ALWAYS,
                       FILE_ATTRIBUTE_TEMPORARY | FILE_FLAG_DELETE_ON_CLOSE, NULL);
    squatter_waits = 0;
    return held != INVALID_HANDLE_VALUE &&
                   WriteFile(held, held_text, sizeof held_text, &written, NULL) &&
                   LockFileEx(held, lock | LOCKFILE_FAIL_IMMEDIATELY, 0, 8192, 0, &start)
               ? CreateFileMappingW(held, NULL, PAGE_READWRITE, 0, 8192, native)
               : NULL;
}

static int let_go_of_file(void)
{
    char text[sizeof held_text];
    DWORD got = 0;
    int same = SetFilePointer(held, 0, NULL, FILE_BEGIN) == 0 &&
               ReadFile(held, text, sizeof text, &got, NULL) && got == sizeof text &&
               memcmp(text, held_text, sizeof text) == 0;
    CloseHandle(held);
    held = NULL;
    return same;
}

int tst_squat(tst_squat_t what, ist_kind_e kind, const char *name, int global)
{
    const int in_parts = kind == IST_KIND_REGION || kind == IST_KIND_QUEUE;
    const char lock[] = {(char)kind, 'm', '0', '\0'}, bell[] = {(char)kind, 's', '0', '\0'};
    tst_unsquat();
    if (what == TST_SQUAT_KIND)
        squatter = other_kind(tst_native_name(kind, name, global), kind == IST_KIND_MUTEX,
                              kind == IST_KIND_SEMAPHORE, kind == IST_KIND_SHM || in_parts);
    if (what == TST_SQUAT_KIND_PART && in_parts)
        squatter = other_kind(tst_native_part(lock, name, global), 1, 0, 0);
    if (what == TST_SQUAT_KIND_BELL && in_parts)
        squatter = other_kind(tst_native_part(bell, name, global), 0, 1, 0);
    if (what == TST_SQUAT_THEIRS)
        squatter = theirs(kind, tst_native_name(kind, name, global));
    if ((what == TST_SQUAT_HELD || what == TST_SQUAT_SHARED) && (in_parts || kind == IST_KIND_SHM))
        squatter = of_held_file(tst_native_name(kind, name, global),
                                what == TST_SQUAT_HELD ? LOCKFILE_EXCLUSIVE_LOCK : 0);
    return squatter != NULL;
}

int tst_unsquat(void)
{
    if (squatter == NULL)
        return 0;
    int untouched = !squatter_waits || WaitForSingleObject(squatter, 0) == WAIT_TIMEOUT;
    CloseHandle(squatter);
    squatter = NULL;
    if (held != NULL)
        untouched = let_go_of_file();
    return untouched;
}

int tst_raw_open(tst_raw_t *raw, ist_kind_e kind, const char *name, int global)
{
    memset(raw, 0, sizeof *raw);
    if (kind == IST_KIND_MUTEX || kind == IST_KIND_SEMAPHORE)
        return 0;
    raw->native = OpenFileMappingW(FILE_MAP_READ | FILE_MAP_WRITE, FALSE,
                                   tst_native_name(kind, name, global));
    if (raw->native != NULL)
        raw->base = MapViewOfFile(raw->native, FILE_MAP_READ | FILE_MAP_WRITE, 0, 0, 0);
    MEMORY_BASIC_INFORMATION view = {0};
    if (raw->base != NULL && VirtualQuery(raw->base, &view, sizeof view) != 0)
        raw->size = view.RegionSize;
    return tst_check(raw->base != NULL, 1, __FILE__, __LINE__, "no raw bytes of %s", name);
}

void tst_raw_close(tst_raw_t *raw)
{
    UnmapViewOfFile(raw->base);
    CloseHandle(raw->native);
}
