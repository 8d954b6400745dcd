/* SPDX-License-Identifier: Apache-2.0 */
/*
 * LIFE-1, OPEN-3, SHM-2: one name never means two live objects, however its
 * holders die. Each object has an identity: a word in its data, or a
 * semaphore's maximum. Who has one open says so on the board, then looks, again
 * and again while it holds it, whether somebody who is surely alive has another of
 * the same name open. A mutex has no room for an identity: there two would be
 * inside at once.
 *
 * All of a team work on one name at a time, of the kind that the board's phase tells:
 * two have to meet in an interval of microseconds for anything to go wrong. There
 * is more than one team, for openers often sleep until another has made or buried
 * what they want. Half of the opens are to create only, for these hold nothing up
 * when they fail. What shows a breach is done in every cycle; what costs as much as
 * many cycles, in some.
 */
#include "torture.h"

#include <apr_strings.h>
#include <apr_thread_proc.h>

#define SIZE   100
#define ROUNDS 12 /* looks, at most, of who holds one */
#define YIELDS 8  /* looks, about, until it gives way */
#define MIXED  3  /* cycles, about, until something may be mixed in */

enum { SEGMENT, REGION, SEMAPHORE, MUTEX, SHARED, KINDS };
_Static_assert(KINDS *LIFETIME_TEAMS <= NAMES, "each kind of each team has its slot");

/* An object that this process has open. */
typedef struct had_t {
    int slot;
    apr_uint32_t identity;
    _Atomic(apr_uint32_t) *word; /* where the object says it; may be NULL */
} had_t;

static int slot_of(int kind, apr_uint32_t team)
{
    return kind + KINDS * (int)team;
}

static const char *name_of(worker_t *self, apr_uint32_t team)
{
    return apr_psprintf(self->pool, "%s.o%u", self->prefix, team);
}

static apr_uint32_t fresh(worker_t *self)
{
    return atomic_fetch_add(&self->board->identities, 1) % IST_COUNT_MAX + 1;
}

/* The life is read on both sides of what it vouches for. */
static void compare(worker_t *self, void *baton)
{
    const had_t *had = baton;
    for (int i = 0; i < WORKERS_MAX; i++) {
        place_t *other = &self->board->place[i];
        apr_uint32_t life = atomic_load(&other->life);
        apr_uint32_t kept = atomic_load(&other->kept[had->slot]);
        if (other != self->place && kept != 0 && kept != had->identity && life % 2 == 0 &&
            atomic_load(&other->life) == life)
            violated(self, __LINE__, "kind %d: worker %d has object %u open, this one %u",
                     had->slot, i, kept, had->identity);
    }
    if (had->word != NULL && atomic_load(had->word) != had->identity)
        violated(self, __LINE__, "kind %d: object %u became %u", had->slot, had->identity,
                 atomic_load(had->word));
}

/* To another worker; but on a machine that is busy otherwise, to who knows whom. */
static void give_way(worker_t *self)
{
    if (draw(&self->random, YIELDS) == 0)
        apr_thread_yield();
}

static void keep(worker_t *self, int slot, apr_uint32_t identity, _Atomic(apr_uint32_t) *word)
{
    had_t had = {slot, identity, word};
    apr_uint32_t rounds = draw(&self->random, ROUNDS);
    atomic_store(&self->place->kept[slot], identity);
    compare(self, &had);
    for (apr_uint32_t i = 0; i < rounds; i++) {
        give_way(self);
        compare(self, &had);
    }
    if (draw(&self->random, MIXED) == 0)
        mix(self, compare, &had);
    compare(self, &had);
    atomic_store(&self->place->kept[slot], 0);
}

/* Who comes first marks it. A creator may find a mark, but none that is older. */
static void marked(worker_t *self, int slot, void *base, int created, apr_uint32_t before)
{
    _Atomic(apr_uint32_t) *word = base;
    apr_uint32_t identity = 0;
    apr_uint32_t mine = fresh(self);
    if (atomic_compare_exchange_strong(word, &identity, mine))
        identity = mine;
    if (created && identity <= before)
        violated(self, __LINE__, "a fresh object has the bytes of object %u", identity);
    keep(self, slot, identity, word);
}

