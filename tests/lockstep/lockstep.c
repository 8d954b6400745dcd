/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lockstep: a seed is made into a script of operations over three processes, whose
 * outcome does not depend on scheduling: one thing happens at a time, at most
 * one process waits for an object, and after a kill the system has ended the
 * process before the script goes on. Each answer is checked against what the
 * contract says (world.c), and written to a transcript, which is to be the
 * same, word for word, on every backend (scripts/lockstep).
 *
 * In the environment: LOCKSTEP_FIRST and LOCKSTEP_SEEDS, which; LOCKSTEP_FILE,
 * where the transcript goes.
 */
#include "private.h"
#include "world.h"

#include <stdio.h>
#include <stdlib.h>

#define STEPS 60 /* of a script */

static const tst_case_t lockstep_cases[];
const tst_case_t *const tst_tables[] = {lockstep_cases, NULL};
const tst_role_t tst_roles[] = {{NULL, NULL}};

static world_t world;
static tst_peer_t *peers[PEERS];
static FILE *transcript;
static apr_uint32_t state; /* of the script's own numbers: the same everywhere */
static unsigned long seed;

/* xorshift32: G. Marsaglia, "Xorshift RNGs", 2003. */
static apr_uint32_t pick(apr_uint32_t limit)
{
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return state / 7 % limit;
}

static const char *name_of(int slot)
{
    return tst_print("lockstep.%s.%lu.%d", tst_name(NULL), seed, slot / KINDS);
}

/* One answer: checked, and written down. */
static void answer(int peer, const char *command, apr_status_t got, apr_int64_t value,
                   apr_status_t want, apr_int64_t wanted)
{
    fprintf(transcript, "%lu: %d: %s = %s %s\n", seed, peer, command, tst_status_name(got),
            tst_digits(value));
    TST_SAY(got == want && value == wanted, "seed %lu: %d: %s = %s %ld, not %s %ld", seed, peer,
            command, tst_status_name(got), (long)value, tst_status_name(want), (long)wanted);
}

static tst_peer_t *peer_of(int peer)
{
    if (peers[peer] == NULL)
        peers[peer] = tst_peer_start();
    return peers[peer];
}

static void tell(int peer, const char *command, apr_status_t want, apr_int64_t wanted)
{
    apr_int64_t value = 0;
    apr_status_t got = tst_peer_ask(peer_of(peer), &value, "%s", command);
    answer(peer, command, got, value, want, wanted);
}

/* What happened to an object may let its waiter go on. */
static void wake(int slot)
{
    apr_status_t want;
    apr_int64_t wanted, value = 0;
    int peer = world_wake(&world, slot, &want, &wanted);
    if (peer < 0)
        return;
    apr_status_t got = tst_peer_end(peers[peer], &value);
    answer(peer, "goes on", got, value, want, wanted);
}

/* Begin what blocks. */
static void block(int peer, int slot, const char *command)
{
    world.object[slot].waiter = peer;
    world.waits[peer] = slot;
    tst_peer_begin(peer_of(peer), "%s", command);
    fprintf(transcript, "%lu: %d: %s\n", seed, peer, command);
    TST_SAY(tst_peer_blocked(peers[peer]) == 1, "seed %lu: %d: %s does not wait", seed, peer,
            command);
}

/* ---- operations: each on a slot of its kind, by a peer that is free ------------------ */

typedef void operation_t(int peer, int slot);

static void do_open(int peer, int slot)
{
    static const apr_uint32_t all[] = {0, IST_CREATE, IST_CREATE, IST_CREATE_ONLY};
    const object_t *object = &world.object[slot];
    apr_uint32_t flags = all[pick(4)];
    apr_uint32_t size = 0, maximum = 0;
    int created;
    if (world.open[peer][slot])
        return; /* one handle each: the first stays in its slot */
    if (pick(12) == 0)
        flags |= IST_CREATE | IST_CREATE_ONLY; /* which has no meaning */
    else if (object->kind == IST_KIND_SHM && flags == 0 && pick(2) == 0)
        flags = IST_READ_ONLY;
    if (object->kind == IST_KIND_SHM || object->kind == IST_KIND_REGION)
        size = pick(4) == 0 ? 0 : 16 + pick(3) * 5000;
    else if (object->kind == IST_KIND_SEMAPHORE)
        maximum = SEM_MAX;
    else if (object->kind == IST_KIND_QUEUE)
        size = MESSAGE, maximum = PENDING;
    apr_uint32_t extra = object->kind == IST_KIND_QUEUE ? IST_SEND | IST_RECEIVE : 0;
    apr_status_t want = world_open(&world, peer, slot, flags, size, &created);
    apr_int64_t value = 0;
    apr_status_t got =
        tst_peer_ask(peer_of(peer), &value, "open %d %c %s %u %u %u 0", slot, (char)object->kind,
                     name_of(slot), (unsigned)(flags | extra), (unsigned)size, (unsigned)maximum);
    answer(peer, tst_print("open %d flags %u size %u", slot, (unsigned)flags, (unsigned)size), got,
           value, want, created);
}

