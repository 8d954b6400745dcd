/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Queues: opening and closing, and who has a side.
 *
 * A side's claim is an object of its own, of one byte when it is a process's
 * sole one, of two when it is shared: the size is there from its first instant,
 * and the object goes with its last holder. So a sole opener creates only,
 * a shared one opens or creates two bytes, and either finds out about the other.
 */
#include "queue.h"

/* How long a call that may not wait stands in line behind one that is just
 * copying a message. */
#define BRIEFLY (10 * 1000)

static const ist_kind_e claim_kind[] = {IST_KIND_SENDERS, IST_KIND_RECEIVERS};
static const apr_uint32_t side_flag[] = {IST_SEND, IST_RECEIVE};

#define CREATE_FLAGS (IST_CREATE | IST_CREATE_ONLY)

/* ---- measures ------------------------------------------------------------ */

/* Room for all messages, one more for what is skipped where the ring starts
 * again, and the word behind the last; 2^63 at most. */
static uint64_t ring_of(const ist_queue_geometry_t *geometry)
{
    uint64_t bytes =
        ((uint64_t)geometry->capacity + 1) * isti_record(geometry->message_size) + ISTI_WORD_BYTES;
    uint64_t length = ISTI_RING_MIN;
    while (length < bytes)
        length *= 2;
    return length;
}

static int valid(const ist_queue_geometry_t *geometry)
{
    return geometry != NULL && geometry->message_size >= 1 &&
           geometry->message_size <= ISTI_MESSAGE_MAX && geometry->capacity >= 1;
}

/* Point into the object, if its measures can be. */
static apr_status_t wire(ist_queue_t *queue)
{
    isti_object_t *object = queue->handle->object;
    uint64_t size = object->os.size;
    queue->most = object->count[0].maximum;
    if (size < ISTI_RING_HEADER + ISTI_RING_MIN)
        return IST_ECORRUPT;
    queue->length = size - ISTI_RING_HEADER;
    queue->mask = queue->length - 1;
    if ((queue->length & queue->mask) != 0 || queue->most > ISTI_MESSAGE_MAX ||
        2 * isti_record(queue->most) + ISTI_WORD_BYTES > queue->length)
        return IST_ECORRUPT;
    queue->ring = isti_base(queue->handle);
    queue->bytes = (unsigned char *)queue->ring + ISTI_RING_HEADER;
    for (int side = 0; side < 2; side++)
        queue->sleepers[side] = object->count[side].slot;
    return APR_SUCCESS;
}

/* ---- open and close -------------------------------------------------------- */

static apr_status_t claim(ist_queue_t *queue, int side, const isti_request_t *request)
{
    const int sole = (request->flags & IST_SOLE) != 0;
    isti_request_t asked = *request;
    asked.kind = claim_kind[side];
    asked.size = sole ? ISTI_CLAIM_SOLE : ISTI_CLAIM_SHARED;
    asked.flags = (request->flags & IST_GLOBAL) | (sole ? IST_CREATE_ONLY : IST_CREATE);
    /* That of the queue, whoever made it: whom it lets in is to meet here, too. */
    asked.access = (apr_fileperms_t)queue->handle->object->os.header->access;
    apr_status_t rv = isti_request_check(&asked) == APR_SUCCESS
                          ? isti_open(&queue->claim[side], &asked)
                          : IST_ECORRUPT;
    if (rv == APR_EEXIST || rv == IST_ESIZE)
        return APR_EBUSY;
    queue->open[side] = rv == APR_SUCCESS;
    queue->fast[side] = queue->sole[side] = rv == APR_SUCCESS && sole;
    return rv;
}

/* Claims first: who finds the queue gone finds its sides free. */
static apr_status_t let_go(ist_queue_t *queue)
{
    for (int side = 0; side < 2; side++) {
        queue->open[side] = queue->sole[side] = queue->fast[side] = 0;
        (void)isti_close(queue->claim[side]);
    }
    isti_handle_t *handle = queue->handle;
    queue->handle = NULL;
    return isti_close(handle);
}

static apr_status_t furnish(ist_queue_t *queue, const ist_queue_geometry_t *geometry,
                            const isti_request_t *request)
{
    apr_status_t rv = wire(queue);
    if (rv == APR_SUCCESS && geometry != NULL && geometry->message_size > queue->most)
        rv = IST_ESIZE;
    for (int side = 0; rv == APR_SUCCESS && side < 2; side++) {
        if ((request->flags & side_flag[side]) != 0)
            rv = claim(queue, side, request);
    }
    return rv;
}

