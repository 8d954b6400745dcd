/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Windows: the process at hand, and what this system does not have.
 */
#include "win32.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>

/* Without the dialog that some runtimes show. */
static void on_abort(int number)
{
    (void)number;
    tst_sys_exit_now(3);
}

void tst_sys_start(void)
{
    SetErrorMode(SEM_NOGPFAULTERRORBOX | SEM_FAILCRITICALERRORS);
    signal(SIGABRT, on_abort);
    setvbuf(stdout, NULL, _IONBF, 0);
}

/* Sections need a privilege there that services and administrators have. */
static int may_make_global(void)
{
    wchar_t name[64];
    swprintf(name, sizeof name / sizeof *name, L"Global\\tst-%lu", (unsigned long)tst_sys_pid());
    HANDLE section = CreateFileMappingW(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 1, name);
    if (section != NULL)
        CloseHandle(section);
    return section != NULL;
}

/* Wine was seen to let everybody make them. */
int tst_unprivileged(void)
{
    HANDLE token;
    TOKEN_PRIVILEGES less = {.PrivilegeCount = 1,
                             .Privileges = {{.Attributes = SE_PRIVILEGE_REMOVED}}};
    if (!OpenProcessToken(GetCurrentProcess(), TOKEN_ADJUST_PRIVILEGES, &token))
        return 0;
    if (LookupPrivilegeValueW(NULL, L"SeCreateGlobalPrivilege", &less.Privileges[0].Luid))
        AdjustTokenPrivileges(token, FALSE, &less, 0, NULL, NULL);
    CloseHandle(token);
    return !may_make_global();
}

int tst_can(tst_cap_t capability)
{
    switch (capability) {
    case TST_ACCESS:
    case TST_STOP:
        return 1;
    case TST_CLASSES:
        return tst_gives_away();
    case TST_GLOBAL:
        return may_make_global();
    default:
        return 0;
    }
}

const char *tst_why_not(tst_cap_t capability)
{
    static const char *const why[TST_CAPS] = {
        [TST_FORK] = "a process can't be forked here",
        [TST_EXEC] = "a process can't become another program here",
        [TST_UMASK] = "there is no umask here",
        [TST_SIGNALS] = "there are no signals here",
        [TST_CANCEL] = "threads can't be cancelled here",
        [TST_USERS] = "a program can't become another user by itself here",
        [TST_REMOVE] = "the name of an open object can't be removed here",
        [TST_LEFTOVERS] = "the system itself removes what the dead leave here",
        [TST_FILES] = "names are no files here",
        [TST_FAULTS] = "page faults are not counted alike here",
        [TST_CLASSES] = "this user can't give away what it made, or nobody asks who opens it",
        [TST_SEES_WAITS] = "the system does not tell what a thread waits in",
        [TST_GLOBAL] = "this user lacks the privilege to make global sections",
        [TST_INSTANTS] = "no call of the library can be held here",
        [TST_SET_CLOCK] = "the wall clock is not set here",
        [TST_NAMESPACES] = "there are no PID namespaces here",
        [TST_FAILING] = "no system call can be made to fail here",
        [TST_LIMIT] = "there is no limit on a process's files here",
    };
    return capability < TST_CAPS && why[capability] != NULL ? why[capability] : "";
}

void tst_sys_case_end(void)
{
}

apr_int64_t tst_sys_now(void)
{
    static LARGE_INTEGER frequency;
    LARGE_INTEGER now;
    if (frequency.QuadPart == 0)
        QueryPerformanceFrequency(&frequency);
    QueryPerformanceCounter(&now);
    return now.QuadPart / frequency.QuadPart * 1000000 +
           now.QuadPart % frequency.QuadPart * 1000000 / frequency.QuadPart;
}

void tst_sys_program(char *path, apr_size_t size)
{
    GetModuleFileNameA(NULL, path, (DWORD)size);
}

long tst_sys_pid(void)
{
    return (long)GetCurrentProcessId();
}

long tst_sys_thread_id(void)
{
    return (long)GetCurrentThreadId();
}

void tst_sys_die(void)
{
    tst_sys_exit_now(9);
}

void tst_sys_exit_now(int code)
{
    TerminateProcess(GetCurrentProcess(), (UINT)code);
    for (;;)
        Sleep(INFINITE);
}

int tst_sys_waits(long pid, long thread)
{
    (void)pid, (void)thread;
    return -1;
}

int tst_sys_lives(long pid)
{
    HANDLE process = OpenProcess(SYNCHRONIZE, FALSE, (DWORD)pid);
    if (process == NULL)
        return 0;
    int lives = WaitForSingleObject(process, 0) == WAIT_TIMEOUT;
    CloseHandle(process);
    return lives;
}

void tst_sys_pause(apr_int64_t usec)
{
    Sleep((DWORD)((usec + 999) / 1000));
}

int tst_processors(void)
{
    SYSTEM_INFO info;
    GetSystemInfo(&info);
    return (int)info.dwNumberOfProcessors;
}

apr_uint64_t tst_room(void)
{
    MEMORYSTATUSEX memory = {.dwLength = sizeof memory};
    if (!GlobalMemoryStatusEx(&memory))
        return 0;
    apr_uint64_t room = memory.ullAvailPhys / 4 * 3;
    return room < memory.ullAvailPageFile ? room : memory.ullAvailPageFile;
}

long tst_descriptors(void)
{
    DWORD count = 0;
    return GetProcessHandleCount(GetCurrentProcess(), &count) ? (long)count : -1;
}

long tst_mappings(const char *text)
{
    (void)text;
    return -1;
}

long tst_native_names(const char *text, char *what, apr_size_t size)
{
    (void)text, (void)what, (void)size;
    return -1;
}

/* Wine's CreateProcess was seen to give this on a busy machine, before there was any
 * child; the next start went through. */
int tst_sys_start_again(apr_status_t status, int *again)
{
    return status == APR_FROM_OS_ERROR(ERROR_INTERNAL_ERROR) && ++*again < 5;
}
