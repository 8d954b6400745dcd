/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A queue's ring of any content: positions, words and messages that no queue ever
 * wrote. Whatever is called then gives a status that it may give, and touches
 * nothing outside: the ring's bytes are just as long as it says, and a message's
 * room is just as large. Either side is sole, or shared by a mutex that is free, held
 * or a dead one's.
 */
#include "fuzz.h"

#include "calls.h"

#include <stdlib.h>
#include <string.h>

#define LENGTH 4096u
#define STEPS  16
#define WORDS  48

typedef struct input_t {
    uint8_t step[STEPS];  /* calls; each is timed if its place below says so */
    uint64_t position[4]; /* tail, seen, head, space */
    uint16_t at[WORDS];   /* where words stand, in words; bit 15 is step's, bit 14 is
                             for each side: shared, and two more which mutex it has */
    uint64_t word[WORDS];
} input_t;

static isti_handle_t handle;
static isti_object_t object;
static isti_header_t slots; /* its locks and counts alone */
static sem_t bells[2];

/* The queue's object, as far as its calls see it. */
static void make_object(const input_t *input)
{
    static const fuzz_body_e bodies[] = {FUZZ_BODY_FRESH, FUZZ_BODY_ZERO, FUZZ_BODY_DEAD,
                                         FUZZ_BODY_HELD};
    memset(&object, 0, sizeof object);
    memset((void *)&slots, 0, sizeof slots);
    handle.object = &object;
    object.spec.mutexes = object.spec.semaphores = 2;
    for (int side = 0; side < 2; side++) {
        const int body =
            CALL_SPARE(input->at, 2 + 2 * side) * 2 + CALL_SPARE(input->at, 3 + 2 * side);
        fuzz_body(slots.lock[side].body, bodies[body]);
        object.owner[side].mutex = &slots.lock[side];
        handle.owner[side] = &object.owner[side];
        FUZZ_MUST(sem_init(&bells[side], 1, 0) == 0);
        object.os.parts.bell[side] = &bells[side];
    }
}

/* A queue as an open call would leave it. */
static ist_queue_t *make(const input_t *input)
{
    ist_queue_t *queue = calloc(1, sizeof *queue);
    unsigned char *bytes = aligned_alloc(128, sizeof(isti_ring_t) + LENGTH);
    FUZZ_MUST(queue != NULL && bytes != NULL);
    memset(bytes, 0, sizeof(isti_ring_t) + LENGTH);
    make_object(input);
    queue->handle = &handle;
    queue->ring = (isti_ring_t *)(void *)bytes;
    queue->bytes = bytes + sizeof(isti_ring_t);
    queue->length = LENGTH;
    queue->mask = LENGTH - 1;
    queue->most = 500;
    for (int side = 0; side < 2; side++) {
        queue->open[side] = 1;
        queue->sole[side] = queue->fast[side] = !CALL_SPARE(input->at, side);
        queue->sleepers[side] = &slots.count[side];
    }
    call_fill(queue, input->position, input->at, input->word, WORDS);
    return queue;
}

static void run(const uint8_t *data, size_t size)
{
    input_t input = {{0}, {0}, {0}, {0}};
    memcpy(&input, data, size < sizeof input ? size : sizeof input);
    fuzz_clock_start();
    ist_queue_t *queue = make(&input);
    for (int i = 0; i < STEPS; i++)
        call(queue, input.step[i], CALL_FLAG(input.at, i));
    free(queue->ring);
    free(queue);
}

/* Damage, and then mend. */
static size_t mutate(uint8_t *data, size_t size, size_t most, unsigned seed)
{
    input_t input = {{0}, {0}, {0}, {0}};
    size = LLVMFuzzerMutate(data, size, most < sizeof input ? most : sizeof input);
    if (most < sizeof input)
        return size;
    memcpy(&input, data, size < sizeof input ? size : sizeof input);
    if (fuzz_random(&seed, 8) == 0)
        input.at[fuzz_random(&seed, STEPS)] ^= 1u << (14 + fuzz_random(&seed, 2));
    call_mend(input.position, input.at, input.word, WORDS, &seed);
    memcpy(data, &input, sizeof input);
    return sizeof input;
}

const fuzz_target_t fuzz_ring = {"ring", 0, run, mutate};
