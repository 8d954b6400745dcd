/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A semaphore while posters and waiters are killed: units are conserved exactly;
 * the maximum is never passed; nobody sleeps beside units.
 *
 * Two post and two take. In a post all or nothing of its units is added, in a wait one
 * is taken or none (ledger.c). Now and then the driver has the posters halt, sees the
 * waiters take what is there, has them halt too, and compares.
 */
#include "torture.h"

#include <apr_strings.h>
#include <tst.h>

#define MAXIMUM 40
#define CALLS   200
#define AT_ONCE 3
#define POSTERS 2   /* the first workers; the others take */
#define PAUSE   500 /* microseconds, at most, between two posts that are to be few */
#define WAKES   3   /* waiters killed as they wake, in an audit */

/* So long may units lie there while nobody posts and somebody waits. A death may cost the
 * others a quarter of a second where a core is to spare (SEM-4). Here none is: workers
 * start, fork and sweep meanwhile. Two cores had it done within 100 ms, and within 330 ms
 * with 16 busy processes beside; four times the contract's time is out of reach for those
 * who are only late, and not for who sleeps on. */
#define DRAIN_USEC APR_USEC_PER_SEC

static apr_status_t open_units(ist_semaphore_t **units, const char *prefix, apr_pool_t *pool)
{
    return ist_semaphore_open(units, apr_pstrcat(pool, prefix, ".units", NULL), 0, MAXIMUM,
                              IST_CREATE, 0, pool);
}

apr_status_t units_hold(board_t *board, const char *prefix, apr_pool_t *pool)
{
    ist_semaphore_t *units;
    ledger_open(board);
    return open_units(&units, prefix, pool);
}

/* ---- workers ------------------------------------------------------------------ */

enum {
    TRY,
    BRIEFLY,
    WAYS = 4
}; /* the rest wait for ever: no timeout of theirs hides that
      they were forgotten */

static void take(worker_t *self, ist_semaphore_t *units, apr_uint32_t way)
{
    ledger_begin(self->place, -1);
    HERE(self);
    apr_status_t status = way == TRY       ? ist_semaphore_trywait(units)
                          : way == BRIEFLY ? ist_semaphore_timedwait(units, 1000)
                                           : ist_semaphore_wait(units);
    apr_status_t none = way == TRY ? APR_EBUSY : way == BRIEFLY ? APR_TIMEUP : APR_SUCCESS;
    ledger_end(self->place, status == APR_SUCCESS ? -1 : 0);
    if (status != APR_SUCCESS && status != none)
        violated(self, __LINE__, "waiting: %d", (int)status);
}

/* In every other phase posts are few, and waiters sleep. In the rest the posters race to the
 * maximum, and who is refused takes one: so they meet there though no waiter runs. */
static void post(worker_t *self, ist_semaphore_t *units)
{
    apr_uint32_t n = draw(&self->random, AT_ONCE) + 1, before = 0;
    if (atomic_load(&self->board->phase) % 2 != 0)
        apr_sleep(draw(&self->random, PAUSE));
    ledger_begin(self->place, (int)n);
    HERE(self);
    apr_status_t status = ist_semaphore_post_n(units, n, &before);
    ledger_end(self->place, status == APR_SUCCESS ? (int)n : 0);
    if (status == APR_SUCCESS && before + n > MAXIMUM)
        violated(self, __LINE__, "%u units, %u more", before, n);
    if (status == IST_EOVERFLOW)
        take(self, units, TRY);
    else if (status != APR_SUCCESS)
        violated(self, __LINE__, "posting: %d", (int)status);
}

/* Between two calls: stand still for as long as the driver wants. */
static void halt(worker_t *self)
{
    for (;;) {
        apr_uint32_t round = atomic_load(&self->board->round);
        int mine =
            round % HALTS == HALT_ALL || (round % HALTS == HALT_POSTERS && self->number < POSTERS);
        if (!mine || atomic_load(&self->board->stop))
            return;
        atomic_store(&self->place->halted, round);
        apr_sleep(200);
    }
}

