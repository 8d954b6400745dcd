/* SPDX-License-Identifier: Apache-2.0 */
/*
 * NAME-4: access, exactly as asked.
 */
#include "names_cases.h"

#define UR APR_FPROT_UREAD
#define UW APR_FPROT_UWRITE
#define GR APR_FPROT_GREAD
#define GW APR_FPROT_GWRITE
#define WR APR_FPROT_WREAD
#define WW APR_FPROT_WWRITE

/* What each class may do; an access is good when no class exceeds the one
 * before it, and none writes without reading. */
static int is_good(ist_kind_e kind, unsigned bits)
{
    unsigned user = bits >> 4 & 3, group = bits >> 2 & 3, world = bits & 3; /* 2 read, 1 write */
    const unsigned classes[] = {user, group, world};
    if ((group & ~user) != 0 || (world & ~group) != 0)
        return 0;
    for (int i = 0; i < 3; i++)
        if (classes[i] == 1 || (kind != IST_KIND_SHM && classes[i] == 2))
            return 0;
    return 1;
}

static apr_fileperms_t access_of(unsigned bits)
{
    const apr_fileperms_t rights[] = {WW, WR, GW, GR, UW, UR};
    apr_fileperms_t access = 0;
    for (int i = 0; i < 6; i++)
        if ((bits >> i & 1) != 0)
            access |= rights[i];
    return access;
}

/* All 63 combinations; 0 is the default. */
static void every_combination(void)
{
    for (int i = 0; i < TST_KINDS; i++) {
        for (unsigned bits = 1; bits < 64; bits++) {
            tst_handle_t handle;
            apr_status_t want = is_good(tst_kinds[i], bits) ? APR_SUCCESS : APR_EINVAL;
            apr_status_t got = tst_open_as(&handle, tst_kinds[i], tst_name(NULL), IST_CREATE, 1, 1,
                                           access_of(bits), tst_pool());
            TST_SAY(got == want, "%s with access %#x is %s", tst_kind_name(tst_kinds[i]),
                    (unsigned)access_of(bits), tst_status_name(got));
            if (got == APR_SUCCESS)
                TST_OK(tst_close(&handle));
        }
    }
}

static void no_other_bits(void)
{
    const apr_fileperms_t more[] = {APR_FPROT_UEXECUTE,
                                    APR_FPROT_GEXECUTE,
                                    APR_FPROT_WEXECUTE,
                                    APR_FPROT_USETID,
                                    APR_FPROT_GSETID,
                                    APR_FPROT_WSTICKY,
                                    0x10000,
                                    0x0008,
                                    0x0080,
                                    0x0800,
                                    (apr_fileperms_t)0x80000000u};
    for (int i = 0; i < TST_KINDS; i++) {
        for (apr_size_t m = 0; m < sizeof more / sizeof *more; m++) {
            tst_handle_t handle;
            apr_status_t got = tst_open_as(&handle, tst_kinds[i], tst_name(NULL), IST_CREATE, 1, 1,
                                           IST_ACCESS_WORLD | more[m], tst_pool());
            TST_SAY(got == APR_EINVAL, "bit %#x is %s", (unsigned)more[m], tst_status_name(got));
            if (got == APR_SUCCESS)
                tst_close(&handle);
        }
    }
}

/* A queue with both of its sides, which have claims of their own. */
static apr_uint32_t sides_of(ist_kind_e kind)
{
    return kind == IST_KIND_QUEUE ? IST_SEND | IST_RECEIVE : 0;
}

static void has_exactly(ist_kind_e kind, apr_uint32_t scope, apr_fileperms_t asked,
                        apr_fileperms_t want)
{
    apr_fileperms_t got = 0;
    if (TST_TRUE(tst_access_of(kind, tst_name(NULL), scope != 0, &got)))
        TST_SAY(got == want, "%s asked for %#x has %#x, not %#x", tst_kind_name(kind),
                (unsigned)asked, (unsigned)got, (unsigned)want);
}

static void is_exactly(ist_kind_e kind, apr_uint32_t scope, apr_fileperms_t asked,
                       apr_fileperms_t want)
{
    tst_handle_t handle;
    TST_MUST(tst_open_as(&handle, kind, tst_name(NULL), IST_CREATE | scope | sides_of(kind), 1, 1,
                         asked, tst_pool()));
    has_exactly(kind, scope, asked, want);
    if (kind == IST_KIND_QUEUE) {
        has_exactly(IST_KIND_SENDERS, scope, asked, want);
        has_exactly(IST_KIND_RECEIVERS, scope, asked, want);
    }
    TST_OK(tst_close(&handle));
}

static void all_exactly(void)
{
    for (int i = 0; i < TST_KINDS; i++) {
        for (int scope = 0; scope < (tst_can(TST_GLOBAL) ? 2 : 1); scope++) {
            apr_uint32_t flag = scope ? IST_GLOBAL : 0;
            is_exactly(tst_kinds[i], flag, 0, UR | UW);
            is_exactly(tst_kinds[i], flag, APR_FPROT_OS_DEFAULT, UR | UW);
            is_exactly(tst_kinds[i], flag, IST_ACCESS_OWNER, UR | UW);
            is_exactly(tst_kinds[i], flag, IST_ACCESS_GROUP, UR | UW | GR | GW);
            is_exactly(tst_kinds[i], flag, IST_ACCESS_WORLD, UR | UW | GR | GW | WR | WW);
        }
    }
    is_exactly(IST_KIND_SHM, 0, UR, UR);
    is_exactly(IST_KIND_SHM, 0, UR | UW | GR, UR | UW | GR);
    is_exactly(IST_KIND_SHM, 0, UR | UW | GR | WR, UR | UW | GR | WR);
    is_exactly(IST_KIND_SHM, 0, UR | UW | GR | GW | WR, UR | UW | GR | GW | WR);
}

