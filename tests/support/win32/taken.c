/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Windows: what is committed, which Wine keeps no account of.
 */
#include <winsock2.h>
#include <windows.h>
#include <psapi.h>

#include "taken.h"

apr_int64_t tst_taken(void)
{
    PERFORMANCE_INFORMATION info;
    HMODULE ntdll = GetModuleHandleW(L"ntdll.dll");
    if (ntdll != NULL && GetProcAddress(ntdll, "wine_get_version") != NULL)
        return -1;
    if (!K32GetPerformanceInfo(&info, sizeof info))
        return -1;
    return (apr_int64_t)info.CommitTotal * (apr_int64_t)info.PageSize;
}
