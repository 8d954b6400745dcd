/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The fuzzer: libFuzzer feeds damaged files to the library, and what it says of
 * them is compared with what docs/layout.md says. Linux, clang; scripts/fuzz
 * builds and runs it.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <apr_pools.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

/* One thing to be fuzzed; IST_FUZZ_TARGET names the one that a run is about. */
typedef struct fuzz_target_t {
    const char *name;
    int place; /* it needs a /dev/shm of its own */
    void (*run)(const uint8_t *data, size_t size);
    /* Change an input, which has room for `most` bytes: its new size. */
    size_t (*mutate)(uint8_t *data, size_t size, size_t most, unsigned seed);
} fuzz_target_t;

extern const fuzz_target_t fuzz_mutex, fuzz_semaphore, fuzz_segment, fuzz_region;
extern const fuzz_target_t fuzz_listing, fuzz_header, fuzz_names, fuzz_ring, fuzz_queue;

/* libFuzzer's own. */
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t most);

/* What must be true. */
void fuzz_fail(const char *what, const char *file, int line) __attribute__((noreturn));
#define FUZZ_MUST(condition) \
    ((condition) ? (void)0 : fuzz_fail(#condition, __FILE__, __LINE__))

/* ---- numbers: a small generator for mutators, which must be repeatable ---- */

static inline unsigned fuzz_random(unsigned *seed, unsigned limit)
{
    *seed = *seed * 1103515245u + 12345u;
    return (*seed >> 16) % limit;
}

/* ---- place.c: a /dev/shm that nobody else sees ---------------------------- */

/* 0: it can't be had; then why was printed. */
int fuzz_place_make(void);

/* Before a run, and after it, when nothing of it may be left: names,
 * descriptors, now and then mappings. */
void fuzz_place_enter(void);
void fuzz_place_leave(void);

/* Whether files of another user can be made here. */
int fuzz_place_has_users(void);

/* Become the other user, who owns /dev/shm, and come back. */
void fuzz_place_other(void);
void fuzz_place_self(void);

/* ---- clock.c: time that flies while the library pauses ------------------------ */

/* Called at each pause, with how many there were in this run. */
extern void (*fuzz_paused)(unsigned pauses);
void fuzz_clock_start(void);

/* ---- bodies.c: mutexes as libc leaves them --------------------------------------- */

typedef enum fuzz_body_e {
    FUZZ_BODY_FRESH, /* nobody holds it */
    FUZZ_BODY_DEAD,  /* its owner died */
    FUZZ_BODY_HELD,  /* somebody holds it, for ever */
    FUZZ_BODY_ZERO,  /* never made: zeros are a mutex too, of glibc's */
    FUZZ_BODY_WRONG, /* damaged: libc must not be given it */
    FUZZ_BODIES
} fuzz_body_e;

void fuzz_bodies_make(void);
void fuzz_body(unsigned char body[56], fuzz_body_e which);

#endif
