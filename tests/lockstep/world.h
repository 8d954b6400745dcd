/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the contract says of a few processes and objects: the expectations that a
 * script of operations is checked against, step by step.
 */
#ifndef LOCKSTEP_WORLD_H
#define LOCKSTEP_WORLD_H

#include "peer.h"

#define PEERS 3
#define KINDS 5
#define NAMES 2
#define SLOTS (KINDS * NAMES) /* one for each object; a peer has one handle of each */

#define SEM_MAX   5  /* a semaphore's maximum */
#define MESSAGE   40 /* a queue's largest message */
#define BYTES_MAX 16 /* of data that are looked at */
#define PENDING   64 /* messages that a queue may have here */

/* An object, or none: it lives while `open` of any peer is set. */
typedef struct object_t {
    ist_kind_e kind;
    apr_uint32_t size; /* segments, regions */
    int owner;         /* a mutex's: a peer, -1 */
    int depth;
    int abandoned;      /* the next locker is told */
    int waiter;         /* a peer that waits for it, -1 */
    apr_uint32_t count; /* a semaphore's units, or a region's notifications */
    unsigned char byte[BYTES_MAX];
    int messages;
    apr_int64_t message[PENDING];
} object_t;

typedef struct world_t {
    object_t object[SLOTS];
    int open[PEERS][SLOTS];     /* the peer has a handle */
    int was_open[PEERS][SLOTS]; /* it had one: calls answer as for a closed one */
    int read_only[PEERS][SLOTS];
    int waits[PEERS]; /* for which slot; -1: it is free to be told things */
} world_t;

void world_begin(world_t *world);
int world_exists(const world_t *world, int slot);

/* What an open with these flags gives, and makes of the world; *created too. */
apr_status_t world_open(world_t *world, int peer, int slot, apr_uint32_t flags, apr_uint32_t size,
                        int *created);
apr_status_t world_close(world_t *world, int peer, int slot);

/* Whether a lock or wait would sleep; what it gives when it does not. */
int world_lock_blocks(const world_t *world, int peer, int slot);
apr_status_t world_lock(world_t *world, int peer, int slot, apr_status_t busy);
apr_status_t world_unlock(world_t *world, int peer, int slot);
apr_status_t world_wait(world_t *world, int peer, int slot, apr_status_t none);
apr_status_t world_post(world_t *world, int peer, int slot, apr_uint32_t n, apr_int64_t *before);
apr_status_t world_send(world_t *world, int peer, int slot, apr_uint32_t size, apr_int64_t value);
apr_status_t world_receive(world_t *world, int peer, int slot, apr_status_t none,
                           apr_int64_t *value);

/* The peer is dead: what it had is closed, what it owned is abandoned. */
void world_kill(world_t *world, int peer);

/* The answer of the object's waiter, if it has one that goes on now; its peer, or -1. */
int world_wake(world_t *world, int slot, apr_status_t *status, apr_int64_t *value);

#endif
