/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Stopping a process as a debugger does: each of its threads. A process that stands
 * starts no thread; one that is about to may start it meanwhile, so the threads are
 * looked for until all that are found stand.
 */
#include "win32.h"

#include <tlhelp32.h>

/* Stop or continue one thread: 1 when that was new to it. */
static int change(DWORD id, int stop)
{
    CONTEXT context = {.ContextFlags = CONTEXT_CONTROL};
    HANDLE thread = OpenThread(THREAD_SUSPEND_RESUME | THREAD_GET_CONTEXT, FALSE, id);
    if (thread == NULL)
        return 0; /* it has just ended */
    DWORD before = stop ? SuspendThread(thread) : ResumeThread(thread);
    /* The call only asks for the stop; a thread that has a context stands. */
    if (stop && before == 0)
        (void)GetThreadContext(thread, &context);
    if (stop && before != 0 && before != (DWORD)-1)
        (void)ResumeThread(thread); /* it stood already: once is enough */
    CloseHandle(thread);
    return before != (DWORD)-1 && (stop ? before == 0 : before == 1);
}

static int change_all(long pid, int stop)
{
    THREADENTRY32 entry = {.dwSize = sizeof entry};
    HANDLE threads = CreateToolhelp32Snapshot(TH32CS_SNAPTHREAD, 0);
    int changed = 0;
    if (threads == INVALID_HANDLE_VALUE)
        return 0;
    for (BOOL more = Thread32First(threads, &entry); more; more = Thread32Next(threads, &entry))
        if (entry.th32OwnerProcessID == (DWORD)pid)
            changed += change(entry.th32ThreadID, stop);
    CloseHandle(threads);
    return changed;
}

void tst_stop(long pid)
{
    while (change_all(pid, 1) > 0)
        ;
}

void tst_continue(long pid)
{
    change_all(pid, 0);
}
