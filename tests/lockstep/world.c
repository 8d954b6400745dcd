/* SPDX-License-Identifier: Apache-2.0 */
/* What the contract says: see world.h. Each rule's promise is named beside it. */
#include "world.h"

#include <string.h>

static const ist_kind_e kinds[KINDS] = {IST_KIND_MUTEX, IST_KIND_SEMAPHORE, IST_KIND_SHM,
                                        IST_KIND_REGION, IST_KIND_QUEUE};

static void renew(object_t *object, ist_kind_e kind, apr_uint32_t size)
{
    memset(object, 0, sizeof *object);
    object->kind = kind;
    object->size = size;
    object->owner = object->waiter = -1;
}

void world_begin(world_t *world)
{
    memset(world, 0, sizeof *world);
    for (int slot = 0; slot < SLOTS; slot++)
        renew(&world->object[slot], kinds[slot % KINDS], 0);
    for (int peer = 0; peer < PEERS; peer++)
        world->waits[peer] = -1;
}

int world_exists(const world_t *world, int slot)
{
    for (int peer = 0; peer < PEERS; peer++) {
        if (world->open[peer][slot])
            return 1;
    }
    return 0;
}

static int sized(ist_kind_e kind)
{
    return kind == IST_KIND_SHM || kind == IST_KIND_REGION;
}

apr_status_t world_open(world_t *world, int peer, int slot, apr_uint32_t flags, apr_uint32_t size,
                        int *created)
{
    object_t *object = &world->object[slot];
    const int create = (flags & (IST_CREATE | IST_CREATE_ONLY)) != 0;
    *created = 0;
    if ((flags & IST_CREATE) != 0 && (flags & IST_CREATE_ONLY) != 0)
        return APR_EINVAL; /* GEN-3 */
    if (create && sized(object->kind) && size == 0)
        return APR_EINVAL; /* GEN-3 */
    if (world_exists(world, slot)) {
        if ((flags & IST_CREATE_ONLY) != 0)
            return APR_EEXIST; /* OPEN-1 */
        if (sized(object->kind) && size > object->size)
            return IST_ESIZE; /* SHM-1 */
    } else {
        if (!create)
            return APR_ENOENT;             /* OPEN-1 */
        renew(object, object->kind, size); /* LIFE-1: fresh and zeroed */
        *created = 1;
    }
    world->open[peer][slot] = world->was_open[peer][slot] = 1;
    world->read_only[peer][slot] = (flags & IST_READ_ONLY) != 0;
    return APR_SUCCESS;
}

apr_status_t world_close(world_t *world, int peer, int slot)
{
    if (!world->open[peer][slot])
        return APR_EINVAL; /* GEN-5 */
    if (world->object[slot].owner == peer)
        return APR_EBUSY; /* MTX-5: the process's last handle */
    world->open[peer][slot] = 0;
    return APR_SUCCESS;
}

int world_lock_blocks(const world_t *world, int peer, int slot)
{
    const object_t *object = &world->object[slot];
    return world->open[peer][slot] && object->owner >= 0 && object->owner != peer;
}

apr_status_t world_lock(world_t *world, int peer, int slot, apr_status_t busy)
{
    object_t *object = &world->object[slot];
    if (!world->open[peer][slot])
        return APR_EINVAL;
    if (world_lock_blocks(world, peer, slot))
        return busy; /* MTX-2 */
    if (object->owner == peer) {
        object->depth++; /* MTX-1 */
        return APR_SUCCESS;
    }
    object->owner = peer;
    object->depth = 1;
    int told = object->abandoned;
    object->abandoned = 0; /* MTX-3: exactly one is told */
    return told ? IST_ABANDONED : APR_SUCCESS;
}

apr_status_t world_unlock(world_t *world, int peer, int slot)
{
    object_t *object = &world->object[slot];
    if (!world->open[peer][slot])
        return APR_EINVAL;
    if (object->owner != peer)
        return IST_ENOTOWNER; /* MTX-1 */
    if (--object->depth == 0)
        object->owner = -1;
    return APR_SUCCESS;
}

apr_status_t world_wait(world_t *world, int peer, int slot, apr_status_t none)
{
    object_t *object = &world->object[slot];
    if (!world->open[peer][slot])
        return APR_EINVAL;
    if (object->count == 0)
        return none; /* SEM-3 */
    object->count--;
    return APR_SUCCESS;
}

apr_status_t world_post(world_t *world, int peer, int slot, apr_uint32_t n, apr_int64_t *before)
{
    object_t *object = &world->object[slot];
    apr_uint32_t maximum = object->kind == IST_KIND_SEMAPHORE ? SEM_MAX : IST_COUNT_MAX;
    *before = 0;
    if (!world->open[peer][slot] || n < 1)
        return APR_EINVAL;
    if (n > maximum || object->count > maximum - n)
        return IST_EOVERFLOW; /* SEM-2: all or nothing */
    *before = object->kind == IST_KIND_SEMAPHORE ? (apr_int64_t)object->count : 0;
    object->count += n;
    return APR_SUCCESS;
}

apr_status_t world_send(world_t *world, int peer, int slot, apr_uint32_t size, apr_int64_t value)
{
    object_t *object = &world->object[slot];
    if (!world->open[peer][slot])
        return APR_EINVAL;
    if (size > MESSAGE)
        return IST_EMSGSIZE; /* QUE-2 */
    object->message[object->messages++] = value;
    return APR_SUCCESS;
}

apr_status_t world_receive(world_t *world, int peer, int slot, apr_status_t none,
                           apr_int64_t *value)
{
    object_t *object = &world->object[slot];
    *value = 0;
    if (!world->open[peer][slot])
        return APR_EINVAL;
    if (object->messages == 0)
        return none;
    *value = object->message[0]; /* QUE-1 */
    memmove(object->message, object->message + 1,
            (apr_size_t)--object->messages * sizeof *object->message);
    return APR_SUCCESS;
}

void world_kill(world_t *world, int peer)
{
    if (world->waits[peer] >= 0)
        world->object[world->waits[peer]].waiter = -1;
    world->waits[peer] = -1;
    for (int slot = 0; slot < SLOTS; slot++) {
        object_t *object = &world->object[slot];
        world->open[peer][slot] = world->was_open[peer][slot] = 0;
        if (object->owner != peer)
            continue;
        object->owner = -1;
        object->depth = 0;
        object->abandoned = 1; /* MTX-3 */
    }
}

int world_wake(world_t *world, int slot, apr_status_t *status, apr_int64_t *value)
{
    object_t *object = &world->object[slot];
    int peer = object->waiter;
    *value = 0;
    if (peer < 0)
        return -1;
    if (object->kind == IST_KIND_MUTEX)
        *status = world_lock(world, peer, slot, APR_EBUSY);
    else if (object->kind == IST_KIND_QUEUE)
        *status = world_receive(world, peer, slot, APR_EBUSY, value);
    else
        *status = world_wait(world, peer, slot, APR_EBUSY);
    if (*status == APR_EBUSY)
        return -1;
    object->waiter = world->waits[peer] = -1;
    return peer;
}
