/* SPDX-License-Identifier: Apache-2.0 */
/* SEM-3, SEM-4: the list of sleepers in a count's word, and the doorbell. */
#include "unit.h"

#include <apr_thread_proc.h>

/* A semaphore, and what the running case's other process does to it. */
static ist_semaphore_t *sem;
static isti_count_slot_t *slot;
static fake_thing_t *thing;
static uint32_t enlisted;

static void begin(apr_uint32_t initial, apr_uint32_t maximum)
{
    sem = unit_semaphore("n", initial, maximum);
    slot = unit_object(sem)->count[0].slot;
    thing = fake_find(IST_KIND_SEMAPHORE, "n");
    enlisted = 0;
}

static uint32_t sleepers(void)
{
    return (uint32_t)(atomic_load(&slot->word) >> 32);
}

static uint32_t units(void)
{
    return (uint32_t)atomic_load(&slot->word);
}

static void look(void *baton)
{
    (void)baton;
    enlisted = sleepers();
}

static void on_and_off(void)
{
    begin(0, 5);
    fake.meanwhile = look;
    TST_STATUS(ist_semaphore_timedwait(sem, 1000), APR_TIMEUP);
    TST_NUMBER(enlisted, 1);
    TST_NUMBER(sleepers(), 0);
    TST_NUMBER(units(), 0);
    TST_STATUS(ist_semaphore_trywait(sem), APR_EBUSY);
    TST_STATUS(ist_semaphore_timedwait(sem, 0), APR_TIMEUP);
    TST_NUMBER(fake.calls[FAKE_WAIT], 1);
}

static void post_one(void *baton)
{
    (void)baton;
    fake.meanwhile = NULL;
    TST_OK(ist_semaphore_post(sem));
    enlisted = sleepers();
}

static void woken(void)
{
    begin(0, 5);
    fake.meanwhile = post_one;
    int64_t before = unit_now();
    TST_OK(ist_semaphore_wait(sem));
    TST_NUMBER(unit_now(), before);
    TST_NUMBER(enlisted, 0); /* the post took it off */
    TST_NUMBER(fake.calls[FAKE_POST], 1);
    TST_NUMBER(thing->bell[0], 0);
    TST_TRUE(atomic_load(&slot->word) == 0);
}

static void rings(void)
{
    begin(0, 100);
    TST_OK(ist_semaphore_post_n(sem, 3, NULL));
    TST_NUMBER(fake.calls[FAKE_POST], 0); /* nobody sleeps */
    atomic_fetch_add(&slot->word, UINT64_C(5) << 32);
    TST_OK(ist_semaphore_post_n(sem, 2, NULL));
    TST_NUMBER(thing->bell[0], 2);
    TST_NUMBER(sleepers(), 3);
    TST_NUMBER(units(), 5);
    TST_OK(ist_semaphore_post_n(sem, 10, NULL));
    TST_NUMBER(thing->bell[0], 5);
    TST_NUMBER(sleepers(), 0);
    TST_NUMBER(units(), 15);
    TST_OK(ist_semaphore_post(sem));
    TST_NUMBER(thing->bell[0], 5);
    TST_NUMBER(fake.calls[FAKE_POST], 2);
}

/* A sleeper is not woken for nothing, and a refused post changes nothing. */
static void refused_posts(void)
{
    begin(4, 5);
    atomic_fetch_add(&slot->word, UINT64_C(7) << 32);
    uint64_t word = atomic_load(&slot->word);
    TST_STATUS(ist_semaphore_post_n(sem, 2, NULL), IST_EOVERFLOW);
    TST_TRUE(atomic_load(&slot->word) == word);
    TST_NUMBER(fake.calls[FAKE_POST], 0);
    TST_OK(ist_semaphore_trywait(sem));
    TST_NUMBER(sleepers(), 7);
}

/* The system says that time is up, and a post comes before the list is left. */
static void late_ring(void)
{
    begin(0, 5);
    fake.meanwhile = post_one;
    fake.turn[0] = (fake_turn_t){APR_TIMEUP, FAKE_WHOLE};
    fake.turns = 1;
    TST_OK(ist_semaphore_timedwait(sem, 1000));
    TST_NUMBER(thing->bell[0], 0); /* its ring does not stay behind */
    TST_TRUE(atomic_load(&slot->word) == 0);
}

static void post_and_take(void *baton)
{
    post_one(baton);
    TST_OK(ist_semaphore_trywait(sem));
}

static void ring_for_nothing(void)
{
    begin(0, 5);
    fake.meanwhile = post_and_take;
    int64_t before = unit_now();
    TST_STATUS(ist_semaphore_timedwait(sem, 1000), APR_TIMEUP);
    TST_NUMBER(fake.sleeps, 2);
    TST_NUMBER(unit_now() - before, 1000 * ISTI_NANO);
    TST_NUMBER(fake.slept[1], 1000 * ISTI_NANO);
    TST_TRUE(atomic_load(&slot->word) == 0);
    TST_NUMBER(thing->bell[0], 0);
}

/* Rings that somebody left behind, more than there are sleepers. */
static void stray_rings(void)
{
    begin(0, 5);
    thing->bell[0] = 1000;
    int64_t before = unit_now();
    TST_STATUS(ist_semaphore_timedwait(sem, 1000), APR_TIMEUP);
    TST_NUMBER(unit_now() - before, 1000 * ISTI_NANO);
    TST_NUMBER(thing->bell[0], 0);
    TST_OK(ist_semaphore_post(sem));
    TST_OK(ist_semaphore_wait(sem));
}