static void excluded(worker_t *self, int slot, ist_mutex_t *mutex)
{
    HERE(self);
    apr_status_t status = ist_mutex_lock(mutex);
    if (!IST_LOCKED(status)) {
        violated(self, __LINE__, "lock: %d", status);
        return;
    }
    apr_uint32_t mine = mark_of(self);
    apr_uint32_t was = atomic_exchange(&self->board->inside[slot], mine);
    if (was != 0 && mark_lives(self->board, was))
        violated(self, __LINE__, "worker %u is inside too", mark_number(was));
    for (apr_uint32_t i = draw(&self->random, ROUNDS); i > 0; i--)
        give_way(self);
    if (draw(&self->random, MIXED) == 0)
        mix(self, NULL, NULL);
    was = mine;
    if (!atomic_compare_exchange_strong(&self->board->inside[slot], &was, 0))
        violated(self, __LINE__, "somebody came inside");
    status = ist_mutex_unlock(mutex);
    if (status != APR_SUCCESS)
        violated(self, __LINE__, "unlock: %d", status);
}

static apr_status_t try_segment(worker_t *self, int slot, const char *name, apr_uint32_t flags)
{
    ist_shm_t *shm;
    apr_uint32_t before = atomic_load(&self->board->identities);
    apr_uint32_t all = slot % KINDS == SHARED ? IST_GLOBAL : 0;
    apr_status_t status =
        ist_shm_open(&shm, name, SIZE, flags | all, all != 0 ? FOR_ALL : 0, self->pool);
    if (status == APR_SUCCESS)
        marked(self, slot, ist_shm_base(shm), ist_shm_created(shm), before);
    return status;
}

static apr_status_t try_region(worker_t *self, int slot, const char *name, apr_uint32_t flags)
{
    ist_region_t *region;
    apr_uint32_t before = atomic_load(&self->board->identities);
    apr_status_t status = ist_region_open(&region, name, SIZE, flags, 0, self->pool);
    if (status == APR_SUCCESS)
        marked(self, slot, ist_region_base(region), ist_region_created(region), before);
    return status;
}

static apr_status_t try_semaphore(worker_t *self, int slot, const char *name, apr_uint32_t flags)
{
    ist_semaphore_t *semaphore;
    apr_status_t status =
        ist_semaphore_open(&semaphore, name, 0, fresh(self), flags, 0, self->pool);
    if (status == APR_SUCCESS)
        keep(self, slot, ist_semaphore_maximum(semaphore), NULL);
    return status;
}

static apr_status_t try_mutex(worker_t *self, int slot, const char *name, apr_uint32_t flags)
{
    ist_mutex_t *mutex;
    apr_status_t status = ist_mutex_open(&mutex, name, flags, 0, self->pool);
    if (status == APR_SUCCESS)
        excluded(self, slot, mutex);
    return status;
}

int lifetime_cycle(worker_t *self)
{
    static apr_status_t (*const kinds[KINDS])(worker_t *, int, const char *, apr_uint32_t) = {
        try_segment, try_region, try_semaphore, try_mutex, try_segment};
    apr_uint32_t team = self->number % LIFETIME_TEAMS;
    int kind = (int)(atomic_load(&self->board->phase) % KINDS);
    int only = draw(&self->random, 2) == 0;
    HERE(self);
    apr_status_t status = kinds[kind](self, slot_of(kind, team), name_of(self, team),
                                      only ? IST_CREATE_ONLY : IST_CREATE);
    if (status != APR_SUCCESS && !(only && status == APR_EEXIST))
        violated(self, __LINE__, "open of kind %d%s: %d", kind, only ? " to create only" : "",
                 (int)status);
    HERE(self);
    return status == APR_SUCCESS;
}

/* Another user, who may only read: what it holds lives like all else. */
int lifetime_read(worker_t *self)
{
    ist_shm_t *shm;
    apr_uint32_t team = draw(&self->random, LIFETIME_TEAMS);
    HERE(self);
    if (atomic_load(&self->board->phase) % KINDS != SHARED) {
        apr_sleep(2000); /* not now: another kind's turn */
        return 0;
    }
    apr_status_t status =
        ist_shm_open(&shm, name_of(self, team), 0, IST_GLOBAL | IST_READ_ONLY, 0, self->pool);
    if (status == APR_ENOENT) {
        apr_sleep(200); /* leave the processor to those who may create */
        return 0;
    }
    if (status != APR_SUCCESS) {
        violated(self, __LINE__, "open to read: %d", (int)status);
        return 0;
    }
    _Atomic(apr_uint32_t) *word = ist_shm_base(shm);
    apr_uint32_t identity = atomic_load(word);
    if (identity != 0)
        keep(self, slot_of(SHARED, team), identity, word);
    atomic_fetch_add(&self->board->reads, 1);
    return 1;
}
