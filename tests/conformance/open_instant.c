/* SPDX-License-Identifier: Apache-2.0 */
/*
 * OPEN-2: two that create one object, where one is held at the very instant at
 * which the other could come in between.
 */
#include "open_cases.h"

#define A_WHILE (100 * 1000)

typedef struct meeting_t {
    tst_peer_t *peer;
    ist_kind_e kind;
    int held; /* it came to that instant */
} meeting_t;

/* At that instant another comes. It may have to wait. */
static void another_comes(void *baton)
{
    meeting_t *meeting = baton;
    meeting->held = 1;
    tst_peer_begin(meeting->peer, "open 0 %c %s 1 1 10 0", (char)meeting->kind, tst_name(NULL));
    (void)tst_peer_answered(meeting->peer, A_WHILE);
}

/* Both have got it then, the same, and one of them has made it. */
static void open_meanwhile(const meeting_t *meeting)
{
    tst_handle_t handle;
    apr_int64_t created = -1;
    const ist_kind_e kind = meeting->kind;
    TST_MUST(tst_open_as(&handle, kind, tst_name(NULL), IST_CREATE, 1, 10, 0, tst_pool()));
    TST_MUST_TRUE(meeting->held);
    TST_MUST(tst_peer_end(meeting->peer, &created));
    TST_NUMBER(created + tst_created(&handle), 1);
    TST_OK(tst_close(&handle));
    TST_TRUE(tst_exists(kind, tst_name(NULL), 0));
    TST_OK(tst_peer_do(meeting->peer, "close 0"));
}

static void amid_the_burial(void)
{
    TST_NEED(TST_INSTANTS);
    for (int i = 0; i < TST_KINDS; i++) {
        meeting_t meeting = {tst_peer_start(), tst_kinds[i], 0};
        tst_peer_t *dead = tst_peer_start();
        TST_MUST(tst_peer_open(dead, 0, tst_kinds[i], tst_name(NULL), IST_CREATE, 1, 10, 0));
        tst_peer_kill(dead);
        tst_before_removal(another_comes, &meeting);
        open_meanwhile(&meeting);
    }
}

static void amid_the_birth(void)
{
    TST_NEED(TST_INSTANTS);
    for (int i = 0; i < TST_KINDS; i++) {
        meeting_t meeting = {tst_peer_start(), tst_kinds[i], 0};
        tst_after_naming(another_comes, &meeting);
        open_meanwhile(&meeting);
    }
}

const tst_case_t open_instant_cases[] = {
    {"OPEN-2 of two that find a dead one, one held amid, one made it anew", amid_the_burial},
    {"OPEN-2 of two that create, one held amid, one created", amid_the_birth},
    {NULL, NULL},
};
