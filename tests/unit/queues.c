/* SPDX-License-Identifier: Apache-2.0 */
/* Open, use, close: queues from beginning to end. */
#include "scenarios.h"
#include "steps.h"

#include <string.h>

#define EACH 16 /* bytes of a message */

static const ist_queue_geometry_t geometry = {EACH, 4};

/* The next message there is this one. */
static apr_status_t expect(ist_queue_t *queue, const char *text)
{
    char got[EACH];
    apr_size_t size;
    STEP(ist_queue_tryreceive(queue, got, sizeof got, &size));
    MUST_BE(size == strlen(text) && memcmp(got, text, size) == 0);
    return APR_SUCCESS;
}

static apr_status_t one_by_one(ist_queue_t *out, ist_queue_t *in)
{
    char got[EACH];
    apr_size_t size;
    STEP(ist_queue_send(out, "one", 3));
    STEP(ist_queue_trysend(out, "", 0));
    STEP(ist_queue_timedsend(out, "three", 5, 1000));
    STEP_IS(ist_queue_send(out, got, EACH + 1), IST_EMSGSIZE);
    STEP(ist_queue_receive(in, got, sizeof got, &size));
    MUST_BE(size == 3 && memcmp(got, "one", 3) == 0);
    STEP(ist_queue_timedreceive(in, got, sizeof got, &size, 1000));
    MUST_BE(size == 0);
    STEP_IS(ist_queue_tryreceive(in, got, 4, &size), IST_EMSGSIZE);
    MUST_BE(size == 5);
    STEP(expect(in, "three"));
    STEP_IS(ist_queue_tryreceive(in, got, sizeof got, &size), APR_EBUSY);
    STEP_IS(ist_queue_timedreceive(in, got, sizeof got, &size, 250000), APR_TIMEUP);
    return APR_SUCCESS;
}

static apr_status_t in_place(ist_queue_t *out, ist_queue_t *in)
{
    void *room;
    const void *there;
    apr_size_t size;
    STEP(ist_queue_reserve(out, EACH, &room, 1000));
    STEP(ist_queue_cancel(out));
    STEP(ist_queue_reserve(out, EACH, &room, IST_FOREVER));
    memcpy(room, "four", 4);
    STEP_IS(ist_queue_close(out), APR_EBUSY);
    STEP_IS(ist_queue_commit(out, EACH + 1), IST_EMSGSIZE);
    STEP(ist_queue_commit(out, 4));
    STEP(ist_queue_peek(in, &there, &size, 0));
    STEP(ist_queue_putback(in));
    STEP(ist_queue_peek(in, &there, &size, IST_FOREVER));
    MUST_BE(size == 4 && memcmp(there, "four", 4) == 0);
    STEP(ist_queue_release(in));
    STEP_IS(ist_queue_release(in), IST_ENOTOWNER);
    STEP_IS(ist_queue_peek(in, &there, &size, 0), APR_TIMEUP);
    return APR_SUCCESS;
}

static apr_status_t in_batches(ist_queue_t *out, ist_queue_t *in)
{
    char room[3][EACH];
    char five[] = "five", six[] = "six";
    const ist_message_t sent[] = {{five, 4}, {six, 3}};
    ist_message_t got[3];
    apr_size_t n;
    for (int i = 0; i < 3; i++)
        got[i] = (ist_message_t){room[i], EACH};
    STEP(ist_queue_send_n(out, sent, 2, &n, 1000));
    MUST_BE(n == 2);
    STEP(ist_queue_receive_n(in, got, 3, &n, IST_FOREVER));
    MUST_BE(n == 2 && got[1].size == 3 && memcmp(got[1].data, "six", 3) == 0);
    STEP_IS(ist_queue_receive_n(in, got, 3, &n, 120000), APR_TIMEUP);
    return APR_SUCCESS;
}

/* Fill it, wait for room in vain, and empty it. */
static apr_status_t to_the_brim(ist_queue_t *out, ist_queue_t *in)
{
    ist_queue_state_t state;
    apr_uint64_t n = 0;
    apr_status_t rv;
    while ((rv = ist_queue_trysend(out, "a message of 16.", EACH)) == APR_SUCCESS)
        n++;
    STEP_IS(rv, APR_EBUSY);
    MUST_BE(n >= geometry.capacity);
    STEP_IS(ist_queue_timedsend(out, "a message of 16.", EACH, 150000), APR_TIMEUP);
    STEP(ist_queue_state(in, &state));
    MUST_BE(state.messages == n);
    while (n-- > 0)
        STEP(expect(in, "a message of 16."));
    return APR_SUCCESS;
}

static apr_status_t use_queue(ist_queue_t *queue[2], apr_uint32_t sole, apr_pool_t *pool)
{
    STEP(ist_queue_open(&queue[0], "n", &geometry, IST_CREATE | IST_SEND | sole, 0, pool));
    STEP(ist_queue_open(&queue[1], "n", NULL, IST_RECEIVE | sole, 0, pool));
    MUST_BE(ist_queue_created(queue[0]) && !ist_queue_created(queue[1]));
    for (int round = sole ? 0 : 1; round < 2; round++) {
        STEP(one_by_one(queue[0], queue[1]));
        STEP(in_place(queue[0], queue[1]));
        STEP(in_batches(queue[0], queue[1]));
        STEP(to_the_brim(queue[0], queue[1]));
    }
    return APR_SUCCESS;
}

apr_status_t scenario_queue(apr_pool_t *pool)
{
    ist_queue_t *queue[2];
    STEP(use_queue(queue, 0, pool));
    STEP(ist_queue_close(queue[0]));
    STEP(ist_queue_close(queue[1]));
    return APR_SUCCESS;
}

apr_status_t scenario_queue_pool(apr_pool_t *pool)
{
    ist_queue_t *queue[2];
    return use_queue(queue, 0, pool);
}

apr_status_t scenario_queue_sole(apr_pool_t *pool)
{
    ist_queue_t *queue[2], *other;
    STEP(use_queue(queue, IST_SOLE, pool));
    STEP_IS(ist_queue_open(&other, "n", NULL, IST_SEND, 0, pool), APR_EBUSY);
    STEP_IS(ist_queue_open(&other, "n", NULL, IST_RECEIVE | IST_SOLE, 0, pool), APR_EBUSY);
    STEP(ist_queue_close(queue[1]));
    STEP(ist_queue_close(queue[0]));
    return APR_SUCCESS;
}

static int64_t sent_at;

/* Somebody sends from the second sleep on, through a handle of their own. */
static void send_late(void *baton)
{
    if (fake.sleeps >= 2 && ist_queue_trysend(baton, "late", 4) == APR_SUCCESS) {
        fake.meanwhile = NULL;
        sent_at = unit_now();
    }
}

apr_status_t scenario_queue_asleep(apr_pool_t *pool)
{
    ist_queue_t *queue;
    char got[EACH];
    apr_size_t size;
    STEP(ist_queue_open(&queue, "n", &geometry, IST_CREATE | IST_SEND | IST_RECEIVE, 0, pool));
    fake.sleeps = 0;
    fake.meanwhile = send_late;
    fake.baton = queue;
    STEP(ist_queue_receive(queue, got, sizeof got, &size));
    MUST_BE(size == 4 && memcmp(got, "late", 4) == 0);
    /* By the ring, and not because its slice had ended: unless that is what failed. */
    MUST_BE(unit_now() - sent_at < UNIT_MS || fake.failed != FAKE_NONE);
    STEP_IS(ist_queue_tryreceive(queue, got, sizeof got, &size), APR_EBUSY);
    STEP(ist_queue_close(queue));
    return APR_SUCCESS;
}
