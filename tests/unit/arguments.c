/* SPDX-License-Identifier: Apache-2.0 */
/* GEN-3: what is refused before anything is touched. */
#include "unit.h"

#include <string.h>

/* One request of every kind, that differs in what is given. */
typedef struct given_t {
    const char *name;
    apr_uint32_t flags;
    apr_fileperms_t access;
    apr_pool_t *pool;
} given_t;

static apr_status_t open_kind(ist_kind_e kind, const given_t *given)
{
    void *handle = &handle;
    apr_status_t rv;
    apr_uint32_t flags = given->flags;
    switch (kind) {
    case IST_KIND_MUTEX:
        rv =
            ist_mutex_open((ist_mutex_t **)&handle, given->name, flags, given->access, given->pool);
        break;
    case IST_KIND_SEMAPHORE:
        rv = ist_semaphore_open((ist_semaphore_t **)&handle, given->name, 0, 1, flags,
                                given->access, given->pool);
        break;
    case IST_KIND_SHM:
        rv = ist_shm_open((ist_shm_t **)&handle, given->name, 1, flags, given->access, given->pool);
        break;
    default:
        rv = ist_region_open((ist_region_t **)&handle, given->name, 1, flags, given->access,
                             given->pool);
    }
    TST_SAY(rv == APR_SUCCESS || handle == NULL, "a failed open gives no handle");
    return rv;
}

static const ist_kind_e kinds[] = {IST_KIND_MUTEX, IST_KIND_SEMAPHORE, IST_KIND_SHM,
                                   IST_KIND_REGION};

static void refused_by_all(const given_t *given, apr_status_t status)
{
    for (int k = 0; k < 4; k++)
        UNIT_REFUSED(open_kind(kinds[k], given), status);
}

static void malformed_names(void)
{
    static const char *const names[] = {
        NULL, "",  ".",   "..",  "a/b", "/a",  "a b", "a\\b", "\t",       "a\n",     "a:b",
        "a*", "~", "a%s", "a,b", "a@b", "(a)", "a+b", "\x80", "\xc3\xa9", "Local\\a"};
    given_t given = {NULL, IST_CREATE, 0, tst_pool()};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        given.name = names[i];
        refused_by_all(&given, APR_EINVAL);
    }
}

static void name_lengths(void)
{
    char name[IST_NAME_MAX + 2];
    given_t given = {name, IST_CREATE, 0, tst_pool()};
    memset(name, 'n', sizeof name);
    name[IST_NAME_MAX + 1] = '\0';
    refused_by_all(&given, APR_ENAMETOOLONG);
    name[IST_NAME_MAX] = '/';
    refused_by_all(&given, APR_EINVAL);
    name[IST_NAME_MAX] = '\0';
    for (int k = 0; k < 4; k++)
        TST_OK(open_kind(kinds[k], &given));
    static const char *const good[] = {"a", "Z", "0", "...", ".a", "-", "_", "a.b-C_9"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        given.name = good[i];
        TST_OK(open_kind(IST_KIND_SHM, &given));
    }
}

static void flags(void)
{
    given_t given = {"n", 0, 0, tst_pool()};
    static const apr_uint32_t never[] = {0x20,
                                         0x80000000u,
                                         IST_CREATE | IST_CREATE_ONLY,
                                         IST_READ_ONLY | IST_CREATE,
                                         IST_READ_ONLY | IST_CREATE_ONLY,
                                         0xffffffffu};
    for (size_t i = 0; i < sizeof never / sizeof *never; i++) {
        given.flags = never[i];
        refused_by_all(&given, APR_EINVAL);
    }
    given.flags = IST_READ_ONLY;
    UNIT_REFUSED(open_kind(IST_KIND_MUTEX, &given), APR_EINVAL);
    UNIT_REFUSED(open_kind(IST_KIND_SEMAPHORE, &given), APR_EINVAL);
    UNIT_REFUSED(open_kind(IST_KIND_REGION, &given), APR_EINVAL);
    given.flags = IST_POPULATE | IST_CREATE;
    UNIT_REFUSED(open_kind(IST_KIND_MUTEX, &given), APR_EINVAL);
    UNIT_REFUSED(open_kind(IST_KIND_SEMAPHORE, &given), APR_EINVAL);
    TST_OK(open_kind(IST_KIND_REGION, &given));
    TST_OK(open_kind(IST_KIND_SHM, &given));
}

static void access_rights(void)
{
    given_t given = {"n", IST_CREATE, 0, tst_pool()};
    static const apr_fileperms_t never[] = {
        APR_FPROT_UWRITE,                                      /* write without read */
        APR_FPROT_GREAD | APR_FPROT_GWRITE,                    /* group without user */
        IST_ACCESS_OWNER | APR_FPROT_WREAD | APR_FPROT_WWRITE, /* world without group */
        IST_ACCESS_OWNER | APR_FPROT_GWRITE,
        IST_ACCESS_OWNER | APR_FPROT_UEXECUTE,
        IST_ACCESS_OWNER | APR_FPROT_USETID,
        IST_ACCESS_WORLD | APR_FPROT_WSTICKY,
        APR_FPROT_UREAD | APR_FPROT_GREAD | APR_FPROT_GWRITE, /* group more than user */
        0x10000,
        -1};
    for (size_t i = 0; i < sizeof never / sizeof *never; i++) {
        given.access = never[i];
        refused_by_all(&given, APR_EINVAL);
    }
    static const apr_fileperms_t halves[] = {APR_FPROT_UREAD, IST_ACCESS_OWNER | APR_FPROT_GREAD,
                                             IST_ACCESS_GROUP | APR_FPROT_WREAD};
    for (size_t i = 0; i < sizeof halves / sizeof *halves; i++) {
        given.access = halves[i];
        UNIT_REFUSED(open_kind(IST_KIND_MUTEX, &given), APR_EINVAL);
        UNIT_REFUSED(open_kind(IST_KIND_SEMAPHORE, &given), APR_EINVAL);
        UNIT_REFUSED(open_kind(IST_KIND_REGION, &given), APR_EINVAL);
        TST_OK(open_kind(IST_KIND_SHM, &given));
    }
}

