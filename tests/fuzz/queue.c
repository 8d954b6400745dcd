/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What lies in a queue's place, and in those of its sides' claims: opened in every
 * way, and used without waiting while a peer writes to it.
 */
#include "queue_plan.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Beyond this, nothing is touched page by page. */
#define POPULATED (UINT64_C(1) << 17)

typedef struct question_t {
    ist_queue_geometry_t geometry;
    int no_geometry;
    apr_uint32_t flags;
    apr_fileperms_t access;
} question_t;

static plan_t plan, claims[2];
static more_t more;
static lain_t lain[3]; /* the queue, its sides' claims */

static const ist_kind_e claim_kind[] = {IST_KIND_SENDERS, IST_KIND_RECEIVERS};
static const apr_uint32_t side_flag[] = {IST_SEND, IST_RECEIVE};

static void paused(unsigned pauses)
{
    for (int i = 0; i < 3; i++)
        lay_paused(&lain[i], pauses);
}

/* ---- what lies there ------------------------------------------------------------ */

static void make_claim(plan_t *made, const claim_t *claim, ist_kind_e kind)
{
    static const uint32_t sizes[] = {ISTI_CLAIM_SOLE, ISTI_CLAIM_SHARED, 0, 3, 4999};
    const int what = claim->what % 8;
    isti_header_t header;
    memset((void *)&header, 0, sizeof header);
    memset(made, 0, sizeof *made);
    made->mode = plan.mode;
    made->owner = (uint8_t)((plan.owner & 1) | (claim->size >> 4 & 14));
    made->thing = (uint8_t)(what < 3   ? THING_NONE
                            : what < 7 ? THING_FILE
                                       : claim->damage % THING_TWICE);
    made->life = claim->life % LIVES;
    made->length = 100;
    made->exact = sizes[claim->size % (sizeof sizes / sizeof *sizes)];
    isti_header_fill(&header, kind, 0, 0, 0);
    atomic_store(&header.born, made->exact + UINT64_C(1));
    memcpy(made->header, (void *)&header, sizeof made->header);
    if (claim->what >= 128)
        made->header[claim->damage % sizeof made->header] ^= claim->what;
}

/* What a ring has, written to its file. */
static void put_ring(lain_t *into)
{
    static _Alignas(128) unsigned char bytes[ISTI_RING_HEADER + ISTI_RING_MIN];
    ist_queue_t queue = {.ring = (isti_ring_t *)(void *)bytes,
                         .bytes = bytes + ISTI_RING_HEADER,
                         .length = ISTI_RING_MIN,
                         .mask = ISTI_RING_MIN - 1};
    if (into->fd < 0 || into->length < ISTI_HEADER_SIZE + sizeof bytes)
        return;
    memset(bytes, 0, sizeof bytes);
    call_fill(&queue, more.position, more.at, more.word, WORDS);
    atomic_store(&queue.ring->lent, more.lent & 1);
    atomic_store(&queue.ring->peeked, more.lent >> 1 & 1);
    FUZZ_MUST(pwrite(into->fd, bytes, sizeof bytes, ISTI_HEADER_SIZE) == (ssize_t)sizeof bytes);
    into->page.access = more.access;
    if (more.access != 0)
        FUZZ_MUST(pwrite(into->fd, &more.access, sizeof more.access,
                         offsetof(isti_header_t, access)) == (ssize_t)sizeof more.access);
}

static void lay_all(void)
{
    lay(&lain[0], &plan, IST_KIND_QUEUE, PLAN_NAME);
    put_ring(&lain[0]);
    for (int side = 0; side < 2; side++) {
        make_claim(&claims[side], &more.claim[side], claim_kind[side]);
        lay(&lain[1 + side], &claims[side], claim_kind[side], PLAN_NAME);
    }
}

/* ---- the open call, and what it may say ------------------------------------------- */

static void ask(question_t *question)
{
    static const apr_uint32_t modes[] = {0, IST_CREATE, IST_CREATE_ONLY, 0};
    static const apr_uint32_t measures[] = {1, 100, 2000, 5000};
    static const apr_fileperms_t access[] = {0, IST_ACCESS_OWNER, IST_ACCESS_GROUP,
                                             IST_ACCESS_WORLD};
    memset(question, 0, sizeof *question);
    question->geometry.message_size = measures[more.geometry & 3];
    question->geometry.capacity = 1 + (more.geometry >> 2 & 3);
    question->no_geometry = more.geometry >> 4 == 15;
    question->access = access[plan.asked & 3];
    question->flags = modes[plan.mode & 3];
    question->flags |= (plan.mode & 4) != 0 ? IST_GLOBAL : 0;
    question->flags |= (plan.mode & 16) != 0 && lain[0].length < POPULATED ? IST_POPULATE : 0;
    question->flags |= (more.sides & 4) != 0 ? IST_SOLE : 0;
    for (int side = 0; side < 2; side++)
        question->flags |= (more.sides >> side & 1) != 0 ? side_flag[side] : 0;
}

static int creates(const question_t *question)
{
    return (question->flags & (IST_CREATE | IST_CREATE_ONLY)) != 0;
}

static int has_meaning(const question_t *question)
{
    return (more.sides & 7) != 4 && !(creates(question) && question->no_geometry);
}

