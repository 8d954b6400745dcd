/* SPDX-License-Identifier: Apache-2.0 */
/*
 * OPEN-1 and OPEN-2: racing creators, and openers that race a closer.
 */
#include "open_cases.h"

#include <apr_thread_proc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RACERS 6

/* Pass a gate when its number comes up, and so many turns of others later. */
static void pass(const volatile unsigned char *gate, unsigned number, unsigned turns)
{
    while (*gate != (unsigned char)number)
        apr_thread_yield();
    while (turns-- > 0)
        apr_thread_yield();
}

/* A racer stands at a gate, a byte in a segment, until its number comes up,
 * and opens then. racer GATE */
int open_racer(int argc, const char *const *argv)
{
    ist_shm_t *gate;
    tst_handle_t handle;
    char kind, name[256];
    unsigned number, flags, turns;
    if (argc != 1 || ist_shm_open(&gate, argv[0], 0, 0, 0, tst_pool()) != APR_SUCCESS)
        return 2;
    volatile unsigned char *now = ist_shm_base(gate);
    tst_tell("here");
    for (const char *line; (line = tst_listen()) != NULL && strcmp(line, "leave") != 0;) {
        if (sscanf(line, "go %u %c %240s %u %u", &number, &kind, name, &flags, &turns) != 5)
            return 3;
        tst_tell("armed");
        pass(now, number, turns);
        apr_status_t status = tst_open(&handle, (ist_kind_e)kind, name, flags, tst_pool());
        tst_tell("%d %d", (int)status, status == APR_SUCCESS ? tst_created(&handle) : 0);
        if (tst_listen() == NULL) /* all have opened */
            return 4;
        if (status == APR_SUCCESS && tst_close(&handle) != APR_SUCCESS)
            return 5;
        tst_tell("closed");
    }
    return 0;
}

typedef struct race_t {
    tst_peer_t *racer[RACERS];
    volatile unsigned char *gate;
    unsigned number;
    unsigned turns; /* that the racers give away behind the gate */
} race_t;

static void line_up(race_t *race)
{
    ist_shm_t *gate;
    TST_MUST(ist_shm_open(&gate, tst_name("gate"), 1, IST_CREATE, 0, tst_pool()));
    race->gate = ist_shm_base(gate);
    race->number = race->turns = 0;
    for (int i = 0; i < RACERS; i++)
        race->racer[i] = tst_role_start("racer", tst_name("gate"), NULL);
    for (int i = 0; i < RACERS; i++)
        TST_MUST_TRUE(tst_peer_expect(race->racer[i], "here"));
}

/* One race: how many won (opened), and how many created. */
static void run(race_t *race, ist_kind_e kind, const char *name, apr_uint32_t flags,
                apr_status_t losers, int *won, int *created)
{
    *won = *created = 0;
    race->number++;
    for (int i = 0; i < RACERS; i++)
        tst_peer_say(race->racer[i], "go %u %c %s %u %u", race->number & 0xff, (char)kind, name,
                     flags, race->turns);
    for (int i = 0; i < RACERS; i++)
        TST_MUST_TRUE(tst_peer_expect(race->racer[i], "armed"));
    *race->gate = (unsigned char)race->number;
    for (int i = 0; i < RACERS; i++) {
        int status = -1, made = 0;
        const char *heard = tst_peer_hear(race->racer[i]);
        TST_MUST_TRUE(heard != NULL && sscanf(heard, "%d %d", &status, &made) == 2);
        if (status == APR_SUCCESS)
            ++*won;
        else
            TST_STATUS(status, losers);
        *created += made;
    }
    for (int i = 0; i < RACERS; i++)
        tst_peer_say(race->racer[i], "close");
    for (int i = 0; i < RACERS; i++)
        TST_MUST_TRUE(tst_peer_expect(race->racer[i], "closed"));
}

static void finish(race_t *race)
{
    for (int i = 0; i < RACERS; i++)
        tst_peer_say(race->racer[i], "leave");
    for (int i = 0; i < RACERS; i++)
        TST_NUMBER(tst_peer_wait(race->racer[i]), 0);
}

static void only_one_creates_only(void)
{
    race_t race;
    int won, created;
    line_up(&race);
    for (int i = 0; i < TST_KINDS; i++) {
        for (int n = tst_rounds(25); n > 0; n--) {
            run(&race, tst_kinds[i], tst_name(NULL), IST_CREATE_ONLY, APR_EEXIST, &won, &created);
            TST_NUMBER(won, 1);
            TST_NUMBER(created, 1);
        }
        TST_TRUE(!tst_exists(tst_kinds[i], tst_name(NULL), 0));
    }
    finish(&race);
}

