/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A semaphore while posters and waiters are killed: units are conserved exactly;
 * the maximum is never passed; nobody sleeps beside units.
 *
 * Each worker keeps a ledger: what it added in all, and what the call that it is in
 * would add. Whoever is killed outside a call leaves no doubt, in a post all or nothing
 * of its units, in a wait one unit or none. Now and then the driver has the poster
 * halt, sees the waiters take what is there, has them halt too, and compares.
 */
#include "torture.h"

#include <apr_strings.h>
#include <string.h>

#define MAXIMUM 40
#define CALLS   200
#define AT_ONCE 3
#define POSTER  0 /* this worker; the others take */
#define WAKES   3 /* waiters killed as they wake, in an audit */

/* What a dead worker's call may have added, as bits: bit MIDDLE is nothing. */
#define MIDDLE 32

/* The driver's books: what is there, but for living workers' ledgers and doubts. */
static apr_int64_t settled;
static apr_uint64_t possible = UINT64_C(1) << MIDDLE;

/* One word, so that no kill comes between its halves. */
static apr_int64_t entry(apr_int64_t total, int pending)
{
    return total * 16 + pending + 8;
}

static int pending_of(apr_int64_t ledger)
{
    return (int)(((ledger % 16) + 16) % 16) - 8;
}

static apr_int64_t total_of(apr_int64_t ledger)
{
    return (ledger - 8 - pending_of(ledger)) / 16;
}

static apr_status_t open_units(ist_semaphore_t **units, const char *prefix, apr_pool_t *pool)
{
    return ist_semaphore_open(units, apr_pstrcat(pool, prefix, ".units", NULL), 0, MAXIMUM,
                              IST_CREATE, 0, pool);
}

apr_status_t units_hold(board_t *board, const char *prefix, apr_pool_t *pool)
{
    ist_semaphore_t *units;
    for (int i = 0; i < WORKERS_MAX; i++)
        atomic_store(&board->place[i].ledger, entry(0, 0));
    return open_units(&units, prefix, pool);
}

/* ---- workers ------------------------------------------------------------------ */

static void post(worker_t *self, ist_semaphore_t *units)
{
    apr_uint32_t n = draw(&self->random, AT_ONCE) + 1, before = 0;
    apr_int64_t total = total_of(atomic_load(&self->place->ledger));
    atomic_store(&self->place->ledger, entry(total, (int)n));
    HERE(self);
    apr_status_t status = ist_semaphore_post_n(units, n, &before);
    if (status == APR_SUCCESS && before + n > MAXIMUM)
        violated(self, __LINE__, "%u units, %u more", before, n);
    if (status != APR_SUCCESS && status != IST_EOVERFLOW)
        violated(self, __LINE__, "posting: %d", (int)status);
    atomic_store(&self->place->ledger, entry(status == APR_SUCCESS ? total + n : total, 0));
}

/* Most wait for ever: no timeout of their own hides that they were forgotten. */
static void take(worker_t *self, ist_semaphore_t *units)
{
    apr_int64_t total = total_of(atomic_load(&self->place->ledger));
    apr_uint32_t how = draw(&self->random, 4);
    atomic_store(&self->place->ledger, entry(total, -1));
    HERE(self);
    apr_status_t status = how == 0   ? ist_semaphore_trywait(units)
                          : how == 1 ? ist_semaphore_timedwait(units, 1000)
                                     : ist_semaphore_wait(units);
    apr_status_t none = how == 0 ? APR_EBUSY : how == 1 ? APR_TIMEUP : APR_SUCCESS;
    if (status != APR_SUCCESS && status != none)
        violated(self, __LINE__, "waiting: %d", (int)status);
    atomic_store(&self->place->ledger, entry(status == APR_SUCCESS ? total - 1 : total, 0));
}

/* Between two calls: stand still for as long as the driver wants. */
static void halt(worker_t *self)
{
    for (;;) {
        apr_uint32_t round = atomic_load(&self->board->round);
        int mine =
            round % HALTS == HALT_ALL || (round % HALTS == HALT_ONE && self->number == POSTER);
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
        if (self->number == POSTER)
            post(self, units);
        else
            take(self, units);
    }
    mix(self, NULL, NULL);
    (void)ist_semaphore_close(units);
    return 1;
}

/* ---- the driver ----------------------------------------------------------------- */

void units_died(worker_t *dead)
{
    apr_int64_t ledger = atomic_load(&dead->place->ledger);
    int pending = pending_of(ledger);
    settled += total_of(ledger);
    possible |= pending > 0 ? possible << pending : possible >> -pending;
    atomic_store(&dead->place->ledger, entry(0, 0));
}

static int all_halted(const worker_t *driver, apr_uint32_t round)
{
    for (apr_uint32_t i = 0; i < driver->number; i++) {
        if ((round % HALTS == HALT_ALL || i == POSTER) &&
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
            settled++;
    }
    return 1;
}

/* With nobody to post or to kill: the waiters take all. */
static void drain(worker_t *driver, ist_semaphore_t *units)
{
    apr_uint32_t there = 0;
    apr_time_t began = apr_time_now();
    while (ist_semaphore_value(units, &there) == APR_SUCCESS && there > 0) {
        if (apr_time_now() - began > driver->patience / 4) {
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
        apr_uint32_t victim = 1 + (driver->random + i) % (driver->number - 1);
        apr_sleep(2000); /* most are asleep by then: it need not be all */
        if (ist_semaphore_post(units) == APR_SUCCESS)
            settled++;
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
    for (apr_uint32_t i = 0; i < driver->number; i++)
        settled += total_of(atomic_load(&driver->board->place[i].ledger));
    apr_int64_t over = (apr_int64_t)there - settled;
    if (over < -MIDDLE || over >= MIDDLE || (possible >> (MIDDLE + over) & 1) == 0)
        violated(driver, __LINE__, "%u units, not %d: the dead can't account for it", there,
                 (int)settled);
    settled = there;
    possible = UINT64_C(1) << MIDDLE;
    for (apr_uint32_t i = 0; i < driver->number; i++)
        settled -= total_of(atomic_load(&driver->board->place[i].ledger));
    atomic_fetch_add(&driver->board->audits, 1);
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
