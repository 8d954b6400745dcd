/* SPDX-License-Identifier: Apache-2.0 */
/* Which channels this program has: configure looked for the peers' packages. */
#include "channel.h"

const channel_t *const channels[] = {
    &bare_batched,      &bare_inband,        &bare_in_place,    &ours_sole,
    &ours_sole_batched, &ours_sole_in_place, &ours_shared,      &ours_shared_batched,
#ifdef BENCH_BOOST
    &peer_boost,
#endif
#ifdef BENCH_QB
    &peer_qb,
#endif
#ifdef BENCH_ZMQ
    &peer_zmq,
#endif
    &system_mq,         &system_pipe,        &system_seqpacket, NULL,
};

const char *const left_out[] = {
#ifndef BENCH_BOOST
    "Boost message_queue (libboost-dev)",
#endif
#ifndef BENCH_QB
    "libqb (libqb-dev)",
#endif
#ifndef BENCH_ZMQ
    "ZeroMQ ipc (libzmq3-dev)",
#endif
    NULL,
};