static void exact(void)
{
    TST_NEED(TST_ACCESS);
    all_exactly();
}

static void each_class_gets(ist_kind_e kind, apr_fileperms_t asked)
{
    for (int group = 0; group < 2; group++) {
        tst_handle_t handle;
        const int want = (int)(group ? asked >> 4 : asked) & 6;
        TST_MUST(tst_open_as(&handle, kind, tst_name(NULL), IST_CREATE | sides_of(kind), 1, 1,
                             asked, tst_pool()));
        int got = tst_class_gets(kind, tst_name(NULL), group);
        TST_SAY(got == want, "%s with access %#x gives %s %d, not %d", tst_kind_name(kind),
                (unsigned)asked, group ? "its group" : "the world", got, want);
        if (kind == IST_KIND_QUEUE) {
            TST_NUMBER(tst_class_gets(IST_KIND_SENDERS, tst_name(NULL), group), want);
            TST_NUMBER(tst_class_gets(IST_KIND_RECEIVERS, tst_name(NULL), group), want);
        }
        TST_OK(tst_close(&handle));
    }
}

/* Not as the access reads, but as the system takes it. */
static void the_system_denies_the_rest(void)
{
    TST_NEED(TST_CLASSES);
    for (int i = 0; i < TST_KINDS; i++) {
        each_class_gets(tst_kinds[i], IST_ACCESS_OWNER);
        each_class_gets(tst_kinds[i], IST_ACCESS_GROUP);
        each_class_gets(tst_kinds[i], IST_ACCESS_WORLD);
    }
    each_class_gets(IST_KIND_SHM, UR | UW | GR);
    each_class_gets(IST_KIND_SHM, UR | UW | GR | WR);
    each_class_gets(IST_KIND_SHM, UR | UW | GR | GW | WR);
}

static void under_mask_077(void)
{
    TST_NEED(TST_UMASK);
    tst_umask(077);
    all_exactly();
}

static void under_mask_777(void)
{
    TST_NEED(TST_UMASK);
    tst_umask(0777);
    all_exactly();
}

static void under_no_mask(void)
{
    TST_NEED(TST_UMASK);
    tst_umask(0);
    all_exactly();
}

/* The mask is the process's, not the library's to change for good. */
static void the_mask_stays(void)
{
    TST_NEED(TST_UMASK);
    tst_umask(0751);
    for (int i = 0; i < TST_KINDS; i++) {
        tst_handle_t handle;
        TST_MUST(tst_open_as(&handle, tst_kinds[i], tst_name(NULL), IST_CREATE, 1, 1,
                             IST_ACCESS_WORLD, tst_pool()));
        TST_OK(tst_close(&handle));
    }
    TST_NUMBER(tst_umask(0), 0751);
}

/* An opener that finds it changes nothing, whatever it asks for. */
static void finding_changes_nothing(void)
{
    TST_NEED(TST_ACCESS);
    for (int i = 0; i < TST_KINDS; i++) {
        tst_handle_t one, two;
        apr_fileperms_t access = 0;
        TST_MUST(tst_open_as(&one, tst_kinds[i], tst_name(NULL), IST_CREATE, 1, 1, IST_ACCESS_GROUP,
                             tst_pool()));
        TST_OK(tst_open_as(&two, tst_kinds[i], tst_name(NULL), IST_CREATE, 1, 1, IST_ACCESS_WORLD,
                           tst_pool()));
        TST_TRUE(tst_access_of(tst_kinds[i], tst_name(NULL), 0, &access));
        TST_NUMBER(access, IST_ACCESS_GROUP);
        TST_OK(tst_close(&one));
        TST_OK(tst_close(&two));
    }
}

/* "No instant shows another": looked at again and again while a peer creates. */
static void at_every_instant(void)
{
    TST_NEED(TST_ACCESS);
    tst_peer_t *peer = tst_peer_start();
    long seen = 0;
    tst_peer_begin(peer, "loop 2000 open 0 r %s 1 4096 0 %ld / close 0", tst_name(NULL),
                   (long)IST_ACCESS_WORLD);
    while (!tst_peer_answered(peer, 0)) {
        apr_fileperms_t access = 0;
        if (!tst_access_of(IST_KIND_REGION, tst_name(NULL), 0, &access))
            continue;
        seen++;
        if (!TST_SAY(access == IST_ACCESS_WORLD, "access %#x was seen", (unsigned)access))
            break;
    }
    TST_OK(tst_peer_end(peer, NULL));
    TST_TRUE(seen > 0);
}

const tst_case_t names_access_cases[] = {
    {"NAME-4 every combination of access for every kind", every_combination},
    {"NAME-4 no execute, set-id or unknown bits", no_other_bits},
    {"NAME-4 access is exactly what was asked", exact},
    {"NAME-4 each class gets of the system what was asked, and no more",
     the_system_denies_the_rest},
    {"NAME-4 access is exact under umask 077", under_mask_077},
    {"NAME-4 access is exact under umask 0777", under_mask_777},
    {"NAME-4 access is exact under umask 0", under_no_mask},
    {"NAME-4 the umask stays what it was", the_mask_stays},
    {"NAME-4 who finds an object does not change its access", finding_changes_nothing},
    {"NAME-4 no instant shows another access", at_every_instant},
    {NULL, NULL},
};
