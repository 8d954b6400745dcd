/* SPDX-License-Identifier: Apache-2.0 */
/* The fake backend's clock, guard and threads. */
#include "fake.h"

#include <apr_thread_proc.h>

static _Atomic(int) guard;
static _Atomic(int) state;
static _Thread_local int inside;

int fake_inside(void)
{
    return inside;
}

static void take(_Atomic(int) *flag)
{
    while (atomic_exchange(flag, 1) != 0)
        apr_thread_yield();
}

void fake_hold(void)
{
    take(&state);
}

void fake_release(void)
{
    atomic_store(&state, 0);
}

void ist_os_enter(void)
{
    (void)fake_called(FAKE_ENTER);
    fake_expect(!inside, "the guard is not recursive, and is left again");
    if (inside)
        return;
    take(&guard);
    inside = 1;
}

void ist_os_leave(void)
{
    (void)fake_called(FAKE_LEAVE);
    fake_expect(inside, "who leaves the guard is in it");
    inside = 0;
    atomic_store(&guard, 0);
}

void ist_os_watch_thread(uint64_t id)
{
    (void)id;
    (void)fake_called(FAKE_WATCH);
}

uint32_t ist_os_cores(void)
{
    return fake.cores;
}

int64_t ist_os_now(void)
{
    (void)fake_called(FAKE_NOW);
    if (fake.looked != NULL)
        fake.looked(fake.baton);
    return atomic_fetch_add(&fake.now, fake.tick) + fake.tick;
}

void ist_os_pause(uint32_t microseconds)
{
    (void)fake_called(FAKE_PAUSE);
    fake_expect(!inside, "nobody sleeps in the guard");
    if (fake.pauses < FAKE_LOG)
        fake.paused[fake.pauses] = microseconds;
    fake.pauses++;
    atomic_fetch_add(&fake.now, (int64_t)microseconds * ISTI_NANO);
}

void ist_os_until(ist_os_deadline_t *deadline, int64_t time)
{
    (void)fake_called(FAKE_UNTIL);
    deadline->time = time;
}

/* Time goes by; never back, whatever other threads slept. */
static void pass_until(int64_t time)
{
    int64_t now = atomic_load(&fake.now);
    while (now < time && !atomic_compare_exchange_weak(&fake.now, &now, time))
        continue;
}

static void note(int64_t ahead)
{
    uint32_t at = atomic_fetch_add(&fake.sleeps, 1);
    if (at < FAKE_LOG)
        fake.slept[at] = ahead;
    fake_expect(ahead <= ISTI_SLICE_LONG, "a wait is bounded by a slice");
    fake_expect(!inside, "nobody sleeps in the guard");
}

apr_status_t fake_sleep(fake_try_fn *tried, void *what, const ist_os_deadline_t *deadline)
{
    int64_t start = atomic_load(&fake.now);
    if (deadline == NULL || deadline->time <= start)
        return APR_TIMEUP;
    note(deadline->time - start);
    int64_t end = deadline->time;
    apr_status_t status = FAKE_AS_IS;
    if (fake.turn_at < fake.turns) {
        const fake_turn_t *turn = &fake.turn[fake.turn_at++];
        status = turn->status;
        end = turn->lasts == FAKE_WHOLE ? end : start + turn->lasts;
    }
    if (fake.meanwhile != NULL)
        fake.meanwhile(fake.baton);
    else
        apr_thread_yield();
    if (status == FAKE_AS_IS)
        status = tried(what);
    if (status == APR_TIMEUP || end != deadline->time)
        pass_until(end);
    return status;
}
