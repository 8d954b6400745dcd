/* SPDX-License-Identifier: Apache-2.0 */
/*
 * LIFE-1: the last holder closes, or dies, and the name is free.
 */
#include "life_cases.h"

/* What is in them must not be there the next time. */
static void soil(tst_peer_t *peer)
{
    TST_OK(tst_peer_do(peer, "lock 0"));
    TST_OK(tst_peer_do(peer, "write 2 0 99"));
    TST_OK(tst_peer_do(peer, "lock 3"));
    TST_OK(tst_peer_do(peer, "write 3 0 98"));
    TST_OK(tst_peer_do(peer, "notify 3"));
}

static void last_close(void)
{
    tst_peer_t *peer = tst_peer_start();
    tst_handle_t handles[TST_KINDS];
    life_open_all(peer, tst_name(NULL));
    for (int i = 0; i < TST_KINDS; i++)
        TST_MUST(tst_open_as(&handles[i], tst_kinds[i], tst_name(NULL), 0, 0, 0, 0, tst_pool()));
    for (int i = 0; i < TST_KINDS; i++)
        TST_OK(tst_peer_do(peer, "close %d", i));
    life_all_there(tst_name(NULL));
    for (int i = 0; i < TST_KINDS; i++) {
        TST_OK(tst_close(&handles[i]));
        TST_TRUE(!tst_exists(tst_kinds[i], tst_name(NULL), 0));
    }
    life_all_absent(tst_name(NULL));
    life_all_fresh(tst_name(NULL));
}

/* The holder ends by this command; another end (0) is by kill. */
static void ends_by(const char *command)
{
    tst_peer_t *peer = tst_peer_start();
    life_open_all(peer, tst_name(NULL));
    soil(peer);
    if (command == NULL)
        tst_peer_kill(peer);
    else
        tst_peer_say(peer, "%s", command);
    tst_peer_wait(peer);
    life_all_absent(tst_name(NULL));
    life_all_fresh(tst_name(NULL));
}

static void by_exit(void)
{
    ends_by("exit 0");
}

static void by_kill(void)
{
    ends_by(NULL);
}

static void by_its_own_hand(void)
{
    ends_by("die");
}

static void by_abort(void)
{
    ends_by("abort");
}

static void by_crash(void)
{
    ends_by("crash");
}

static void by_exec(void)
{
    TST_NEED(TST_EXEC);
    tst_peer_t *peer = tst_peer_start();
    life_open_all(peer, tst_name(NULL));
    soil(peer);
    TST_OK(tst_peer_do(peer, "exec"));
    life_all_absent(tst_name(NULL));
    life_all_fresh(tst_name(NULL));
    TST_OK(tst_peer_do(peer, "pid")); /* the program after it runs */
}

/* The next creator is the first to look: nobody has reclaimed before it. */
static void created_at_once(void)
{
    for (int n = tst_rounds(10); n > 0; n--) {
        tst_peer_t *peer = tst_peer_start();
        life_open_all(peer, tst_name(NULL));
        soil(peer);
        tst_peer_kill(peer);
        life_all_fresh(tst_name(NULL));
    }
}

/* While one of many lives, it lives. */
static void one_after_another(void)
{
    tst_peer_t *peers[4];
    for (int p = 0; p < 4; p++) {
        peers[p] = tst_peer_start();
        life_open_all(peers[p], tst_name(NULL));
    }
    TST_OK(tst_peer_do(peers[0], "write 2 0 55"));
    tst_peer_kill(peers[0]);
    life_all_there(tst_name(NULL));
    tst_peer_exit(peers[1]);
    life_all_there(tst_name(NULL));
    for (int i = 0; i < TST_KINDS; i++)
        TST_OK(tst_peer_do(peers[2], "close %d", i));
    life_all_there(tst_name(NULL));
    apr_int64_t byte = 0;
    TST_OK(tst_peer_ask(peers[3], &byte, "read 2 0"));
    TST_NUMBER(byte, 55);
    tst_peer_kill(peers[3]);
    life_all_absent(tst_name(NULL));
    life_all_fresh(tst_name(NULL));
}

/* Somebody who opens when the first is gone keeps it for those who come. */
static void handed_on(void)
{
    tst_peer_t *before = NULL;
    apr_int64_t byte = 0;
    for (int n = 0; n < 5; n++) {
        tst_peer_t *peer = tst_peer_start();
        TST_MUST(tst_peer_open(peer, 0, IST_KIND_SHM, tst_name(NULL), IST_CREATE, 10, 0, 0));
        if (n == 0)
            TST_OK(tst_peer_do(peer, "write 0 9 42"));
        TST_OK(tst_peer_ask(peer, &byte, "read 0 9"));
        TST_NUMBER(byte, 42);
        if (before != NULL)
            tst_peer_kill(before);
        before = peer;
    }
    tst_peer_exit(before);
}

/* A smaller and a larger one after one another: nothing of the size stays. */
static void another_size(void)
{
    const int sizes[] = {100000, 10, 5000, 1};
    for (int n = 0; n < 4; n++) {
        tst_peer_t *peer = tst_peer_start();
        apr_int64_t size = 0, zero = 0;
        TST_MUST(tst_peer_open(peer, 0, IST_KIND_SHM, tst_name(NULL), IST_CREATE, sizes[n], 0, 0));
        TST_OK(tst_peer_ask(peer, &size, "size 0"));
        TST_NUMBER(size, sizes[n]);
        TST_OK(tst_peer_ask(peer, &zero, "same 0 0 %d 0", sizes[n]));
        TST_NUMBER(zero, 1);
        TST_OK(tst_peer_do(peer, "fill 0 0 %d 255", sizes[n]));
        tst_peer_kill(peer);
    }
}

const tst_case_t life_ends_cases[] = {
    {"LIFE-1 the last close frees the name", last_close},
    {"LIFE-1 a holder's exit frees the name", by_exit},
    {"LIFE-1 a holder's kill frees the name", by_kill},
    {"LIFE-1 a holder that kills itself frees the name", by_its_own_hand},
    {"LIFE-1 a holder's abort frees the name", by_abort},
    {"LIFE-1 a holder's crash frees the name", by_crash},
    {"LIFE-1 a holder's exec frees the name", by_exec},
    {"LIFE-1 the next creator gets a fresh one at once", created_at_once},
    {"LIFE-1 it lives as long as one of many", one_after_another},
    {"LIFE-1 it is handed on from holder to holder", handed_on},
    {"LIFE-1 a fresh one may have another size", another_size},
    {NULL, NULL},
};
