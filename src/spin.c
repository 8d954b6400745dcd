/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The adaptive wait: poll for a while before going to sleep, as long as that pays.
 *
 * To wake a sleeper on another core takes tens of microseconds, to see another
 * core's store a tenth of one. So between cores a short poll is worth a
 * hundredfold. On one core it is worth less than nothing: the other side can't
 * run while this one polls. Which of the two it is can change at any time, so
 * it is learnt from how the last polls ended:
 *
 * - A poll has a budget of 60 us. It is longer than a wake-up of the other side,
 *   or a pair that has once gone to sleep would never poll in time again.
 * - One that ends later than four budgets was off its core meanwhile: whatever
 *   it found, the other side ran in its place, so it has failed, too.
 * - After two failures in a row, waits go to sleep at once: two, then four,
 *   eight, up to 512; between these one poll probes whether times have changed.
 *
 * A machine with one core never polls, nor does a process whose environment
 * has ISTHMUS_SPIN=0. The clock costs as much as a few polls, so it is looked
 * at every 32 pauses. The numbers are of the spin-then-block kind that Karlin and
 * others describe (Empirical studies of competitive spinning, SOSP 1991): a
 * budget near the price of the sleep that it may save costs at most twice.
 */
#include "spin.h"

#include "internal.h"

#include <stdlib.h>
#include <string.h>

#define BUDGET     (INT64_C(60) * 1000) /* nanoseconds */
#define LATE       (4 * BUDGET)
#define CLOCK_STEP 32u                  /* pauses */
#define PATIENT    2u                   /* failures that change nothing yet */
#define SKIP_BITS  9u

static uint32_t peek(const _Atomic(uint32_t) *hint)
{
    return atomic_load_explicit(hint, memory_order_relaxed);
}

static void put(_Atomic(uint32_t) *hint, uint32_t value)
{
    atomic_store_explicit(hint, value, memory_order_relaxed);
}

static inline void relax(void)
{
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__) || defined(__arm__)
    __asm__ volatile("yield" ::: "memory");
#endif
}

void isti_relax(uint32_t pauses)
{
    while (pauses-- > 0)
        relax();
}

/* 1: polling is of use here, 2: it is not; 0: nobody has asked yet. */
static _Atomic(uint32_t) known;

void isti_spin_forget(void)
{
    put(&known, 0);
}

static int allowed(void)
{
    uint32_t answer = peek(&known);
    if (answer == 0) {
        const char *wish = getenv("ISTHMUS_SPIN");
        answer = (wish != NULL && strcmp(wish, "0") == 0) || ist_os_cores() < 2 ? 2 : 1;
        put(&known, answer);
    }
    return answer == 1;
}

static void failed(isti_spin_t *spin)
{
    uint32_t failures = peek(&spin->failures);
    if (failures < PATIENT + SKIP_BITS)
        failures++;
    put(&spin->failures, failures);
    if (failures >= PATIENT)
        put(&spin->skip, 1u << (failures - PATIENT + 1 < SKIP_BITS ? failures - PATIENT + 1
                                                                   : SKIP_BITS));
}

static void paid(isti_spin_t *spin)
{
    if (peek(&spin->failures) != 0)
        put(&spin->failures, 0);
}

uint32_t isti_spin(isti_spin_t *spin, uint32_t pace, isti_ready_fn *ready, void *what,
                   int64_t deadline)
{
    if (!allowed())
        return 0;
    uint32_t skip = peek(&spin->skip);
    if (skip > 0) {
        put(&spin->skip, skip - 1);
        return 0;
    }
    int64_t start = 0;
    uint32_t pauses = 0;
    for (uint32_t polls = 1;; polls++) {
        if (ready(what)) {
            if (start != 0 && ist_os_now() - start > LATE)
                failed(spin);
            else
                paid(spin);
            return polls;
        }
        isti_relax(pace);
        pauses += pace;
        if (pauses < CLOCK_STEP)
            continue;
        pauses = 0;
        int64_t now = ist_os_now();
        if (start == 0)
            start = now;
        if (now >= deadline)
            return 0;
        if (now - start > BUDGET) {
            failed(spin);
            return 0;
        }
    }
}
