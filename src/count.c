/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Semaphores of any object. Where there is a header, the count is a word in
 * it and the system's semaphore only a doorbell, rung while somebody sleeps:
 * so that a post adds n or nothing in one step, whoever dies when.
 *
 * The word holds the count (low half) and the sleepers (high half), and every
 * change is one compare-and-swap of both. Who would sleep enlists, in the
 * step that finds no unit; a post takes as many off the list as it adds units,
 * and rings for each. At any time, as long as nobody dies,
 *
 *     enlisted + rings in the bell >= threads asleep,
 *
 * so no post leaves one asleep that it should wake. A ring too many wakes a
 * thread for nothing. A death may leave one ring too few: then sleepers look
 * again when their slice ends, and none sleeps longer beside a unit. A dead
 * sleeper stays enlisted until a post takes it off.
 *
 * Orders: a post releases and a take acquires, through the one word.
 */
#include "internal.h"

#define SLEEPER (UINT64_C(1) << 32)

static uint32_t units(uint64_t word)
{
    return (uint32_t)word;
}

static uint32_t sleepers(uint64_t word)
{
    return (uint32_t)(word >> 32);
}

static int swap(isti_count_slot_t *slot, uint64_t *word, uint64_t wanted, memory_order order)
{
    return atomic_compare_exchange_weak_explicit(&slot->word, word, wanted, order,
                                                 memory_order_relaxed);
}

/* Take a unit; 0 when there is none. */
static int take(isti_count_slot_t *slot)
{
    uint64_t word = atomic_load_explicit(&slot->word, memory_order_relaxed);
    while (units(word) > 0) {
        if (swap(slot, &word, word - 1, memory_order_acquire))
            return 1;
    }
    return 0;
}

/* Take a unit, or enlist as a sleeper and return 0, in one step. */
static int take_or_enlist(isti_count_slot_t *slot)
{
    uint64_t word = atomic_load_explicit(&slot->word, memory_order_relaxed);
    for (;;) {
        int there = units(word) > 0;
        uint64_t wanted = there ? word - 1 : word + SLEEPER;
        if (swap(slot, &word, wanted, memory_order_acquire))
            return there;
    }
}

/* In step with what the sleeper looks at next, as the waker's look at the list
 * is with what it did before: sequentially consistent. */
void isti_enlist(isti_count_slot_t *slot)
{
    (void)atomic_fetch_add_explicit(&slot->word, SLEEPER, memory_order_seq_cst);
}

uint32_t isti_rouse(isti_count_slot_t *slot, uint32_t n)
{
    uint64_t word = atomic_load_explicit(&slot->word, memory_order_relaxed);
    uint32_t wake;
    do {
        wake = sleepers(word) < n ? sleepers(word) : n;
    } while (wake > 0 && !swap(slot, &word, word - wake * SLEEPER, memory_order_relaxed));
    return wake;
}

int isti_delist(isti_count_slot_t *slot)
{
    uint64_t word = atomic_load_explicit(&slot->word, memory_order_relaxed);
    while (sleepers(word) > 0) {
        if (swap(slot, &word, word - SLEEPER, memory_order_relaxed))
            return 1;
    }
    return 0;
}

/* The i-th semaphore of an object, to be waited for. */
typedef struct awaited_t {
    isti_object_t *object;
    uint32_t i;
} awaited_t;

static apr_status_t wait_slice(void *what, const ist_os_deadline_t *deadline)
{
    const awaited_t *awaited = what;
    return ist_os_wait(&awaited->object->os, awaited->i, deadline);
}

/* Polling for a unit, which `spin` says may pay. */
static int has_unit(void *slot)
{
    return units(atomic_load_explicit(&((isti_count_slot_t *)slot)->word,
                                      memory_order_relaxed)) > 0;
}

/* 0: none came while it paid to poll. */
static int take_soon(isti_count_t *count, int64_t deadline)
{
    return isti_spin(&count->spin, 1, has_unit, count->slot, deadline) != 0 && take(count->slot);
}

