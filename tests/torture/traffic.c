/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Messages while senders and the receiver are killed. Two workers send numbered
 * messages, each life of a worker a stream of its own; the third receives, in
 * place. The board knows what was sent for sure, and what was released for sure.
 *
 * A stream comes in order, without a gap, up to what was sent for sure at least;
 * a message comes twice only when its receiver may have died before it noted the
 * release. In `sole` every endpoint is the sole one of its side (one sender
 * then; the other worker looks and sweeps).
 */
#include "torture.h"

#include <string.h>

#define MESSAGES 300 /* in a cycle: an endpoint is opened anew then */
#define WAIT     (2 * APR_USEC_PER_SEC)

typedef struct message_t {
    apr_uint32_t sender;
    apr_uint32_t life;
    apr_uint32_t number;
    unsigned char filler[120];
} message_t;

static const ist_queue_geometry_t geometry = {sizeof(message_t), 50};

static apr_uint64_t packed(apr_uint32_t life, apr_uint32_t number)
{
    return (apr_uint64_t)life << 32 | number;
}

static apr_status_t open_queue(ist_queue_t **queue, const char *prefix, const char *what,
                               apr_uint32_t flags, apr_pool_t *pool)
{
    return ist_queue_open(queue, apr_pstrcat(pool, prefix, what, NULL), &geometry,
                          IST_CREATE | flags, 0, pool);
}

/* The driver holds the queue, so that it outlives all workers. */
apr_status_t traffic_hold(board_t *board, const char *prefix, apr_pool_t *pool)
{
    (void)board;
    ist_queue_t *queue;
    return open_queue(&queue, prefix, ".queue", 0, pool);
}

static int send_some(worker_t *self, apr_uint32_t sole)
{
    ist_queue_t *queue;
    traffic_t *traffic = &self->board->traffic[self->number];
    message_t message = {self->number, atomic_load(&self->place->life), 0, {0}};
    apr_status_t status = open_queue(&queue, self->prefix, ".queue", IST_SEND | sole, self->pool);
    if (status != APR_SUCCESS) {
        violated(self, __LINE__, "opening to send: %d", (int)status);
        return 0;
    }
    apr_uint64_t sent = atomic_load(&traffic->sent[message.life / 2 % STREAMS]);
    if (sent >> 32 == message.life)
        message.number = (apr_uint32_t)sent;
    for (int i = 0; i < MESSAGES && !atomic_load(&self->board->stop); i++) {
        apr_size_t size = sizeof message - draw(&self->random, sizeof message.filler);
        message.number++;
        HERE(self);
        status = ist_queue_timedsend(queue, &message, size, WAIT);
        if (status == APR_TIMEUP && !atomic_load(&self->board->stop)) {
            message.number--; /* the receiver may just be dead */
            continue;
        }
        if (status != APR_SUCCESS)
            break;
        atomic_store(&traffic->sent[message.life / 2 % STREAMS],
                     packed(message.life, message.number));
    }
    if (status != APR_SUCCESS && status != APR_TIMEUP)
        violated(self, __LINE__, "sending: %d", (int)status);
    if (sole == 0)
        mix(self, NULL, NULL); /* a child keeps its parent's side open: not so a sole one's */
    (void)ist_queue_close(queue);
    return 1;
}

/* Whether this message may come now; and note it. */
static void judge(worker_t *self, const message_t *message)
{
    traffic_t *traffic = &self->board->traffic[message->sender % WORKERS_MAX];
    apr_uint64_t last = atomic_load(&traffic->received);
    apr_uint32_t life = (apr_uint32_t)(last >> 32), number = (apr_uint32_t)last;
    if (message->life == life) {
        /* The one that the last receiver may have released unnoted comes no more, or again. */
        if (message->number != number + 1 && message->number != number)
            violated(self, __LINE__, "sender %u, life %u: %u behind %u", message->sender, life,
                     message->number, number);
    } else {
        apr_uint64_t sent = atomic_load(&traffic->sent[life / 2 % STREAMS]);
        if (message->life < life || message->number != 1)
            violated(self, __LINE__, "sender %u: %u of life %u behind %u of life %u",
                     message->sender, message->number, message->life, number, life);
        /* One death between a release and its note may hide one message. */
        if (sent >> 32 == life && number + 1 < (apr_uint32_t)sent)
            violated(self, __LINE__, "sender %u, life %u: sent %u, came %u", message->sender, life,
                     (apr_uint32_t)sent, number);
    }
    atomic_store(&traffic->received, packed(message->life, message->number));
}

static int receive_some(worker_t *self, apr_uint32_t sole)
{
    ist_queue_t *queue;
    const void *data;
    apr_size_t size;
    apr_status_t status =
        open_queue(&queue, self->prefix, ".queue", IST_RECEIVE | sole, self->pool);
    if (status != APR_SUCCESS) {
        violated(self, __LINE__, "opening to receive: %d", (int)status);
        return 0;
    }
    for (int i = 0; i < MESSAGES && !atomic_load(&self->board->stop); i++) {
        HERE(self);
        status = ist_queue_peek(queue, &data, &size, WAIT / 10);
        if (status != APR_SUCCESS)
            break;
        if (size < sizeof(message_t) - sizeof((message_t *)0)->filler)
            violated(self, __LINE__, "a message of %d bytes", (int)size);
        else
            judge(self, data);
        status = ist_queue_release(queue);
        if (status != APR_SUCCESS)
            break;
    }
    if (status != APR_SUCCESS && status != APR_TIMEUP)
        violated(self, __LINE__, "receiving: %d", (int)status);
    if (sole == 0)
        mix(self, NULL, NULL);
    (void)ist_queue_close(queue);
    return 1;
}

/* Who only looks disturbs nobody. */
static int look(worker_t *self)
{
    ist_queue_t *queue;
    ist_queue_state_t state;
    HERE(self);
    apr_status_t status = open_queue(&queue, self->prefix, ".queue", 0, self->pool);
    if (status == APR_SUCCESS)
        status = ist_queue_state(queue, &state);
    if (status == APR_SUCCESS)
        status = ist_sweep(NULL, self->pool);
    if (status != APR_SUCCESS)
        violated(self, __LINE__, "looking: %d", (int)status);
    mix(self, NULL, NULL);
    if (status == APR_SUCCESS)
        (void)ist_queue_close(queue);
    return 1;
}

int queue_cycle(worker_t *self)
{
    return self->number == 2 ? receive_some(self, 0) : send_some(self, 0);
}

int sole_cycle(worker_t *self)
{
    if (self->number == 1)
        return look(self);
    return self->number == 2 ? receive_some(self, IST_SOLE) : send_some(self, IST_SOLE);
}
