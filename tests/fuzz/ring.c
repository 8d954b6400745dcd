/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A queue's ring of any content: positions, words and messages that no queue ever
 * wrote. Whatever is called then gives a status that it may give, and touches
 * nothing outside: the ring's bytes are just as long as it says, and a message's
 * room is just as large.
 */
#include "fuzz.h"

#include "queue.h"

#include <stdlib.h>
#include <string.h>

#define LENGTH 4096u
#define STEPS  16
#define WORDS  48

typedef struct input_t {
    uint8_t step[STEPS];  /* which call: low bits; with which size: the others */
    uint64_t position[4]; /* tail, seen, head, space */
    uint16_t at[WORDS];   /* where words stand, in words */
    uint64_t word[WORDS];
} input_t;

/* A queue as an open call would leave it, with both sides its own. */
static ist_queue_t *make(const input_t *input)
{
    static isti_handle_t handle;
    static isti_object_t object;
    static isti_count_slot_t sleepers[2];
    ist_queue_t *queue = calloc(1, sizeof *queue);
    unsigned char *bytes = aligned_alloc(128, sizeof(isti_ring_t) + LENGTH);
    FUZZ_MUST(queue != NULL && bytes != NULL);
    memset(bytes, 0, sizeof(isti_ring_t) + LENGTH);
    handle.object = &object;
    queue->handle = &handle;
    queue->ring = (isti_ring_t *)(void *)bytes;
    queue->bytes = bytes + sizeof(isti_ring_t);
    queue->length = LENGTH;
    queue->mask = LENGTH - 1;
    queue->most = 500;
    for (int side = 0; side < 2; side++) {
        queue->open[side] = queue->sole[side] = queue->fast[side] = 1;
        queue->sleepers[side] = &sleepers[side];
    }
    atomic_store(&queue->ring->tail, input->position[0]);
    atomic_store(&queue->ring->seen, input->position[1]);
    atomic_store(&queue->ring->head, input->position[2]);
    atomic_store(&queue->ring->space, input->position[3]);
    for (int i = 0; i < WORDS; i++)
        atomic_store(isti_word(queue, (uint64_t)input->at[i] * 8), input->word[i]);
    return queue;
}

static void allowed(apr_status_t status)
{
    FUZZ_MUST(status == APR_SUCCESS || status == APR_EBUSY || status == APR_TIMEUP ||
              status == IST_ECORRUPT || status == IST_EMSGSIZE);
}

static void several(ist_queue_t *queue, char *data, size_t size, int sends)
{
    ist_message_t messages[3] = {{data, size}, {data, size / 2}, {data, size / 3}};
    apr_size_t n = 9;
    apr_status_t status = sends ? ist_queue_send_n(queue, messages, 3, &n, 0)
                                : ist_queue_receive_n(queue, messages, 3, &n, 0);
    allowed(status);
    FUZZ_MUST(n <= 3 && (n > 0) == (status == APR_SUCCESS));
}

static void in_place(ist_queue_t *queue, size_t size, int sends)
{
    void *place;
    const void *data;
    apr_size_t got;
    volatile char sum = 0;
    apr_status_t status = sends ? ist_queue_reserve(queue, size, &place, 0)
                                : ist_queue_peek(queue, &data, &got, 0);
    allowed(status);
    if (status != APR_SUCCESS)
        return;
    if (sends) {
        memset(place, 7, size);
        FUZZ_MUST(ist_queue_commit(queue, size) == APR_SUCCESS);
        return;
    }
    FUZZ_MUST(got <= queue->most);
    for (size_t i = 0; i < got; i++)
        sum = (char)(sum + ((const char *)data)[i]);
    FUZZ_MUST(ist_queue_release(queue) == APR_SUCCESS);
}

static void step(ist_queue_t *queue, uint8_t what)
{
    size_t size = (size_t)(what >> 3) * 17; /* 527 at most: too large, too */
    char *data = malloc(size + 1);
    apr_size_t got;
    ist_queue_state_t state;
    FUZZ_MUST(data != NULL);
    memset(data, 1, size + 1);
    char *room = realloc(data, size == 0 ? 1 : size); /* no byte more than is told */
    switch (what & 7) {
    case 0:
    case 1:
        allowed(ist_queue_trysend(queue, room, size));
        break;
    case 2:
    case 3:
        allowed(ist_queue_tryreceive(queue, room, size, &got));
        break;
    case 4:
    case 5:
        several(queue, room, size, (what & 1) == 0);
        break;
    case 6:
        in_place(queue, size, (what & 8) != 0);
        break;
    default:
        allowed(ist_queue_state(queue, &state));
    }
    free(room);
}

static void run(const uint8_t *data, size_t size)
{
    input_t input = {{0}, {0}, {0}, {0}};
    memcpy(&input, data, size < sizeof input ? size : sizeof input);
    ist_queue_t *queue = make(&input);
    for (int i = 0; i < STEPS; i++)
        step(queue, input.step[i]);
    free(queue->ring);
    free(queue);
}

/* Damage, and then mend: positions near one another, words that lead to words. */
static size_t mutate(uint8_t *data, size_t size, size_t most, unsigned seed)
{
    input_t input = {{0}, {0}, {0}, {0}};
    size = LLVMFuzzerMutate(data, size, most < sizeof input ? most : sizeof input);
    if (most < sizeof input)
        return size;
    memcpy(&input, data, size < sizeof input ? size : sizeof input);
    if (fuzz_random(&seed, 8) != 0) {
        for (int i = 0; i < 4; i++)
            input.position[i] &= ~(uint64_t)7;
        for (int i = 1; i < 4; i++)
            input.position[i] = input.position[0] - fuzz_random(&seed, LENGTH / 8) * 8;
    }
    uint64_t at = input.position[2];
    for (int i = 0; i < WORDS && fuzz_random(&seed, 16) != 0; i++) {
        uint64_t bytes = fuzz_random(&seed, 500);
        input.at[i] = (uint16_t)(at % LENGTH / 8);
        input.word[i] = ISTI_WORD_SENT | bytes;
        if (fuzz_random(&seed, 16) == 0)
            input.word[i] = ISTI_WORD_SENT | ISTI_WORD_SKIP;
        at += isti_record(bytes);
    }
    memcpy(data, &input, sizeof input);
    return sizeof input;
}

const fuzz_target_t fuzz_ring = {"ring", 0, run, mutate};
