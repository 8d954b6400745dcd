/* SPDX-License-Identifier: Apache-2.0 */
/*
 * LIFE-1, OPEN-3, SHM-2: one name never means two live objects, however its
 * holders die. Each object has an identity: a word in its data, or a
 * semaphore's maximum. Who has one open says so on the board, then looks
 * whether somebody who is surely alive has another of the same name open.
 * A mutex has no room for an identity: there two would be inside at once.
 */
#include "torture.h"

#include <apr_strings.h>

static apr_uint32_t fresh(worker_t *self)
{
    return atomic_fetch_add(&self->board->identities, 1) % IST_COUNT_MAX + 1;
}

/* The life is read on both sides of what it vouches for. */
static void compare(worker_t *self, int slot, apr_uint32_t mine)
{
    for (int i = 0; i < WORKERS_MAX; i++) {
        place_t *other = &self->board->place[i];
        apr_uint32_t life = atomic_load(&other->life);
        apr_uint32_t kept = atomic_load(&other->kept[slot]);
        if (other != self->place && kept != 0 && kept != mine && life % 2 == 0 &&
            atomic_load(&other->life) == life)
            violated(self, __LINE__, "worker %d has object %u open, this one %u", i, kept, mine);
    }
}

static void keep(worker_t *self, int slot, apr_uint32_t identity)
{
    atomic_store(&self->place->kept[slot], identity);
    compare(self, slot, identity);
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
    keep(self, slot, identity);
}

static void excluded(worker_t *self, int slot, ist_mutex_t *mutex)
{
    HERE(self);
    apr_status_t status = ist_mutex_lock(mutex);
    if (!IST_LOCKED(status)) {
        violated(self, __LINE__, "lock: %d", status);
        return;
    }
    apr_uint32_t life = atomic_load(&self->place->life) & ~1u;
    apr_uint32_t mine = life * WORKERS_MAX + self->number + 1;
    apr_uint32_t was = atomic_exchange(&self->board->inside[slot], mine);
    if (was != 0) {
        place_t *other = &self->board->place[(was - 1) % WORKERS_MAX];
        if (atomic_load(&other->life) == (was - 1) / WORKERS_MAX)
            violated(self, __LINE__, "worker %u is inside too", (was - 1) % WORKERS_MAX);
    }
    atomic_compare_exchange_strong(&self->board->inside[slot], &mine, 0);
    status = ist_mutex_unlock(mutex);
    if (status != APR_SUCCESS)
        violated(self, __LINE__, "unlock: %d", status);
}

void lifetime_cycle(worker_t *self)
{
    int slot = (int)draw(&self->random, NAMES);
    const char *name = apr_psprintf(self->pool, "%s.%d", self->prefix, slot / 4);
    apr_uint32_t before = atomic_load(&self->board->identities);
    apr_status_t status;
    ist_shm_t *shm;
    ist_region_t *region;
    ist_semaphore_t *semaphore;
    ist_mutex_t *mutex;
    HERE(self);
    switch (slot % 4) {
    case 0:
        status = ist_shm_open(&shm, name, 100, IST_CREATE, 0, self->pool);
        if (status == APR_SUCCESS)
            marked(self, slot, ist_shm_base(shm), ist_shm_created(shm), before);
        break;
    case 1:
        status = ist_region_open(&region, name, 100, IST_CREATE, 0, self->pool);
        if (status == APR_SUCCESS)
            marked(self, slot, ist_region_base(region), ist_region_created(region), before);
        break;
    case 2:
        status = ist_semaphore_open(&semaphore, name, 0, fresh(self), IST_CREATE, 0, self->pool);
        if (status == APR_SUCCESS)
            keep(self, slot, ist_semaphore_maximum(semaphore));
        break;
    default:
        status = ist_mutex_open(&mutex, name, IST_CREATE, 0, self->pool);
        if (status == APR_SUCCESS)
            excluded(self, slot, mutex);
        break;
    }
    if (status != APR_SUCCESS)
        violated(self, __LINE__, "open of kind %d: %d", slot % 4, status);
    HERE(self);
}
