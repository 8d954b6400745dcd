/* SPDX-License-Identifier: Apache-2.0 */
/* One run: processes that pass messages through a channel, and what it took. */
#ifndef RUN_H
#define RUN_H

#include "channel.h"

/* Where the processes run: on a core each, all on one, or wherever. */
typedef enum placement_e { TWO_CORES, ONE_CORE, UNPINNED } placement_e;

typedef struct crowd_t {
    int senders;
    int receivers;
    placement_e placement;
} crowd_t;

#define CROWD_MAX   8
#define SAMPLES_MAX 100000

/* Messages a second, of n for each sender. */
double run_throughput(const channel_t *channel, const crowd_t *crowd, uint64_t n);

/* Round trips' nanoseconds, sorted. They are the next run's then. */
const uint32_t *run_round_trips(const channel_t *channel, placement_e placement, uint64_t n);

/* So many messages that they take about so long, in seconds. */
uint64_t run_calibrate(const channel_t *channel, const crowd_t *crowd, double seconds);

/* For so long: the slowest sender's messages beside the fastest's. */
double run_fairness(const channel_t *channel, const crowd_t *crowd, double seconds);

/* For so long: the share of a core that a receiver takes to whom nobody sends. */
double run_idle(const channel_t *channel, double seconds);

#endif
