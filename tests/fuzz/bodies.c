/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Mutex bodies, copied as libc left them. What is in a body is libc's own affair:
 * given a damaged one it may crash, and no library above it can prevent that
 * (SECURITY.md). So all but these are opened, and not locked.
 */
#include "fuzz.h"

#include <pthread.h>
#include <string.h>

static pthread_mutex_t fresh, dead;
static unsigned char bodies[FUZZ_BODIES][56];

static void make(pthread_mutex_t *mutex)
{
    pthread_mutexattr_t attributes;
    FUZZ_MUST(pthread_mutexattr_init(&attributes) == 0);
    FUZZ_MUST(pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED) == 0);
    FUZZ_MUST(pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST) == 0);
    FUZZ_MUST(pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE) == 0);
    FUZZ_MUST(pthread_mutex_init(mutex, &attributes) == 0);
}

/* Ends while it owns one mutex; of the other it only shows what that looks like. */
static void *owner(void *unused)
{
    (void)unused;
    FUZZ_MUST(pthread_mutex_lock(&fresh) == 0);
    memcpy(bodies[FUZZ_BODY_HELD], &fresh, sizeof fresh);
    FUZZ_MUST(pthread_mutex_unlock(&fresh) == 0);
    FUZZ_MUST(pthread_mutex_lock(&dead) == 0);
    return NULL;
}

void fuzz_bodies_make(void)
{
    pthread_t thread;
    make(&fresh);
    make(&dead);
    memcpy(bodies[FUZZ_BODY_FRESH], &fresh, sizeof fresh);
    FUZZ_MUST(pthread_create(&thread, NULL, owner, NULL) == 0);
    FUZZ_MUST(pthread_join(thread, NULL) == 0);
    memcpy(bodies[FUZZ_BODY_DEAD], &dead, sizeof dead);
    memset(bodies[FUZZ_BODY_WRONG], 0xa5, sizeof bodies[0]);
}

void fuzz_body(unsigned char body[56], fuzz_body_e which)
{
    memcpy(body, bodies[which], sizeof bodies[which]);
}
