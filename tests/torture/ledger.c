/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How much there must be of what is counted, while those who count are killed.
 *
 * Each worker keeps a ledger: what it added in all, and what it is just about to
 * add. Whoever is killed in between leaves a doubt: all of that was added, or
 * nothing. The driver adds up what is sure, and keeps all that the doubts allow.
 */
#include "torture.h"

/* What the dead may have added, as bits: bit MIDDLE is nothing. From one audit to the next
 * AUDIT are killed, and a few in it, each of whom added up to 3, or took one. */
#define MIDDLE 18
#define BITS   64
_Static_assert(MIDDLE + 3 * AUDIT < BITS && MIDDLE >= AUDIT + 3, "no doubt is shifted out");

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

void ledger_open(board_t *board)
{
    for (int i = 0; i < WORKERS_MAX; i++)
        atomic_store(&board->place[i].ledger, entry(0, 0));
}

void ledger_begin(place_t *place, int n)
{
    atomic_store(&place->ledger, entry(total_of(atomic_load(&place->ledger)), n));
}

void ledger_end(place_t *place, int added)
{
    atomic_store(&place->ledger, entry(total_of(atomic_load(&place->ledger)) + added, 0));
}

void ledger_died(worker_t *dead)
{
    apr_int64_t ledger = atomic_load(&dead->place->ledger);
    int pending = pending_of(ledger);
    settled += total_of(ledger);
    possible |= pending > 0 ? possible << pending : possible >> -pending;
    atomic_store(&dead->place->ledger, entry(0, 0));
}

void ledger_settle(int added)
{
    settled += added;
}

int ledger_agrees(worker_t *driver, apr_int64_t there)
{
    apr_int64_t sure = settled;
    for (apr_uint32_t i = 0; i < driver->number; i++)
        sure += total_of(atomic_load(&driver->board->place[i].ledger));
    apr_int64_t over = there - sure;
    int agrees = over >= -MIDDLE && over < BITS - MIDDLE && (possible >> (MIDDLE + over) & 1) != 0;
    settled += over; /* the doubts are settled */
    possible = UINT64_C(1) << MIDDLE;
    if (!agrees)
        violated(driver, __LINE__, "%d there, not %d: the dead can't account for it", (int)there,
                 (int)sure);
    atomic_fetch_add(&driver->board->audits, (apr_uint32_t)agrees);
    return agrees;
}