/* One sleep at the doorbell. */
static apr_status_t doze(void *what, const ist_os_deadline_t *deadline)
{
    const awaited_t *awaited = what;
    isti_count_slot_t *slot = awaited->object->count[awaited->i].slot;
    if (take_or_enlist(slot))
        return APR_SUCCESS;
    apr_status_t rv = wait_slice(what, deadline);
    if (rv == APR_SUCCESS)
        return take(slot) ? APR_SUCCESS : APR_TIMEUP;
    /* A post that took this sleeper off has rung, or will: that ring is
     * nobody's now. Left in the bell it would only wake one for nothing. */
    if (!isti_delist(slot))
        (void)wait_slice(what, NULL);
    return take(slot) ? APR_SUCCESS : rv;
}

static apr_status_t wait_within(isti_handle_t *handle, uint32_t i, apr_interval_time_t timeout,
                                apr_status_t none)
{
    isti_object_t *object = isti_object(handle);
    if (object == NULL)
        return APR_EINVAL;
    isti_count_slot_t *slot = object->count[i].slot;
    if (slot != NULL && take(slot))
        return APR_SUCCESS;
    awaited_t awaited = {object, i};
    if (timeout == 0) {
        apr_status_t rv = slot != NULL ? APR_TIMEUP : ist_os_wait(&object->os, i, NULL);
        return rv == APR_TIMEUP ? none : rv;
    }
    const int64_t deadline = isti_deadline(ist_os_now(), timeout);
    if (slot != NULL && take_soon(&object->count[i], deadline))
        return APR_SUCCESS;
    return isti_sliced(slot != NULL ? doze : wait_slice, &awaited, deadline);
}

apr_status_t isti_wait(isti_handle_t *handle, uint32_t i)
{
    return wait_within(handle, i, IST_FOREVER, APR_TIMEUP);
}

apr_status_t isti_trywait(isti_handle_t *handle, uint32_t i)
{
    return wait_within(handle, i, 0, APR_EBUSY);
}

apr_status_t isti_timedwait(isti_handle_t *handle, uint32_t i, apr_interval_time_t timeout)
{
    return wait_within(handle, i, timeout, APR_TIMEUP);
}

apr_status_t isti_post(isti_handle_t *handle, uint32_t i, uint32_t n, uint32_t *previous)
{
    isti_object_t *object = isti_object(handle);
    if (object == NULL || n < 1)
        return APR_EINVAL;
    if (n > IST_COUNT_MAX)
        return IST_EOVERFLOW;
    const isti_count_t *count = &object->count[i];
    if (count->slot == NULL)
        return ist_os_post(&object->os, i, n, previous);
    uint64_t word = atomic_load_explicit(&count->slot->word, memory_order_relaxed);
    uint32_t wake;
    do {
        if (units(word) > count->maximum || n > count->maximum - units(word))
            return IST_EOVERFLOW;
        wake = sleepers(word) < n ? sleepers(word) : n;
    } while (!swap(count->slot, &word, word + n - wake * SLEEPER, memory_order_release));
    if (previous != NULL)
        *previous = units(word);
    /* The units are there, rung or not: who sleeps through it finds them when
     * the slice ends. */
    if (wake > 0)
        (void)ist_os_post(&object->os, i, wake, NULL);
    return APR_SUCCESS;
}

apr_status_t isti_value(const isti_handle_t *handle, uint32_t i, uint32_t *value)
{
    isti_object_t *object = isti_object(handle);
    uint32_t maximum;
    if (object == NULL || value == NULL)
        return APR_EINVAL;
    const isti_count_slot_t *slot = object->count[i].slot;
    if (slot == NULL)
        return ist_os_count(&object->os, i, value, &maximum);
    *value = units(atomic_load_explicit(&slot->word, memory_order_relaxed));
    return APR_SUCCESS;
}
