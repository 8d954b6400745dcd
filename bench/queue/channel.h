/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is measured: ways for messages to pass from one process to another, each
 * behind the same few calls. Each loops by itself, so that none pays for a
 * call that another doesn't make (loops.h).
 *
 * A channel has two ways: way 0 from end 0 to end 1, and way 1 back, for round
 * trips. The driver creates it, and forks the processes, which open their end.
 */
#ifndef CHANNEL_H
#define CHANNEL_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct measures_t {
    size_t size;        /* of each message */
    uint32_t capacity;  /* messages, about */
    const char *prefix; /* of names, this run's own */
} measures_t;

typedef struct channel_t {
    const char *name;
    size_t largest; /* message that it can pass; 0: any */
    int many;       /* it can have many senders and receivers */
    void (*create)(const measures_t *measures);
    void (*open)(int end);                  /* in a process of its own */
    void (*produce)(uint64_t n);            /* way 0, end 0 */
    void (*consume)(uint64_t n);            /* way 0, end 1 */
    void (*ping)(uint64_t n, uint32_t *ns); /* end 0: each round trip's nanoseconds */
    void (*pong)(uint64_t n);               /* end 1 */
    void (*destroy)(void);                  /* the driver, after the processes ended */
} channel_t;

/* All that were built in, ended by NULL: channels.c. */
extern const channel_t *const channels[];
/* What was left out, for want of its package: "name (package)", ended by NULL. */
extern const char *const left_out[];

extern const channel_t bare_batched, bare_inband, bare_in_place;
extern const channel_t ours_sole, ours_sole_batched, ours_sole_in_place;
extern const channel_t ours_shared, ours_shared_batched;
extern const channel_t system_pipe, system_seqpacket, system_mq;
extern const channel_t peer_boost, peer_qb, peer_zmq;

/* Messages in a batch. */
#define BATCH 16

/* What the processes share of the run: set by create() of every channel. */
extern measures_t measures;
extern unsigned char *buffer; /* BATCH messages long */

uint64_t bench_now(void);
void bench_must(int good, const char *what);

#ifdef __cplusplus
}
#endif

#endif
