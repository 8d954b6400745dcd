/* SPDX-License-Identifier: Apache-2.0 */
/*
 * OPEN-2: two openers of what a dead process left, where one is held at the
 * very instant at which the other could come in between.
 */
#include "open_cases.h"

#define A_WHILE (100 * 1000)

typedef struct meeting_t {
    tst_peer_t *peer;
    ist_kind_e kind;
    int held; /* it came to that instant */
} meeting_t;

/* Just before the leftovers are removed another comes. It may have to wait. */
static void another_comes(void *baton)
{
    meeting_t *meeting = baton;
    meeting->held = 1;
    tst_peer_begin(meeting->peer, "open 0 %c %s 1 1 10 0", (char)meeting->kind, tst_name(NULL));
    (void)tst_peer_answered(meeting->peer, A_WHILE);
}

static void amid_the_burial(void)
{
    TST_NEED(TST_INSTANTS);
    for (int i = 0; i < 4; i++) {
        tst_handle_t handle;
        apr_int64_t created = -1;
        meeting_t meeting = {tst_peer_start(), tst_kinds[i], 0};
        tst_peer_t *dead = tst_peer_start();
        TST_MUST(tst_peer_open(dead, 0, tst_kinds[i], tst_name(NULL), IST_CREATE, 1, 10, 0));
        tst_peer_kill(dead);
        tst_before_removal(another_comes, &meeting);
        TST_MUST(tst_open_as(&handle, tst_kinds[i], tst_name(NULL), IST_CREATE, 1, 10, 0,
                             tst_pool()));
        TST_MUST_TRUE(meeting.held);
        TST_MUST(tst_peer_end(meeting.peer, &created));
        TST_NUMBER(created + tst_created(&handle), 1);
        TST_OK(tst_close(&handle));
        TST_TRUE(tst_exists(tst_kinds[i], tst_name(NULL), 0));
        TST_OK(tst_peer_do(meeting.peer, "close 0"));
    }
}

const tst_case_t open_instant_cases[] = {
    {"OPEN-2 of two that find a dead one, one held amid, one made it anew", amid_the_burial},
    {NULL, NULL},
};
