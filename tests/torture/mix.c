/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is mixed into the soaks: sweeps and lists, which may take nothing from
 * anybody, and forks (GEN-8, LIFE-2): a child holds what it inherited, until it
 * closes it, exits or is killed, while its parent may die first.
 */
#include "torture.h"

#include <apr_thread_proc.h>
#include <string.h>
#include <system.h>

#define RARELY 40  /* one cycle in so many */
#define HOLDS  200 /* looks of a child that is to be killed, before it ends by itself */

typedef struct seen_t {
    worker_t *self;
    apr_uint32_t objects;
} seen_t;

static apr_status_t look_at(void *baton, const ist_info_t *info)
{
    seen_t *seen = baton;
    if (strncmp(info->name, seen->self->prefix, strlen(seen->self->prefix)) != 0)
        return APR_SUCCESS;
    seen->objects++;
    /* This process has the board open. */
    if (strcmp(info->name + strlen(seen->self->prefix), ".board") == 0 &&
        info->state != IST_STATE_LIVE)
        violated(seen->self, __LINE__, "the board is listed in state %d", (int)info->state);
    return APR_SUCCESS;
}

static void look(worker_t *self)
{
    seen_t seen = {self, 0};
    HERE(self);
    int sweep = draw(&self->random, 2) == 0;
    apr_status_t status =
        sweep ? ist_sweep(NULL, self->pool) : ist_list(look_at, &seen, self->pool);
    if (status != APR_SUCCESS)
        violated(self, __LINE__, "%s: %d", sweep ? "sweeping" : "listing", (int)status);
    atomic_fetch_add(&self->board->looks, 1);
}

/* It has no place on the board: a parent that dies leaves its own to another. */
static void be_child(worker_t *self, apr_uint32_t way, void (*check)(worker_t *, void *),
                     void *baton)
{
    place_t none = {0};
    apr_uint32_t holds = way == 0 ? HOLDS : draw(&self->random, 8);
    self->place = &none;
    for (apr_uint32_t i = 0; i < holds; i++) {
        if (check != NULL)
            check(self, baton);
        apr_thread_yield();
    }
    if (way == 1)
        apr_pool_clear(self->pool);
    tst_sys_exit_now(0);
}

static void split(worker_t *self, void (*check)(worker_t *, void *), void *baton)
{
    apr_uint32_t way = draw(&self->random, 3); /* killed, closes, or exits at once */
    HERE(self);
    long child = tst_sys_fork();
    if (child == 0)
        be_child(self, way, check, baton);
    if (child < 0) {
        violated(self, __LINE__, "no fork");
        return;
    }
    if (way == 0)
        tst_sys_kill(child);
    (void)tst_sys_reap(child);
    atomic_fetch_add(&self->board->forks, 1);
}

void mix(worker_t *self, void (*check)(worker_t *self, void *baton), void *baton)
{
    apr_uint32_t what = draw(&self->random, RARELY);
    if (what == 0)
        look(self);
    else if (what == 1 && tst_can(TST_FORK))
        split(self, check, baton);
}
