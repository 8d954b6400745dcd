/* SPDX-License-Identifier: Apache-2.0 */
/* What the commands need of Windows. Who holds a kernel object is not told there. */
#include "tool.h"

#include <windows.h>

#include <io.h>

const char *tool_user(apr_int64_t user, apr_pool_t *pool)
{
    (void)user;
    (void)pool;
    return NULL;
}

int tool_holders(const ist_info_t *info, const char **pids, apr_pool_t *pool)
{
    (void)info;
    (void)pids;
    (void)pool;
    return -1;
}

long tool_owner(const ist_info_t *info, apr_pool_t *pool)
{
    (void)info;
    (void)pool;
    return -1;
}

int tool_header(const ist_info_t *info, tool_header_t *header, apr_pool_t *pool)
{
    (void)info;
    (void)header;
    (void)pool;
    return 0;
}

apr_int64_t tool_depth(const ist_info_t *info, apr_pool_t *pool)
{
    (void)info;
    (void)pool;
    return -1;
}

/* Windows itself removes what dead processes had. */
apr_status_t tool_leftovers(ist_list_fn_t *visit, void *baton, apr_pool_t *pool)
{
    (void)visit;
    (void)baton;
    (void)pool;
    return APR_SUCCESS;
}

/* In UTF-8, as APR takes paths. */
const char *tool_self(apr_pool_t *pool)
{
    wchar_t wide[MAX_PATH * 4];
    DWORD length = GetModuleFileNameW(NULL, wide, MAX_PATH * 4);
    int room = 3 * (int)length + 1;
    char *path = apr_pcalloc(pool, (apr_size_t)room);
    if (length == 0 ||
        WideCharToMultiByte(CP_UTF8, 0, wide, (int)length, path, room - 1, NULL, NULL) == 0)
        return "isthmus";
    return path;
}

int tool_is_terminal(int which)
{
    return _isatty(which);
}

static volatile LONG asked;
static HANDLE reader; /* the thread that waits for standard input */
static HANDLE told;   /* an event, for who waits for the signal alone */

static BOOL WINAPI ask(DWORD why)
{
    (void)why;
    InterlockedExchange(&asked, 1);
    if (reader != NULL)
        CancelSynchronousIo(reader);
    if (told != NULL)
        SetEvent(told);
    return TRUE;
}

int tool_asked_to_end(void)
{
    static int armed;
    if (!armed)
        SetConsoleCtrlHandler(ask, TRUE);
    armed = 1;
    return asked != 0;
}

/* Whether the end of standard input says something: NUL and files have none that
 * somebody makes. */
static int input_tells(HANDLE input)
{
    DWORD mode;
    return GetFileType(input) == FILE_TYPE_PIPE || GetConsoleMode(input, &mode);
}

void tool_until_told(void)
{
    char ignored[4096];
    DWORD got = 1;
    HANDLE input = GetStdHandle(STD_INPUT_HANDLE);
    if (!input_tells(input)) {
        told = CreateEventW(NULL, TRUE, FALSE, NULL);
        if (!tool_asked_to_end() && told != NULL)
            WaitForSingleObject(told, INFINITE);
        return;
    }
    DuplicateHandle(GetCurrentProcess(), GetCurrentThread(), GetCurrentProcess(), &reader, 0, FALSE,
                    DUPLICATE_SAME_ACCESS);
    while (!tool_asked_to_end() && got > 0) {
        if (!ReadFile(input, ignored, sizeof ignored, &got, NULL))
            break;
    }
}