static void do_close(int peer, int slot)
{
    if (!world.was_open[peer][slot])
        return; /* its slot has no handle to close */
    apr_status_t want = world_close(&world, peer, slot);
    tell(peer, tst_print("close %d", slot), want, 0);
}

/* A pool that dies closes what is in it. (What it does to a lock that is held is
 * for the conformance suite.) */
static void do_pool(int peer, int slot)
{
    if (!world.open[peer][slot] || world.object[slot].owner == peer)
        return;
    (void)world_close(&world, peer, slot);
    world.was_open[peer][slot] = 0; /* the handle's memory is gone */
    tell(peer, tst_print("pool %d", slot), APR_SUCCESS, 0);
}

static void do_lock(int peer, int slot)
{
    static const char *const calls[][2] = {{"lock", ""},
                                           {"trylock", ""},
                                           {"timedlock", " 0"},
                                           {"timedlock", " -1"},
                                           {"timedlock", " 1000"}};
    static const apr_status_t busy[] = {0, APR_EBUSY, APR_TIMEUP, 0, APR_TIMEUP};
    apr_uint32_t call = pick(5);
    const char *command = tst_print("%s %d%s", calls[call][0], slot, calls[call][1]);
    if (!world.was_open[peer][slot])
        return;
    if (busy[call] == 0 && world_lock_blocks(&world, peer, slot)) {
        if (world.object[slot].kind == IST_KIND_MUTEX && world.object[slot].waiter < 0)
            block(peer, slot, command);
        return;
    }
    /* A waiter may be next at any time: nobody comes before it. */
    if (world.object[slot].waiter >= 0 && world.object[slot].owner != peer &&
        world.object[slot].owner < 0)
        return;
    apr_status_t want = world_lock(&world, peer, slot, busy[call]);
    tell(peer, command, want, 0);
}

static void do_unlock(int peer, int slot)
{
    if (!world.was_open[peer][slot])
        return;
    apr_status_t want = world_unlock(&world, peer, slot);
    tell(peer, tst_print("unlock %d", slot), want, 0);
    wake(slot);
}

static void do_wait(int peer, int slot)
{
    static const char *const calls[][2] = {
        {"wait", ""}, {"trywait", ""}, {"timedwait", " 0"}, {"timedwait", " 1000"}};
    static const apr_status_t none[] = {0, APR_EBUSY, APR_TIMEUP, APR_TIMEUP};
    apr_uint32_t call = pick(4);
    object_t *object = &world.object[slot];
    const char *command = tst_print("%s %d%s", calls[call][0], slot, calls[call][1]);
    if (!world.was_open[peer][slot] || object->waiter >= 0)
        return;
    if (call == 0 && world.open[peer][slot] && object->count == 0) {
        block(peer, slot, command);
        return;
    }
    apr_status_t want = world_wait(&world, peer, slot, none[call]);
    tell(peer, command, want, 0);
}

static void do_post(int peer, int slot)
{
    apr_uint32_t n = pick(SEM_MAX + 2);
    apr_int64_t before;
    if (!world.was_open[peer][slot])
        return;
    if (world.object[slot].kind == IST_KIND_REGION) {
        apr_status_t want = world_post(&world, peer, slot, 1, &before);
        tell(peer, tst_print("notify %d", slot), want, 0);
    } else {
        apr_status_t want = world_post(&world, peer, slot, n, &before);
        tell(peer, tst_print("post %d %u", slot, (unsigned)n), want, before);
    }
    wake(slot);
}

static void do_value(int peer, int slot)
{
    if (!world.open[peer][slot] || world.object[slot].kind != IST_KIND_SEMAPHORE)
        return;
    tell(peer, tst_print("value %d", slot), APR_SUCCESS, world.object[slot].count);
    tell(peer, tst_print("maximum %d", slot), APR_SUCCESS, SEM_MAX);
}

static void do_bytes(int peer, int slot)
{
    object_t *object = &world.object[slot];
    apr_uint32_t at = pick(BYTES_MAX);
    if (!world.open[peer][slot])
        return;
    tell(peer, tst_print("size %d", slot), APR_SUCCESS, object->size);
    tell(peer, tst_print("read %d %u", slot, (unsigned)at), APR_SUCCESS, object->byte[at]);
    if (world.read_only[peer][slot])
        return;
    object->byte[at] = (unsigned char)pick(256);
    tell(peer, tst_print("write %d %u %u", slot, (unsigned)at, object->byte[at]), APR_SUCCESS, 0);
}

