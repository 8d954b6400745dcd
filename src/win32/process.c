/* SPDX-License-Identifier: Apache-2.0 */
/* This process: its clock, its guard, its waits, the ends of its threads. */
#include "win32.h"

#define NANO  1000000000
#define MILLI 1000000 /* nanoseconds in a millisecond */

typedef BOOLEAN NTAPI ending_fn(void);

static SRWLOCK guard = SRWLOCK_INIT;
static INIT_ONCE thread_once = INIT_ONCE_STATIC_INIT;
static DWORD thread_slot = FLS_OUT_OF_INDEXES;
static ending_fn *process_ends;

isti_native_fn *isti_native(const char *name)
{
    return (isti_native_fn *)GetProcAddress(GetModuleHandleW(L"ntdll.dll"), name);
}

/* ---- time ---------------------------------------------------------------- */

int64_t ist_os_now(void)
{
    static _Atomic(int64_t) cached; /* it never changes while the system is up */
    LARGE_INTEGER ticks;
    int64_t frequency = atomic_load_explicit(&cached, memory_order_relaxed);
    if (frequency == 0) {
        LARGE_INTEGER asked;
        QueryPerformanceFrequency(&asked);
        frequency = asked.QuadPart;
        atomic_store_explicit(&cached, frequency, memory_order_relaxed);
    }
    QueryPerformanceCounter(&ticks);
    /* Seconds apart from the rest, whose product stays below 2^63. */
    return ticks.QuadPart / frequency * NANO + ticks.QuadPart % frequency * NANO / frequency + 1;
}

void ist_os_until(ist_os_deadline_t *deadline, int64_t time)
{
    deadline->time = time;
}

/* Rounded up, so that a wait is not cut into many of no time at all. */
static DWORD milliseconds_until(int64_t deadline)
{
    int64_t left = deadline - ist_os_now();
    if (left <= 0)
        return 0;
    return left > INT64_C(0x7fffffff) * MILLI ? 0x7fffffff : (DWORD)((left + MILLI - 1) / MILLI);
}

apr_status_t isti_wait_for(HANDLE part, const ist_os_deadline_t *deadline)
{
    /* Who only tries need not look at the clock. */
    DWORD time = deadline == NULL ? 0 : milliseconds_until(deadline->time);
    switch (WaitForSingleObject(part, time)) {
    case WAIT_OBJECT_0:
        return APR_SUCCESS;
    case WAIT_ABANDONED:
        return IST_ABANDONED;
    case WAIT_TIMEOUT:
        return APR_TIMEUP;
    default:
        return APR_FROM_OS_ERROR(GetLastError());
    }
}

uint32_t ist_os_cores(void)
{
    SYSTEM_INFO info;
    GetSystemInfo(&info); /* of this group of processors: more are as good as many */
    return info.dwNumberOfProcessors < 1 ? 1 : (uint32_t)info.dwNumberOfProcessors;
}

void ist_os_pause(uint32_t microseconds)
{
    if (microseconds < 1000)
        (void)SwitchToThread();
    else
        Sleep((microseconds + 999) / 1000);
}

/* ---- the guard ------------------------------------------------------------- */

void ist_os_enter(void)
{
    AcquireSRWLockExclusive(&guard);
}

void ist_os_leave(void)
{
    ReleaseSRWLockExclusive(&guard);
}

/* ---- threads --------------------------------------------------------------- */

/* Fiber storage is let go when a thread ends, outside the loader's lock. It is
 * too when the process ends, where another thread may have been killed inside the
 * guard, and when a fiber is deleted, whose thread goes on: in both cases
 * there is nothing to do that the kernel does not do itself. */
static void WINAPI thread_ends(void *value)
{
    if (IsThreadAFiber() || process_ends == NULL || process_ends())
        return;
    isti_thread_ended((uintptr_t)value);
}

/* The library must not be unloaded while threads live that will call back. */
static BOOL CALLBACK make_slot(INIT_ONCE *once, void *parameter, void **context)
{
    HMODULE module;
    (void)once;
    (void)parameter;
    (void)context;
    process_ends = (ending_fn *)isti_native("RtlDllShutdownInProgress");
    if (GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_PIN,
                           (const wchar_t *)(void *)&guard, &module))
        thread_slot = FlsAlloc(thread_ends);
    return TRUE;
}

void ist_os_watch_thread(uint64_t id)
{
    (void)InitOnceExecuteOnce(&thread_once, make_slot, NULL, NULL);
    /* Without a slot left in the process, the kernel alone tells of the end. */
    if (thread_slot != FLS_OUT_OF_INDEXES)
        (void)FlsSetValue(thread_slot, (void *)(uintptr_t)id);
}