static void default_access(void)
{
    static const apr_fileperms_t asked[] = {0, APR_FPROT_OS_DEFAULT, IST_ACCESS_OWNER,
                                            IST_ACCESS_GROUP, IST_ACCESS_WORLD};
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        apr_fileperms_t want = i < 2 ? IST_ACCESS_OWNER : asked[i];
        apr_pool_t *pool = tst_subpool();
        given_t given = {"n", IST_CREATE, asked[i], pool};
        for (int k = 0; k < 4; k++) {
            TST_OK(open_kind(kinds[k], &given));
            const fake_thing_t *thing = fake_find(kinds[k], "n");
            TST_SAY(thing != NULL && thing->spec.access == want, "access %d is exact", (int)i);
        }
        apr_pool_destroy(pool);
    }
}

static void counts(void)
{
    ist_semaphore_t *sem;
    apr_pool_t *pool = tst_pool();
    static const struct {
        apr_uint32_t initial, maximum;
    } never[] = {{0, 0},
                 {1, 0},
                 {2, 1},
                 {0, 0x80000000u},
                 {0x80000000u, 0xffffffffu},
                 {IST_COUNT_MAX, IST_COUNT_MAX - 1}};
    for (size_t i = 0; i < sizeof never / sizeof *never; i++) {
        apr_uint32_t initial = never[i].initial, maximum = never[i].maximum;
        UNIT_REFUSED(ist_semaphore_open(&sem, "n", initial, maximum, IST_CREATE, 0, pool),
                     APR_EINVAL);
        UNIT_REFUSED(ist_semaphore_open(&sem, "n", initial, maximum, IST_CREATE_ONLY, 0, pool),
                     APR_EINVAL);
    }
    TST_OK(ist_semaphore_open(&sem, "n", IST_COUNT_MAX, IST_COUNT_MAX, IST_CREATE, 0, pool));
}

static void size_zero(void)
{
    ist_shm_t *shm;
    ist_region_t *region;
    apr_pool_t *pool = tst_pool();
    UNIT_REFUSED(ist_shm_open(&shm, "n", 0, IST_CREATE, 0, pool), APR_EINVAL);
    UNIT_REFUSED(ist_shm_open(&shm, "n", 0, IST_CREATE_ONLY, 0, pool), APR_EINVAL);
    UNIT_REFUSED(ist_region_open(&region, "n", 0, IST_CREATE, 0, pool), APR_EINVAL);
    UNIT_REFUSED(ist_region_open(&region, "n", 0, IST_CREATE_ONLY, 0, pool), APR_EINVAL);
}

/* Without a create flag there is nothing that they could be wrong for. */
static void only_with_create(void)
{
    ist_semaphore_t *sem;
    ist_shm_t *shm;
    given_t given = {"n", 0, -1, tst_pool()};
    for (int k = 0; k < 4; k++)
        TST_STATUS(open_kind(kinds[k], &given), APR_ENOENT);
    TST_STATUS(ist_semaphore_open(&sem, "n", 9, 0, 0, 0, tst_pool()), APR_ENOENT);
    (void)unit_semaphore("n", 1, 2);
    (void)unit_shm("n", 7);
    TST_OK(ist_semaphore_open(&sem, "n", 9, 0, 0, -1, tst_pool()));
    TST_OK(ist_shm_open(&shm, "n", 0, 0, -1, tst_pool()));
}

static void no_handle_no_pool(void)
{
    given_t given = {"n", IST_CREATE, 0, NULL};
    apr_pool_t *pool = tst_pool();
    refused_by_all(&given, APR_EINVAL);
    UNIT_REFUSED(ist_mutex_open(NULL, "n", IST_CREATE, 0, pool), APR_EINVAL);
    UNIT_REFUSED(ist_semaphore_open(NULL, "n", 0, 1, IST_CREATE, 0, pool), APR_EINVAL);
    UNIT_REFUSED(ist_shm_open(NULL, "n", 1, IST_CREATE, 0, pool), APR_EINVAL);
    UNIT_REFUSED(ist_region_open(NULL, "n", 1, IST_CREATE, 0, pool), APR_EINVAL);
    UNIT_REFUSED(ist_list(NULL, NULL, pool), APR_EINVAL);
    UNIT_REFUSED(ist_sweep(NULL, NULL), APR_EINVAL);
}

const tst_case_t unit_arguments[] = {
    {"GEN-3 NAME-1 a malformed name", malformed_names},
    {"GEN-3 NAME-1 names of 200 and 201 bytes", name_lengths},
    {"GEN-3 flags unknown, or without meaning", flags},
    {"GEN-3 NAME-4 access that can't be", access_rights},
    {"NAME-4 the default access is the owner's, and others pass as they are", default_access},
    {"GEN-3 SEM-1 counts out of range", counts},
    {"GEN-3 size 0 with a create flag", size_zero},
    {"GEN-3 size, counts and access matter with a create flag alone", only_with_create},
    {"GEN-3 nowhere to put the handle, no pool", no_handle_no_pool},
    {NULL, NULL},
};
