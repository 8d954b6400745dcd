/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tables of the program "queue", and what its cases share.
 */
#ifndef TST_QUEUE_CASES_H
#define TST_QUEUE_CASES_H

#include "pace.h"
#include "peer.h"
#include "system.h"

extern const tst_case_t queue_open_cases[];
extern const tst_case_t queue_order_cases[];
extern const tst_case_t queue_wait_cases[];
extern const tst_case_t queue_place_cases[];
extern const tst_case_t queue_death_cases[];
extern const tst_case_t queue_sole_cases[];
extern const tst_case_t queue_damage_cases[];

tst_role_fn_t queue_death_sender, queue_death_receiver, queue_order_sender;

#define BOTH (IST_SEND | IST_RECEIVE)

/* The promise is a quarter of a second on a machine with a core to spare. */
#define SOON_USEC APR_USEC_PER_SEC

/* The case's queue: made, for both sides; or one that exists, with these flags. */
ist_queue_t *queue_fresh(apr_uint32_t message_size, apr_uint32_t capacity);
ist_queue_t *queue_again(apr_uint32_t flags);
/* A child that has the case's queue open in slot 0, with these flags. */
tst_peer_t *queue_peer(apr_uint32_t flags);
/* Send one, receive one: without waiting, and its value (tst_message_value). */
apr_status_t queue_send(ist_queue_t *queue, apr_size_t size, apr_uint32_t seed);
apr_status_t queue_receive(ist_queue_t *queue, apr_int64_t *value);
/* Check that the next one is this. */
void queue_next(ist_queue_t *queue, apr_size_t size, apr_uint32_t seed);
/* Check that there is none. */
void queue_is_empty(ist_queue_t *queue);
/* Fill it up with such messages; how many there was room for. */
apr_uint32_t queue_fill(ist_queue_t *queue, apr_size_t size);
/* Until there is no room for any message at all. */
void queue_stuff(ist_queue_t *queue, apr_size_t size);
/* What killed peers left of their sides goes with the next opener (LIFE-4). */
void queue_reclaim(void);

#endif