/* Whether it lay there to be opened by who only finds it live. */
static int may_be_live(const lain_t *found)
{
    return lay_is_good(found) && found->plan->life != LIFE_NONE && found->plan->life != LIFE_ALONE;
}

static void check_queue(const ist_queue_t *queue, const question_t *question)
{
    const uint64_t ring = queue->length;
    if (ist_queue_created(queue)) {
        ist_queue_state_t state;
        FUZZ_MUST(creates(question) && queue->most == question->geometry.message_size);
        FUZZ_MUST(ist_queue_state(queue, &state) == APR_SUCCESS && state.bytes == 0);
    } else {
        FUZZ_MUST(may_be_live(&lain[0]));
        FUZZ_MUST(ring == lain[0].length - ISTI_HEADER_SIZE - ISTI_RING_HEADER);
        FUZZ_MUST(queue->most == lain[0].page.count[0].maximum);
        FUZZ_MUST(!creates(question) || queue->most >= question->geometry.message_size);
    }
    FUZZ_MUST(ring >= ISTI_RING_MIN && (ring & (ring - 1)) == 0);
    FUZZ_MUST(2 * isti_record(queue->most) + ISTI_WORD_BYTES <= ring);
}

static void check_sides(const ist_queue_t *queue, const question_t *question)
{
    const int sole = (question->flags & IST_SOLE) != 0;
    for (int side = 0; side < 2; side++) {
        const int asked = (question->flags & side_flag[side]) != 0;
        FUZZ_MUST(queue->open[side] == asked && queue->sole[side] == (asked && sole));
        if (!asked)
            continue;
        const int created = isti_created(queue->claim[side]);
        FUZZ_MUST(created || (!sole && may_be_live(&lain[1 + side])));
        FUZZ_MUST(isti_size(queue->claim[side]) >= (sole ? ISTI_CLAIM_SOLE : ISTI_CLAIM_SHARED));
    }
}

static void read_input(const uint8_t *data, size_t size)
{
    static unsigned often;
    plan_read(&plan, data, size);
    memset(&more, 0, sizeof more);
    if (size > sizeof plan)
        memcpy(&more, data + sizeof plan,
               size - sizeof plan < sizeof more ? size - sizeof plan : sizeof more);
    if (plan.word >> 32 > SLEEPERS >> 32 && often++ % SLEEPERS_OFTEN != 0)
        plan.word &= SLEEPERS | UINT32_MAX;
}

static void run(const uint8_t *data, size_t size)
{
    question_t question;
    ist_queue_t *queue;
    apr_pool_t *pool;
    read_input(data, size);
    FUZZ_MUST(apr_pool_create(&pool, NULL) == APR_SUCCESS);
    lay_all();
    fuzz_paused = paused;
    ask(&question);
    apr_status_t rv =
        ist_queue_open(&queue, PLAN_NAME, question.no_geometry ? NULL : &question.geometry,
                       question.flags, question.access, pool);
    if (!is_said(rv) && rv != APR_EINVAL)
        fprintf(stderr, "status %d\n", rv);
    FUZZ_MUST(has_meaning(&question) ? is_said(rv) : rv == APR_EINVAL);
    FUZZ_MUST((rv == APR_SUCCESS) == (queue != NULL));
    FUZZ_MUST(rv != IST_ESIZE || (creates(&question) && may_be_live(&lain[0])));
    if (rv == APR_SUCCESS) {
        check_queue(queue, &question);
        check_sides(queue, &question);
        use_queue(queue, &lain[0], &more, pool);
        FUZZ_MUST((plan.mode & 32) != 0 || ist_queue_close(queue) == APR_SUCCESS);
    }
    if (plan.mode >> 6 == LIST_AFTER)
        use_list(pool);
    apr_pool_destroy(pool);
    for (int i = 0; i < 3; i++)
        lay_check(&lain[i]);
    for (int i = 0; i < 3; i++)
        lay_away(&lain[i]);
}

/* ---- the mutator ---------------------------------------------------------------------- */

static size_t mutate(uint8_t *data, size_t size, size_t most, unsigned seed)
{
    unsigned own = seed;
    more_t changed = {0};
    if (most < sizeof plan + sizeof changed)
        return LLVMFuzzerMutate(data, size, most);
    if (size > sizeof plan)
        memcpy(&changed, data + sizeof plan,
               size - sizeof plan < sizeof changed ? size - sizeof plan : sizeof changed);
    if (size < sizeof plan || fuzz_random(&own, 2) == 0) {
        (void)plan_mutate(data, size, sizeof plan, seed, IST_KIND_QUEUE);
    } else {
        (void)LLVMFuzzerMutate((uint8_t *)&changed, sizeof changed, sizeof changed);
        call_mend(changed.position, changed.at, changed.word, WORDS, &own);
        if (fuzz_random(&own, 4) != 0)
            changed.access &= IST_ACCESS_WORLD;
        for (int side = 0; side < 2; side++) {
            if (fuzz_random(&own, 2) != 0)
                changed.claim[side].what &= 127;
        }
    }
    memcpy(data + sizeof plan, &changed, sizeof changed);
    return sizeof plan + sizeof changed;
}

const fuzz_target_t fuzz_queue = {"queue", 1, run, mutate};