/* Killed between the word and the bell: the unit is there, the ring is not. */
static void post_and_die(void *baton)
{
    (void)baton;
    fake.meanwhile = NULL;
    atomic_fetch_add(&slot->word, 1 - (UINT64_C(1) << 32));
}

static void lost_ring(void)
{
    begin(0, 5);
    fake.meanwhile = post_and_die;
    int64_t before = unit_now();
    TST_OK(ist_semaphore_wait(sem));
    TST_SAY(unit_now() - before < 250 * UNIT_MS, "it was found after %d ms",
            (int)((unit_now() - before) / UNIT_MS));
    TST_TRUE(atomic_load(&slot->word) == 0);
}

/* Who died asleep may be rung for, in vain, and the ring wake another: that
 * goes on, for who is awake can't tell whose ring it was; but it never grows. */
static void dead_sleepers(void)
{
    begin(0, 5);
    atomic_fetch_add(&slot->word, UINT64_C(2) << 32);
    TST_STATUS(ist_semaphore_timedwait(sem, 10), APR_TIMEUP);
    TST_NUMBER(sleepers(), 2);
    for (int round = 0; round < 10; round++) {
        TST_OK(ist_semaphore_post_n(sem, 3, NULL));
        TST_NUMBER(sleepers(), 0);
        for (int i = 0; i < 3; i++)
            TST_OK(ist_semaphore_wait(sem));
        int64_t before = unit_now();
        TST_STATUS(ist_semaphore_timedwait(sem, 10), APR_TIMEUP);
        TST_NUMBER(unit_now() - before, 10 * ISTI_NANO);
        TST_NUMBER(sleepers() + thing->bell[0], 2);
        TST_NUMBER(units(), 0);
    }
}

static void post_silently(void *baton)
{
    (void)baton;
    fake.meanwhile = NULL;
    atomic_fetch_add(&slot->word, 1);
}

static void failed_wait(void)
{
    begin(0, 5);
    fake_fail(1, UNIT_ERROR);
    TST_STATUS(ist_semaphore_wait(sem), UNIT_ERROR);
    TST_TRUE(atomic_load(&slot->word) == 0);
    fake.turn[0] = (fake_turn_t){UNIT_ERROR, 0};
    fake.turns = 1;
    fake.meanwhile = post_silently; /* it fails, but the unit is there */
    TST_OK(ist_semaphore_wait(sem));
    TST_TRUE(atomic_load(&slot->word) == 0);
}

/* The units are added whether or not the bell rings: to call that a failure
 * would have the caller add them twice. */
static void failed_ring(void)
{
    apr_uint32_t previous = 77;
    begin(1, 5);
    atomic_fetch_add(&slot->word, UINT64_C(1) << 32);
    fake_fail(1, UNIT_ERROR);
    TST_OK(ist_semaphore_post_n(sem, 2, &previous));
    TST_NUMBER(fake.failed, FAKE_POST);
    TST_NUMBER(previous, 1);
    TST_NUMBER(units(), 3);
}

/* ---- threads ---------------------------------------------------------------- */

enum { EACH = 1000 };

typedef struct pair_t {
    _Atomic(uint32_t) turn; /* even: a poster, odd: a waiter */
    _Atomic(uint32_t) posted, waited;
} pair_t;

static void post_or_wait(void *baton)
{
    pair_t *pair = baton;
    int waits = atomic_fetch_add(&pair->turn, 1) % 2 == 1;
    for (int i = 0; i < EACH; i++) {
        if (waits) {
            TST_OK(ist_semaphore_wait(sem));
            atomic_fetch_add(&pair->waited, 1);
        } else {
            while (ist_semaphore_post(sem) == IST_EOVERFLOW)
                apr_thread_yield();
            atomic_fetch_add(&pair->posted, 1);
        }
    }
}

static void crowd(void)
{
    pair_t pair = {0, 0, 0};
    begin(0, 3);
    unit_threads(8, post_or_wait, &pair);
    TST_NUMBER(pair.posted, 4 * EACH);
    TST_NUMBER(pair.waited, 4 * EACH);
    TST_NUMBER(units(), 0);
}

const tst_case_t unit_sleepers[] = {
    {"SEM-3 who sleeps is on the list, and off it after", on_and_off},
    {"SEM-3 a post wakes a sleeper at once", woken},
    {"SEM-3 a post rings for as many as it adds, and nobody else", rings},
    {"SEM-2 a refused post wakes nobody", refused_posts},
    {"SEM-3 a ring as time is up does not stay behind", late_ring},
    {"GEN-7 SEM-3 a ring whose unit another took ends no wait", ring_for_nothing},
    {"GEN-7 SEM-3 stray rings end no wait", stray_rings},
    {"SEM-4 a unit whose poster died before it rang", lost_ring},
    {"SEM-4 sleepers that died keep nobody from anything", dead_sleepers},
    {"GEN-1 SEM-3 a wait that the system fails", failed_wait},
    {"SEM-2 a post whose bell fails has added all", failed_ring},
    {"SEM-3 four posters, four sleepers, no unit lost", crowd},
    {NULL, NULL},
};