static void do_send(int peer, int slot)
{
    static const char *const calls[][2] = {{"send", ""}, {"trysend", ""}, {"send", " 0"}};
    apr_uint32_t call = pick(3);
    apr_uint32_t size = pick(MESSAGE + 2), what = pick(256);
    if (!world.was_open[peer][slot] || world.object[slot].messages == PENDING)
        return;
    const char *command = tst_print("%s %d %u %u%s", calls[call][0], slot, (unsigned)size,
                                    (unsigned)what, calls[call][1]);
    apr_status_t want = world_send(&world, peer, slot, size, TST_MESSAGE(size, what));
    tell(peer, command, want, 0);
    wake(slot);
}

static void do_receive(int peer, int slot)
{
    static const char *const calls[][2] = {
        {"receive", ""}, {"tryreceive", ""}, {"receive", " 0"}, {"receive", " 1000"}};
    static const apr_status_t none[] = {0, APR_EBUSY, APR_TIMEUP, APR_TIMEUP};
    apr_uint32_t call = pick(4);
    apr_int64_t wanted;
    object_t *object = &world.object[slot];
    const char *command = tst_print("%s %d%s", calls[call][0], slot, calls[call][1]);
    if (!world.was_open[peer][slot] || object->waiter >= 0)
        return;
    if (call == 0 && world.open[peer][slot] && object->messages == 0) {
        block(peer, slot, command);
        return;
    }
    apr_status_t want = world_receive(&world, peer, slot, none[call], &wanted);
    tell(peer, command, want, wanted);
}

/* What each kind can do, the more frequent the more often named. */
static operation_t *const operations[KINDS][8] = {
    {do_open, do_open, do_close, do_lock, do_lock, do_lock, do_unlock, do_unlock},
    {do_open, do_open, do_close, do_wait, do_wait, do_post, do_post, do_value},
    {do_open, do_open, do_pool, do_close, do_bytes, do_bytes, do_bytes, do_bytes},
    {do_open, do_pool, do_close, do_lock, do_unlock, do_wait, do_post, do_bytes},
    {do_open, do_open, do_close, do_send, do_send, do_send, do_receive, do_receive},
};

/* ---- scripts --------------------------------------------------------------------------- */

static void do_kill(int peer)
{
    if (peers[peer] == NULL)
        return;
    const int exits = world.waits[peer] < 0 && pick(2) == 0;
    fprintf(transcript, "%lu: %d: %s\n", seed, peer, exits ? "exits" : "is killed");
    if (exits)
        tst_peer_exit(peers[peer]);
    else
        tst_peer_kill(peers[peer]);
    peers[peer] = NULL;
    world_kill(&world, peer);
    for (int slot = 0; slot < SLOTS; slot++)
        wake(slot);
}

static void step(void)
{
    int peer = (int)pick(PEERS);
    int slot = (int)pick(SLOTS);
    if (pick(60) == 0) {
        do_kill(peer);
        return;
    }
    if (world.waits[peer] < 0)
        operations[slot % KINDS][pick(8)](peer, slot);
}

/* Leave nothing behind: who waits is killed, the others give back and close. */
static void clear(void)
{
    for (int peer = 0; peer < PEERS; peer++) {
        if (world.waits[peer] >= 0)
            do_kill(peer);
    }
    for (int peer = 0; peer < PEERS; peer++) {
        for (int slot = 0; slot < SLOTS; slot++) {
            while (world.object[slot].owner == peer)
                do_unlock(peer, slot);
            if (world.open[peer][slot])
                do_close(peer, slot);
        }
    }
}

static unsigned long number(const char *name, unsigned long otherwise)
{
    const char *text = getenv(name);
    return text == NULL ? otherwise : strtoul(text, NULL, 10);
}

static void scripts(void)
{
    const char *path = getenv("LOCKSTEP_FILE");
    unsigned long first = number("LOCKSTEP_FIRST", 1);
    unsigned long seeds = number("LOCKSTEP_SEEDS", 10);
    transcript = path == NULL ? stdout : fopen(path, "wb");
    TST_MUST_TRUE(transcript != NULL);
    for (seed = first; seed < first + seeds && !tst_self.failed; seed++) {
        tst_watch_case(tst_print("seed %lu", seed));
        state = (apr_uint32_t)(seed * 2654435761u) | 1;
        world_begin(&world);
        for (int i = 0; i < STEPS && !tst_self.failed; i++)
            step();
        if (!tst_self.failed)
            clear();
        fflush(transcript);
    }
    if (path != NULL)
        fclose(transcript);
    TST_OK(ist_sweep(NULL, tst_pool()));
}

static const tst_case_t lockstep_cases[] = {
    {"GEN-1 scripts have the outcomes that the contract says", scripts},
    {NULL, NULL},
};