static void only_one_creates(void)
{
    race_t race;
    int won, created;
    line_up(&race);
    for (int i = 0; i < TST_KINDS; i++) {
        for (int n = tst_rounds(25); n > 0; n--) {
            run(&race, tst_kinds[i], tst_name(NULL), IST_CREATE, APR_SUCCESS, &won, &created);
            TST_NUMBER(won, RACERS);
            TST_NUMBER(created, 1);
        }
    }
    finish(&race);
}

/* What the dead left is buried by one of those who find it, and by nobody else
 * who has seen it dead too: it might be the next one by then. */
static void only_one_buries(void)
{
    TST_NEED(TST_LEFTOVERS);
    race_t race;
    int won, created;
    line_up(&race);
    for (int i = 0; i < TST_KINDS; i++) {
        for (int n = tst_rounds(20); n > 0; n--) {
            tst_peer_t *peer = tst_peer_start();
            TST_MUST(tst_peer_open(peer, 0, tst_kinds[i], tst_name(NULL), IST_CREATE, 1, 10, 0));
            tst_peer_kill(peer);
            run(&race, tst_kinds[i], tst_name(NULL), IST_CREATE, APR_SUCCESS, &won, &created);
            TST_NUMBER(won, RACERS);
            TST_NUMBER(created, 1);
        }
    }
    finish(&race);
}

/* It stands at the racers' gate. */
typedef struct closer_t {
    tst_handle_t handle;
    const volatile unsigned char *gate;
    unsigned number, turns;
} closer_t;

static apr_status_t close_it(void *baton)
{
    closer_t *closer = baton;
    pass(closer->gate, closer->number, closer->turns);
    return tst_close(&closer->handle);
}

/* How many turns the closer is ahead of the racers. */
typedef struct lead_t {
    int turns, step;
    int found, missed; /* rounds in which the racers were first, the closer was */
} lead_t;

/* Who was last gets a better place the next time, and ever better places until it is
 * first: so both come first now and then, and mostly they meet. */
static void adjust(lead_t *lead, int found)
{
    const int again = found ? lead->step > 0 : lead->step < 0;
    const int step = again && abs(lead->step) < 1024 ? 2 * abs(lead->step) : 1;
    lead->step = found ? step : -step;
    lead->turns += lead->step;
    lead->found += found;
    lead->missed += !found;
}

static int meet(race_t *race, ist_kind_e kind, const lead_t *lead)
{
    int won, created;
    closer_t closer = {.gate = race->gate, .number = race->number + 1};
    closer.turns = lead->turns < 0 ? (unsigned)-lead->turns : 0;
    race->turns = lead->turns > 0 ? (unsigned)lead->turns : 0;
    TST_MUST(tst_open(&closer.handle, kind, tst_name(NULL), IST_CREATE, tst_pool()));
    tst_thread_t *thread = tst_thread_start(close_it, &closer);
    run(race, kind, tst_name(NULL), 0, APR_ENOENT, &won, &created);
    TST_OK(tst_thread_join(thread));
    TST_NUMBER(created, 0);
    TST_SAY(won == 0 || won == RACERS, "%d of %d found it", won, RACERS);
    return won != 0;
}

/* Openers of what is just being closed find it, or not; nothing else. Who finds it keeps
 * it for the others: all do, or none does. */
static void openers_meet_closers(void)
{
    race_t race;
    lead_t lead = {0, 0, 0, 0};
    const int rounds = TST_KINDS * tst_rounds(20);
    line_up(&race);
    for (int i = 0; i < TST_KINDS; i++) {
        for (int n = rounds / TST_KINDS; n > 0; n--)
            adjust(&lead, meet(&race, tst_kinds[i], &lead));
        TST_TRUE(!tst_exists(tst_kinds[i], tst_name(NULL), 0));
    }
    finish(&race);
    TST_SAY(lead.found > rounds / 10 && lead.missed > rounds / 10,
            "of %d rounds the openers were first in %d", rounds, lead.found);
}

const tst_case_t open_races_cases[] = {
    {"OPEN-1 of many that create only, one wins", only_one_creates_only},
    {"OPEN-2 of many that create, one created", only_one_creates},
    {"OPEN-2 of many that find a dead one, one made it anew", only_one_buries},
    {"OPEN-1 openers race a closer", openers_meet_closers},
    {NULL, NULL},
};
