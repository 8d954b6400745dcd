/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who the caller is, and whom its objects let in.
 *
 * The descriptor names the user as the owner explicitly, for an elevated
 * process would else make Administrators the owner and its own user's other
 * processes strangers; and its list is protected, so that it is what was asked
 * and nothing inherited. SYSTEM gets in, as everywhere on Windows.
 */
#include "win32.h"

#include <string.h>

/* What each role lets those do who may write, or only read. */
typedef struct rights_t {
    DWORD full; /* the user's and the system's own */
    DWORD use;
    DWORD look;
} rights_t;

static rights_t rights_of(isti_role_e role)
{
    switch (role) {
    case ISTI_ROLE_MUTEX:
        return (rights_t){MUTEX_ALL_ACCESS, ISTI_MUTEX_USE, 0};
    case ISTI_ROLE_SEMAPHORE:
        return (rights_t){SEMAPHORE_ALL_ACCESS, ISTI_SEMAPHORE_USE, 0};
    default:
        return (rights_t){SECTION_ALL_ACCESS, ISTI_SECTION_USE, ISTI_SECTION_LOOK};
    }
}

/* ---- the user ------------------------------------------------------------ */

static apr_status_t open_token(HANDLE *token)
{
    if (OpenThreadToken(GetCurrentThread(), TOKEN_QUERY, TRUE, token))
        return APR_SUCCESS;
    DWORD error = GetLastError();
    if (error != ERROR_NO_TOKEN)
        return isti_status(error);
    return OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, token) ? APR_SUCCESS
                                                                     : isti_status(GetLastError());
}

/* TOKEN_USER and TOKEN_PRIMARY_GROUP both start with a pointer to the SID. */
static apr_status_t read_sid(isti_sid_t *sid, HANDLE token, TOKEN_INFORMATION_CLASS what)
{
    union {
        PSID sid;
        TOKEN_USER user;
        unsigned char room[sizeof(TOKEN_USER) + SECURITY_MAX_SID_SIZE];
    } information;
    DWORD length;
    if (!GetTokenInformation(token, what, &information, sizeof information, &length) ||
        !CopySid(sizeof *sid, sid, information.sid))
        return isti_status(GetLastError());
    return APR_SUCCESS;
}

apr_status_t isti_user_now(isti_user_t *user)
{
    HANDLE token;
    apr_status_t rv = open_token(&token);
    if (rv != APR_SUCCESS)
        return rv;
    rv = read_sid(&user->user, token, TokenUser);
    if (rv == APR_SUCCESS)
        rv = read_sid(&user->group, token, TokenPrimaryGroup);
    CloseHandle(token);
    return rv;
}

/* ---- making -------------------------------------------------------------- */

static int allow(isti_security_t *security, PSID sid, DWORD rights)
{
    return rights == 0 || AddAccessAllowedAce(&security->dacl.acl, ACL_REVISION, rights, sid);
}

static int allow_known(isti_security_t *security, WELL_KNOWN_SID_TYPE type, DWORD rights)
{
    isti_sid_t sid;
    DWORD length = sizeof sid;
    return CreateWellKnownSid(type, NULL, &sid, &length) && allow(security, &sid, rights);
}

static DWORD granted(DWORD write, DWORD read, apr_fileperms_t may_write, apr_fileperms_t may_read)
{
    return may_write != 0 ? write : may_read != 0 ? read : 0;
}

static int fill_list(isti_security_t *security, isti_user_t *user, const rights_t *rights,
                     apr_fileperms_t access)
{
    DWORD owner =
        granted(rights->full, rights->look, access & APR_FPROT_UWRITE, access & APR_FPROT_UREAD);
    DWORD group =
        granted(rights->use, rights->look, access & APR_FPROT_GWRITE, access & APR_FPROT_GREAD);
    DWORD world =
        granted(rights->use, rights->look, access & APR_FPROT_WWRITE, access & APR_FPROT_WREAD);
    return InitializeAcl(&security->dacl.acl, sizeof security->dacl, ACL_REVISION) &&
           allow(security, &user->user, owner) &&
           allow_known(security, WinLocalSystemSid, rights->full) &&
           allow(security, &user->group, group) && allow_known(security, WinWorldSid, world);
}

apr_status_t isti_access_secure(isti_security_t *security, isti_user_t *user, isti_role_e role,
                                apr_fileperms_t access)
{
    const rights_t rights = rights_of(role);
    SECURITY_DESCRIPTOR *descriptor = &security->descriptor;
    security->attributes.nLength = sizeof security->attributes;
    security->attributes.lpSecurityDescriptor = descriptor;
    security->attributes.bInheritHandle = FALSE;
    if (!InitializeSecurityDescriptor(descriptor, SECURITY_DESCRIPTOR_REVISION) ||
        !SetSecurityDescriptorOwner(descriptor, &user->user, FALSE) ||
        !SetSecurityDescriptorGroup(descriptor, &user->group, FALSE) ||
        !fill_list(security, user, &rights, access) ||
        !SetSecurityDescriptorDacl(descriptor, TRUE, &security->dacl.acl, FALSE) ||
        !SetSecurityDescriptorControl(descriptor, SE_DACL_PROTECTED, SE_DACL_PROTECTED))
        return isti_status(GetLastError());
    return APR_SUCCESS;
}

/* ---- looking ------------------------------------------------------------- */

/* A descriptor as it comes back. Longer ones than ours can be don't matter. */
typedef union descriptor_t {
    SECURITY_DESCRIPTOR_RELATIVE start;
    DWORD room[256];
} descriptor_t;

apr_status_t isti_access_owned(HANDLE part, isti_user_t *user)
{
    descriptor_t found;
    DWORD length;
    PSID owner = NULL;
    BOOL defaulted;
    if (!GetKernelObjectSecurity(part, OWNER_SECURITY_INFORMATION, &found, sizeof found, &length) ||
        !GetSecurityDescriptorOwner(&found, &owner, &defaulted))
        return isti_status(GetLastError());
    return owner != NULL && EqualSid(owner, &user->user) ? APR_SUCCESS : APR_EACCES;
}

/* The entries of a list: where they start, and their bytes. */
static const void *entries(ACL *acl, size_t *length)
{
    ACL_SIZE_INFORMATION size = {0};
    (void)GetAclInformation(acl, &size, sizeof size, AclSizeInformation);
    *length = size.AclBytesInUse - sizeof *acl;
    return acl + 1;
}

int isti_access_same(HANDLE part, const isti_security_t *security)
{
    descriptor_t found;
    DWORD length;
    ACL *acl = NULL;
    BOOL present = FALSE;
    BOOL defaulted;
    size_t theirs_length;
    size_t ours_length;
    if (!GetKernelObjectSecurity(part, DACL_SECURITY_INFORMATION, &found, sizeof found, &length) ||
        !GetSecurityDescriptorDacl(&found, &present, &acl, &defaulted) || !present || acl == NULL)
        return 0;
    const void *theirs = entries(acl, &theirs_length);
    const void *ours = entries((ACL *)&security->dacl.acl, &ours_length);
    return theirs_length == ours_length && memcmp(theirs, ours, ours_length) == 0;
}
