/* SPDX-License-Identifier: Apache-2.0 */
/*
 * As much of Windows as src/win32/names.c needs, for a build on Linux: it takes names
 * apart and calls nothing of it. (Its wchar_t is longer here, which changes nothing.)
 */
#ifndef FUZZ_WINDOWS_H
#define FUZZ_WINDOWS_H

#include <wchar.h>

#define MAX_PATH              260
#define SECURITY_MAX_SID_SIZE 68

typedef int BOOL;
typedef int LONG;
typedef unsigned DWORD;
typedef void *HANDLE;
typedef unsigned char SID, ACL, SECURITY_ATTRIBUTES, SECURITY_DESCRIPTOR;

static inline DWORD GetLastError(void)
{
    return 0;
}

static inline void LocalFree(void *memory)
{
    (void)memory;
}

#endif
