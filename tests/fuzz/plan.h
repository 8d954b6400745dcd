/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an input of an object target means: a file to lie in an object's place, how
 * it is held, how it is opened, and what is then done with it.
 */
#ifndef FUZZ_PLAN_H
#define FUZZ_PLAN_H

#include "fuzz.h"

#include "internal.h"

#define PLAN_STEPS 16
#define PLAN_NAME  "fuzz"

/* Stands for what differs from process to process: its ABI tag, its PID namespace. */
#define PLAN_OWN_ABI   UINT32_MAX
#define PLAN_OWN_SPACE UINT64_MAX

typedef enum plan_thing_e {
    THING_FILE,
    THING_NONE,
    THING_FIFO,
    THING_FOLDER,
    THING_LINK,
    THING_SOCKET,
    THING_TWICE, /* a file with a second name */
    THINGS
} plan_thing_e;

/* The lifetime lock, as another open file description has it. */
typedef enum plan_life_e {
    LIFE_NONE,
    LIFE_HELD,
    LIFE_ALONE,      /* exclusively, for ever */
    LIFE_THEN_HELD,  /* exclusively; from the second pause on shared */
    LIFE_THEN_NONE,  /* exclusively; from the second pause on not at all */
    LIFE_THEN_AWAY,  /* exclusively; at the second pause the name goes */
    LIVES
} plan_life_e;

typedef enum plan_bell_e {
    BELL_GOOD,
    BELL_NONE,
    BELL_SHORT,
    BELL_LONG,
    BELL_FOLDER,
    BELL_LINK,
    BELL_WRONG, /* of the right length: libc must not ring it */
    BELLS
} plan_bell_e;

typedef struct plan_step_t {
    uint8_t what;
    uint8_t a;
    uint16_t b;
} plan_step_t;

typedef struct plan_t {
    uint8_t mode;   /* of the open call; bit 2: global, bit 3: read-only, bit 4: populate */
    uint8_t thing;
    uint8_t life;
    uint8_t owner;  /* bit 0: the file is another user's; the rest chooses its mode */
    uint8_t length; /* of the file: which of lengths[], or `exact` */
    uint8_t body;
    uint8_t bell;
    uint8_t asked;  /* size, count and access that are asked for */
    uint32_t exact;
    uint32_t held;
    uint32_t maximum;
    uint32_t rings; /* in each doorbell; bit 31: a second one is missing */
    uint64_t word;
    unsigned char header[56];
    plan_step_t step[PLAN_STEPS];
} plan_t;

_Static_assert(sizeof(plan_t) == 32 + 56 + 4 * PLAN_STEPS, "no holes");

/* An input as a plan, every choice in range; what is too short has zeros. */
void plan_read(plan_t *plan, const uint8_t *data, size_t size);

/* The file's length, and its first page: header and slots. */
uint64_t plan_length(const plan_t *plan);
void plan_page(const plan_t *plan, ist_kind_e kind, isti_header_t *page);

size_t plan_mutate(uint8_t *data, size_t size, size_t most, unsigned seed, ist_kind_e kind);

/* ---- lay.c: what lies in an object's place --------------------------------- */

typedef struct lain_t {
    const plan_t *plan;
    ist_kind_e kind;
    char path[64];
    char bell[ISTI_PARTS_MAX][96];
    isti_header_t page;
    uint64_t length;
    struct stat state;
    int fd; /* its file, held or not; -1: it is none */
    int bell_rings; /* all of them */
} lain_t;

void lay(lain_t *lain, const plan_t *plan, ist_kind_e kind, const char *name);
/* The other process acts, while the library pauses. */
void lay_paused(lain_t *lain, unsigned pauses);
/* Whether an object that must not be removed is there. */
void lay_check(const lain_t *lain);
/* Whether docs/layout.md lets a program open it, live as it is. */
int lay_is_good(const lain_t *lain);
/* The last of a run: it ends as the other user. */
void lay_away(lain_t *lain);

/* ---- use.c: what is done with what was opened --------------------------------- */

/* A handle of any kind is the same thing inside. */
void use(isti_handle_t *handle, lain_t *lain);

/* ---- object.c: what an open call may say ---------------------------------------- */

int is_said(apr_status_t status);

#endif
