/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For scripts/count-calls, which counts the system calls that this makes: one kind of
 * operation, so many times.
 *
 *   calls WHAT ROUNDS NAME
 */
#include <isthmus.h>

#include <apr_general.h>
#include <apr_strings.h>
#include <apr_time.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BATCH 16
#define SIZE  64

static apr_pool_t *pool;
static const char *name;

static void must(apr_status_t status, const char *what)
{
    char text[200];
    if (status == APR_SUCCESS)
        return;
    fprintf(stderr, "calls: %s: %s\n", what, ist_strerror(status, text, sizeof text));
    exit(1);
}

static void lock_unlock(apr_int64_t rounds)
{
    ist_mutex_t *mutex;
    must(ist_mutex_open(&mutex, name, IST_CREATE, 0, pool), "opening a mutex");
    while (rounds-- > 0) {
        must(ist_mutex_lock(mutex), "locking");
        must(ist_mutex_unlock(mutex), "unlocking");
    }
}

static void post_wait(apr_int64_t rounds)
{
    ist_semaphore_t *semaphore;
    must(ist_semaphore_open(&semaphore, name, 0, 9, IST_CREATE, 0, pool), "opening a semaphore");
    while (rounds-- > 0) {
        must(ist_semaphore_post(semaphore), "posting");
        must(ist_semaphore_wait(semaphore), "waiting");
    }
}

static ist_queue_t *side(apr_uint32_t flags)
{
    const ist_queue_geometry_t geometry = {SIZE, 1000};
    ist_queue_t *queue;
    must(ist_queue_open(&queue, name, &geometry, IST_CREATE | flags, 0, pool), "opening a queue");
    return queue;
}

/* As long as one side has just been there, the other keeps up with it. */
static void send_receive(apr_int64_t rounds, apr_uint32_t sole)
{
    char bytes[SIZE] = {0};
    apr_size_t size;
    ist_queue_t *out = side(IST_SEND | sole), *in = side(IST_RECEIVE | sole);
    while (rounds > 0) {
        for (int i = 0; i < BATCH; i++)
            must(ist_queue_send(out, bytes, sizeof bytes), "sending");
        for (int i = 0; i < BATCH; i++)
            must(ist_queue_receive(in, bytes, sizeof bytes, &size), "receiving");
        rounds -= BATCH;
    }
}

static void stream_out(apr_int64_t rounds)
{
    char bytes[SIZE] = {0};
    ist_queue_t *out = side(IST_SEND | IST_SOLE);
    while (rounds-- > 0)
        must(ist_queue_send(out, bytes, sizeof bytes), "sending");
    must(ist_queue_send(out, bytes, 0), "sending the end");
    /* It goes with who leaves last: stay until all is taken. */
    for (ist_queue_state_t state = {.messages = 1}; state.messages > 0; apr_sleep(1000))
        must(ist_queue_state(out, &state), "looking");
}

static void stream_in(void)
{
    char bytes[SIZE];
    apr_size_t size = 1;
    ist_queue_t *in = side(IST_RECEIVE | IST_SOLE);
    while (size > 0)
        must(ist_queue_receive(in, bytes, sizeof bytes, &size), "receiving");
}

int main(int argc, const char *const *argv)
{
    apr_int64_t rounds = argc == 4 ? apr_atoi64(argv[2]) : 0;
    if (rounds < 1 || apr_app_initialize(&argc, &argv, NULL) != APR_SUCCESS ||
        apr_pool_create(&pool, NULL) != APR_SUCCESS) {
        fprintf(stderr, "usage: calls lock|post|sole|shared|out|in ROUNDS NAME\n");
        return 2;
    }
    name = argv[3];
    if (strcmp(argv[1], "lock") == 0)
        lock_unlock(rounds);
    else if (strcmp(argv[1], "post") == 0)
        post_wait(rounds);
    else if (strcmp(argv[1], "sole") == 0)
        send_receive(rounds, IST_SOLE);
    else if (strcmp(argv[1], "shared") == 0)
        send_receive(rounds, 0);
    else if (strcmp(argv[1], "out") == 0)
        stream_out(rounds);
    else
        stream_in();
    apr_terminate();
    return 0;
}