apr_status_t ist_queue_open(ist_queue_t **queue, const char *name,
                            const ist_queue_geometry_t *geometry, apr_uint32_t flags,
                            apr_fileperms_t access, apr_pool_t *pool)
{
    isti_request_t request = {IST_KIND_QUEUE, name, 0, 0, 0, flags, access, pool};
    if (queue == NULL)
        return APR_EINVAL;
    *queue = NULL;
    if ((flags & CREATE_FLAGS) == 0)
        geometry = NULL;
    else if (!valid(geometry))
        return APR_EINVAL;
    if ((flags & (IST_SOLE | IST_SEND | IST_RECEIVE)) == IST_SOLE)
        return APR_EINVAL;
    if (geometry != NULL) {
        uint64_t size = ISTI_RING_HEADER + ring_of(geometry);
        request.size = (apr_size_t)size;
        request.maximum = geometry->message_size;
        if (request.size != size)
            return isti_name_check(name) == APR_SUCCESS ? APR_ENOMEM : isti_name_check(name);
    }
    isti_handle_t *handle;
    apr_status_t rv = isti_open(&handle, &request);
    if (rv != APR_SUCCESS)
        return rv;
    ist_queue_t *opened = apr_pcalloc(pool, sizeof *opened);
    if (opened == NULL) {
        (void)isti_close(handle);
        return APR_ENOMEM;
    }
    opened->handle = handle;
    opened->pool = pool;
    opened->forks = isti_forks;
    rv = furnish(opened, geometry, &request);
    if (rv != APR_SUCCESS) {
        (void)let_go(opened);
        return rv;
    }
    *queue = opened;
    return APR_SUCCESS;
}

static int lent(ist_queue_t *queue, int side)
{
    return atomic_load_explicit(&queue->loan[side].active, memory_order_relaxed) != 0;
}

apr_status_t ist_queue_close(ist_queue_t *queue)
{
    if (queue == NULL || queue->handle == NULL)
        return APR_EINVAL;
    if (lent(queue, ISTI_SENDING) || lent(queue, ISTI_RECEIVING))
        return APR_EBUSY;
    isti_object_t *object = queue->handle->object;
    if (object->handles == 1 && isti_object_owned(object))
        return APR_EBUSY;
    return let_go(queue);
}

int ist_queue_created(const ist_queue_t *queue)
{
    return queue != NULL && isti_created(queue->handle);
}

/* ---- sides ------------------------------------------------------------------- */

static _Atomic(uint32_t) *lent_word(const ist_queue_t *queue, int side)
{
    return side == ISTI_SENDING ? &queue->ring->lent : &queue->ring->peeked;
}

static int owns(const ist_queue_t *queue, int side)
{
    return isti_owns(queue->handle->owner[side], &isti_thread);
}

/* Who only copies a message has the side for an instant, and what a call that
 * does not wait could take must not be denied for that. */
static apr_status_t lock_within(ist_queue_t *queue, int side, apr_interval_time_t timeout)
{
    apr_status_t rv = isti_trylock(queue->handle, (uint32_t)side);
    if (rv != APR_EBUSY)
        return rv;
    if (timeout == 0) {
        if (atomic_load_explicit(lent_word(queue, side), memory_order_relaxed) != 0)
            return APR_TIMEUP;
        timeout = BRIEFLY;
    }
    return isti_timedlock(queue->handle, (uint32_t)side, timeout);
}

apr_status_t isti_side_enter(ist_queue_t *queue, int side, apr_interval_time_t timeout)
{
    if (queue == NULL || queue->handle == NULL || !queue->open[side])
        return APR_EINVAL;
    if (queue->sole[side]) {
        if (queue->forks != isti_forks)
            return IST_ENOTOWNER;
        return lent(queue, side) ? APR_EINVAL : APR_SUCCESS;
    }
    if (owns(queue, side))
        return APR_EINVAL;
    apr_status_t rv =
        timeout < 0 ? isti_lock(queue->handle, (uint32_t)side) : lock_within(queue, side, timeout);
    if (!IST_LOCKED(rv))
        return rv;
    /* A dead owner may have left it so. */
    if (atomic_load_explicit(lent_word(queue, side), memory_order_relaxed) != 0)
        atomic_store_explicit(lent_word(queue, side), 0, memory_order_relaxed);
    return APR_SUCCESS;
}

apr_status_t isti_side_resume(ist_queue_t *queue, int side)
{
    if (queue == NULL || queue->handle == NULL || !queue->open[side])
        return APR_EINVAL;
    if (queue->sole[side])
        return queue->forks == isti_forks && lent(queue, side) ? APR_SUCCESS : IST_ENOTOWNER;
    return owns(queue, side) && lent(queue, side) ? APR_SUCCESS : IST_ENOTOWNER;
}

void isti_side_lend(ist_queue_t *queue, int side, uint64_t from, uint64_t at, uint64_t bytes)
{
    isti_loan_t *loan = &queue->loan[side];
    loan->from = from;
    loan->at = at;
    loan->bytes = bytes;
    atomic_store_explicit(&loan->active, 1, memory_order_relaxed);
    queue->fast[side] = 0;
    if (!queue->sole[side])
        atomic_store_explicit(lent_word(queue, side), 1, memory_order_relaxed);
}

void isti_side_return(ist_queue_t *queue, int side)
{
    atomic_store_explicit(&queue->loan[side].active, 0, memory_order_relaxed);
    queue->fast[side] = queue->sole[side];
    if (!queue->sole[side])
        atomic_store_explicit(lent_word(queue, side), 0, memory_order_relaxed);
    isti_side_leave(queue, side);
}
