/* SPDX-License-Identifier: Apache-2.0 */
/* List and sweep, over files of any name beside one that lies in an object's place. */
#include "plan.h"

#include "names_mutate.h"
#include "posix/posix.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define FILES 3 /* of other names, which the input has behind the plan */

/* As many as three bits tell apart: a queue comes twice. */
static const ist_kind_e kinds[] = {IST_KIND_MUTEX,     IST_KIND_SEMAPHORE, IST_KIND_SHM,
                                   IST_KIND_REGION,    IST_KIND_QUEUE,     IST_KIND_SENDERS,
                                   IST_KIND_RECEIVERS, IST_KIND_QUEUE};

typedef struct others_t {
    char path[FILES][PATH_MAX_LEN];
    int count;
} others_t;

/* Names end with a zero, and have no slash. Each is a file, a link or a folder. */
static void make_others(others_t *others, const uint8_t *data, size_t size)
{
    others->count = 0;
    while (size > 1 && others->count < FILES) {
        char *path = others->path[others->count];
        const uint8_t choice = data[0];
        const size_t length = strnlen((const char *)data + 1, size - 1);
        snprintf(path, PATH_MAX_LEN, FOLDER "/%.*s", length > 255 ? 255 : (int)length,
                 (const char *)data + 1);
        data += 1 + length;
        size -= 1 + length;
        /* Not "." or "..", and nothing below the folder. */
        if (strlen(path) < sizeof FOLDER + 2 || strchr(path + sizeof FOLDER, '/') != NULL)
            continue;
        int made = choice % 8 == 1   ? mkdir(path, 0777)
                   : choice % 8 == 2 ? symlink("/dev/null", path)
                                     : open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        if (made < 0)
            continue;
        if (made > 0) {
            /* A dead object as it would be, wherever it lies. */
            isti_header_t header = {0};
            isti_header_fill(&header, kinds[choice >> 3 & 7], 0, 0, 0);
            if (choice % 8 > 3)
                FUZZ_MUST(pwrite(made, (void *)&header, sizeof header, 0) > 0 &&
                          ftruncate(made, ISTI_HEADER_SIZE) == 0);
            close(made);
        }
        others->count++;
    }
}

static apr_status_t seen(void *baton, const ist_info_t *info)
{
    unsigned *count = baton;
    FUZZ_MUST(isti_name_check(info->name) == APR_SUCCESS);
    FUZZ_MUST(strchr("msdrqoi", (int)info->kind) != NULL);
    ++*count;
    return APR_SUCCESS;
}

/* What is swept has a name that some call would make. */
static void check_others(const others_t *others)
{
    for (int i = 0; i < others->count; i++) {
        name_t name;
        struct stat state;
        int there = lstat(others->path[i], &state) == 0;
        FUZZ_MUST(there || isti_name_parse(&name, others->path[i] + sizeof FOLDER));
        (void)remove(others->path[i]);
    }
}

static void run(const uint8_t *data, size_t size)
{
    plan_t plan;
    lain_t lain;
    others_t others;
    apr_pool_t *pool;
    unsigned before = 0, after = 0;
    apr_uint32_t removed = 0;
    plan_read(&plan, data, size);
    FUZZ_MUST(apr_pool_create(&pool, NULL) == APR_SUCCESS);
    lay(&lain, &plan, kinds[plan.asked & 7], PLAN_NAME);
    make_others(&others, data + (size < sizeof plan ? size : sizeof plan),
                size < sizeof plan ? 0 : size - sizeof plan);
    FUZZ_MUST(ist_list(seen, &before, pool) == APR_SUCCESS);
    FUZZ_MUST(ist_sweep(&removed, pool) == APR_SUCCESS);
    FUZZ_MUST(ist_list(seen, &after, pool) == APR_SUCCESS);
    FUZZ_MUST(removed <= 1 + FILES && after <= before);
    apr_pool_destroy(pool);
    check_others(&others);
    lay_check(&lain);
    lay_away(&lain);
}

static const char *const pieces[] = {"\004ist.m.65534.a",
                                     "\004ist.d.g.a",
                                     "\014ist.s.0.b",
                                     "\034ist.r.g.c",
                                     "\001ist.d.g.dir",
                                     "\002ist.d.g.link",
                                     "\044ist.q.g.a",
                                     "\054ist.o.65534.b",
                                     "\064ist.i.g.c",
                                     "\005sem.ist.s0.g.a.0123456789abcdef",
                                     "\005sem.ist.q1.g.a.0123456789abcdef",
                                     "sem.",
                                     "ist.s0.g.fuzz.",
                                     "0000000000000000",
                                     ".",
                                     "-",
                                     "+",
                                     "0x",
                                     " ",
                                     "00",
                                     "\003other"};

static size_t mutate(uint8_t *data, size_t size, size_t most, unsigned seed)
{
    unsigned more = seed;
    plan_t plan;
    if (most < sizeof plan + 8)
        return LLVMFuzzerMutate(data, size, most);
    if (size < sizeof plan || fuzz_random(&more, 2) == 0) {
        memset(&plan, 0, sizeof plan);
        memcpy(&plan, data, size < sizeof plan ? size : sizeof plan);
        size_t first = plan_mutate(data, size, sizeof plan, seed, kinds[plan.asked & 7]);
        return size > first ? size : first;
    }
    return sizeof plan + names_mutate(data + sizeof plan, size - sizeof plan, most - sizeof plan,
                                      seed, pieces, sizeof pieces / sizeof *pieces);
}

const fuzz_target_t fuzz_listing = {"listing", 1, run, mutate};
