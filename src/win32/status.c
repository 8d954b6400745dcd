/* SPDX-License-Identifier: Apache-2.0 */
/* The system's codes of opening: here alone they become the contract's. */
#include "win32.h"

#include <ntsecapi.h>

apr_status_t isti_status(DWORD error)
{
    switch (error) {
    case ERROR_SUCCESS:
        return APR_SUCCESS;
    case ERROR_FILE_NOT_FOUND:
        return APR_ENOENT;
    case ERROR_ALREADY_EXISTS:
        return APR_EEXIST;
    case ERROR_ACCESS_DENIED:
    case ERROR_PRIVILEGE_NOT_HELD:
        return APR_EACCES;
    case ERROR_INVALID_HANDLE: /* an object of another type bears the name */
        return IST_EFOREIGN;
    case ERROR_NOT_ENOUGH_MEMORY:
    case ERROR_OUTOFMEMORY:
    case ERROR_COMMITMENT_LIMIT:
    case ERROR_NO_SYSTEM_RESOURCES:
        return APR_ENOMEM;
    case ERROR_DISK_FULL:
        return APR_ENOSPC;
    default:
        return APR_FROM_OS_ERROR(error);
    }
}

apr_status_t isti_status_nt(LONG status)
{
    return APR_FROM_OS_ERROR(LsaNtStatusToWinError(status));
}
