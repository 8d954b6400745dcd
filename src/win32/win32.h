/* SPDX-License-Identifier: Apache-2.0 */
/* What the Win32 backend's files offer one another. Included first. */
#ifndef ISTI_WIN32_H
#define ISTI_WIN32_H

/* Windows 7 and later. */
#ifndef _WIN32_WINNT
#  define _WIN32_WINNT 0x0601
#endif
#ifndef WIN32_LEAN_AND_MEAN
#  define WIN32_LEAN_AND_MEAN
#endif
#include <windows.h>

#include "../os.h"

/* An object is made of kernel objects, each with a role in its native name. */
typedef enum isti_role_e {
    ISTI_ROLE_MUTEX = 'm',
    ISTI_ROLE_SEMAPHORE = 's',
    ISTI_ROLE_SECTION = 'd'
} isti_role_e;

/* The rights that use of a part needs. READ_CONTROL is to see its owner. */
#define ISTI_MUTEX_USE (SYNCHRONIZE | MUTEX_MODIFY_STATE | READ_CONTROL)
#define ISTI_SEMAPHORE_QUERY 0x0001u /* SEMAPHORE_QUERY_STATE, which no header defines */
#define ISTI_SEMAPHORE_USE \
    (SYNCHRONIZE | SEMAPHORE_MODIFY_STATE | ISTI_SEMAPHORE_QUERY | READ_CONTROL)
#define ISTI_SECTION_LOOK (SECTION_MAP_READ | SECTION_QUERY | READ_CONTROL)
#define ISTI_SECTION_USE (ISTI_SECTION_LOOK | SECTION_MAP_WRITE)

/* ---- status.c ------------------------------------------------------------ */

/* The status that a failure to open, make or map means. */
apr_status_t isti_status(DWORD error);

/* A failed native call's status, as the system's own code. */
apr_status_t isti_status_nt(LONG status);

/* ---- access.c ------------------------------------------------------------ */

typedef union isti_sid_t {
    SID sid;
    unsigned char room[SECURITY_MAX_SID_SIZE];
} isti_sid_t;

/* Whom the calling thread acts for. */
typedef struct isti_user_t {
    isti_sid_t user;
    isti_sid_t group;
} isti_user_t;

/* Points into itself and into a user: neither may move. */
typedef struct isti_security_t {
    SECURITY_ATTRIBUTES attributes;
    SECURITY_DESCRIPTOR descriptor;
    union {
        ACL acl;
        DWORD room[128]; /* four entries with the longest of SIDs need 320 bytes */
    } dacl;
} isti_security_t;

apr_status_t isti_user_now(isti_user_t *user);

/* The security of a part, as `access` asks. */
apr_status_t isti_access_secure(isti_security_t *security, isti_user_t *user, isti_role_e role,
                                apr_fileperms_t access);

/* Whether the user owns a part: APR_SUCCESS or APR_EACCES. */
apr_status_t isti_access_owned(HANDLE part, isti_user_t *user);

/* Whether a part lets in just those whom `security` does. */
int isti_access_same(HANDLE part, const isti_security_t *security);

/* ---- names.c ------------------------------------------------------------- */

#define ISTI_NATIVE_MAX MAX_PATH
#define ISTI_HASH_DIGITS 16

/* The native name of a part; `i` has no meaning for a section. */
void isti_name_part(wchar_t native[ISTI_NATIVE_MAX], const char *key, isti_role_e role,
                    uint32_t i);

/* What tells a user's local names from others'. */
apr_status_t isti_name_hash(char hash[ISTI_HASH_DIGITS + 1], isti_user_t *user);

/* A part's native name taken apart. */
typedef struct isti_name_t {
    ist_kind_e kind;
    isti_role_e role;
    char hash[ISTI_HASH_DIGITS + 1]; /* "" when it is global */
    char name[IST_NAME_MAX + 1];
} isti_name_t;

/* Take apart a native name, without its "Local\"; 0 when it is not of ours, or
 * of a part by which its object isn't counted. */
int isti_name_parse(isti_name_t *name, const wchar_t *native, size_t length);

/* Whether objects of a kind have bytes, and so a header. */
int isti_name_has_header(ist_kind_e kind);

/* ---- opening: object.c, mutex.c, semaphore.c, section.c ------------------- */

/* An open call on its way. */
typedef struct isti_opening_t {
    ist_os_object_t *object;
    const ist_os_spec_t *spec;
    ist_os_mode_e mode;
    isti_user_t user;
    int made;  /* how many mutexes and semaphores this call made */
    int mixed; /* whether a part that it found lets in others than are asked for */
} isti_opening_t;

/* Look at a part that was found, for its owner and whom it lets in. */
apr_status_t isti_opening_found(isti_opening_t *opening, HANDLE part,
                                const isti_security_t *security);

/* Open or make one. NULL: GetLastError() tells why; ERROR_ALREADY_EXISTS with a
 * handle: it was there. */
HANDLE isti_mutex_open(const wchar_t *native, ist_os_mode_e mode, SECURITY_ATTRIBUTES *security);
HANDLE isti_semaphore_open(const wchar_t *native, ist_os_mode_e mode, const ist_os_spec_t *spec,
                           SECURITY_ATTRIBUTES *security);

/* Open or make the section, whose header decides whether the object is there. */
apr_status_t isti_section_open(isti_opening_t *opening);
void isti_section_close(ist_os_object_t *object);

/* ---- process.c ------------------------------------------------------------- */

/* A function of ntdll.dll, which no import library has. NULL: it has none such. */
typedef void isti_native_fn(void);
isti_native_fn *isti_native(const char *name);

/* Wait for a mutex or a semaphore. */
apr_status_t isti_wait_for(HANDLE part, const ist_os_deadline_t *deadline);

#endif