int units_cycle(worker_t *self)
{
    ist_semaphore_t *units;
    apr_status_t status = open_units(&units, self->prefix, self->pool);
    if (status != APR_SUCCESS) {
        violated(self, __LINE__, "opening: %d", (int)status);
        return 0;
    }
    for (int i = 0; i < CALLS && !atomic_load(&self->board->stop); i++) {
        halt(self);
        if (self->number < POSTERS)
            post(self, units);
        else
            take(self, units, draw(&self->random, WAYS));
    }
    mix(self, NULL, NULL);
    (void)ist_semaphore_close(units);
    return 1;
}

/* ---- the driver ----------------------------------------------------------------- */

static int all_halted(const worker_t *driver, apr_uint32_t round)
{
    for (apr_uint32_t i = 0; i < driver->number; i++) {
        if ((round % HALTS == HALT_ALL || i < POSTERS) &&
            atomic_load(&driver->board->place[i].halted) != round)
            return 0;
    }
    return 1;
}

/* The next stage; 0 when not all have come to it in time. Who sleeps for ever beside
 * nothing is given something. */
static int halt_all(worker_t *driver, ist_semaphore_t *units)
{
    apr_uint32_t round = atomic_fetch_add(&driver->board->round, 1) + 1;
    apr_time_t end = apr_time_now() + driver->patience;
    while (!all_halted(driver, round)) {
        apr_uint32_t there = 0;
        if (apr_time_now() > end) {
            violated(driver, __LINE__, "a worker does not come to a halt");
            return 0;
        }
        apr_sleep(500);
        if (round % HALTS == HALT_ALL && ist_semaphore_value(units, &there) == APR_SUCCESS &&
            there == 0 && !all_halted(driver, round) && ist_semaphore_post(units) == APR_SUCCESS)
            ledger_settle(1);
    }
    return 1;
}

/* With nobody to post or to kill: the waiters take all. */
static void drain(worker_t *driver, ist_semaphore_t *units)
{
    apr_uint32_t there = 0;
    apr_time_t began = apr_time_now();
    while (ist_semaphore_value(units, &there) == APR_SUCCESS && there > 0) {
        if (apr_time_now() - began > tst_scaled(DRAIN_USEC)) {
            violated(driver, __LINE__, "asleep beside %u units", there);
            return;
        }
        apr_sleep(500);
    }
    apr_uint32_t took = (apr_uint32_t)(apr_time_now() - began);
    if (took > atomic_load(&driver->board->slowest))
        atomic_store(&driver->board->slowest, took);
}

/* A unit for one of those asleep, and the kill of one: perhaps of the one that it woke,
 * who takes the wake-up along. Then another must find the unit by itself (SEM-4). */
static void kill_waking(worker_t *driver, ist_semaphore_t *units)
{
    for (apr_uint32_t i = 0; i < WAKES; i++) {
        apr_uint32_t victim = POSTERS + (driver->random + i) % (driver->number - POSTERS);
        apr_sleep(2000); /* most are asleep by then: it need not be all */
        if (ist_semaphore_post(units) == APR_SUCCESS)
            ledger_settle(1);
        drive_kill(driver, victim);
        drain(driver, units);
        drive_start(driver, victim);
    }
    driver->random++;
}

static void compare(worker_t *driver, ist_semaphore_t *units)
{
    apr_uint32_t there = 0;
    (void)ist_semaphore_value(units, &there);
    if (there > MAXIMUM)
        violated(driver, __LINE__, "%u units", there);
    (void)ledger_agrees(driver, there);
}

void units_audit(worker_t *driver)
{
    ist_semaphore_t *units;
    apr_status_t status = open_units(&units, driver->prefix, driver->pool);
    if (status != APR_SUCCESS) {
        violated(driver, __LINE__, "opening: %d", (int)status);
        return;
    }
    if (halt_all(driver, units)) {
        drain(driver, units);
        kill_waking(driver, units);
        if (halt_all(driver, units))
            compare(driver, units);
    }
    apr_uint32_t round = atomic_load(&driver->board->round);
    atomic_store(&driver->board->round, round - round % HALTS + HALTS);
    (void)ist_semaphore_close(units);
}

/* It is over: no waiter sleeps on. */
void units_end(worker_t *driver)
{
    ist_semaphore_t *units;
    if (open_units(&units, driver->prefix, driver->pool) != APR_SUCCESS)
        return;
    (void)ist_semaphore_post_n(units, driver->number, NULL);
    (void)ist_semaphore_close(units);
}
