/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The program: options, roles, and the run of all cases through CUnit.
 *
 *   PROGRAM [--list] [--only SUBSTRING]...
 *   PROGRAM --role ROLE BASE [ARGUMENT...]     (its own children)
 */
#include "private.h"

#include <CUnit/TestRun.h>
#include <apr_general.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CASES_MAX 400

static const tst_case_t *cases[CASES_MAX];
static CU_pTest tests[CASES_MAX];
static int case_count;
static const tst_case_t *current;
static int passed_count, failed_count, skipped_count;

static const char *program_name(const char *path)
{
    static char name[128];
    const char *start = path;
    for (const char *at = path; *at != '\0'; at++)
        if (*at == '/' || *at == '\\')
            start = at + 1;
    if (strncmp(start, "lt-", 3) == 0)
        start += 3;
    snprintf(name, sizeof name, "%s", start);
    apr_size_t length = strlen(name);
    if (length > 4 && strcmp(name + length - 4, ".exe") == 0)
        name[length - 4] = '\0';
    return name;
}

static void run_current(void)
{
    tst_case_begin(current);
    if (setjmp(tst_self.out) == 0)
        current->run();
    tst_case_end();
}

static void test_starts(const CU_pTest test, const CU_pSuite suite)
{
    (void)suite;
    for (int i = 0; i < case_count; i++)
        if (tests[i] == test)
            current = cases[i];
}

static void test_ended(const CU_pTest test, const CU_pSuite suite, const CU_pFailureRecord failure)
{
    (void)test, (void)suite;
    tst_case_end(); /* a fatal assertion of CUnit's own jumps over the first call */
    if (failure != NULL || tst_self.failed) {
        const char *reason = *tst_self.reason != '\0' ? tst_self.reason
                             : failure != NULL        ? failure->strCondition
                                                      : "";
        failed_count++;
        tst_report_case(current->name, "failed", reason);
    } else if (tst_self.skipped) {
        skipped_count++;
        tst_report_case(current->name, "skipped", tst_self.reason);
    } else {
        passed_count++;
        tst_report_case(current->name, "passed", "");
    }
}

static int chosen(const char *name, int argc, const char *const *argv)
{
    int any = 0;
    for (int i = 1; i + 1 < argc; i++) {
        if (strcmp(argv[i], "--only") != 0)
            continue;
        any = 1;
        if (strstr(name, argv[i + 1]) != NULL)
            return 1;
    }
    return !any;
}

static int gather(int argc, const char *const *argv)
{
    CU_pSuite suite = CU_add_suite(tst_self.program, NULL, NULL);
    if (suite == NULL)
        return 0;
    for (int t = 0; tst_tables[t] != NULL; t++) {
        for (const tst_case_t *one = tst_tables[t]; one->name != NULL; one++) {
            if (!chosen(one->name, argc, argv))
                continue;
            if (case_count == CASES_MAX)
                return 0;
            cases[case_count] = one;
            tests[case_count] = CU_add_test(suite, one->name, run_current);
            if (tests[case_count++] == NULL || CU_get_error() == CUE_DUP_TEST) {
                fprintf(stderr, "two cases are called %s\n", one->name);
                return 0;
            }
        }
    }
    return 1;
}

static int run_all(int argc, const char *const *argv)
{
    if (CU_initialize_registry() != CUE_SUCCESS || !gather(argc, argv)) {
        fprintf(stderr, "%s: %s\n", tst_self.program, CU_get_error_msg());
        return 2;
    }
    CU_set_test_start_handler(test_starts);
    CU_set_test_complete_handler(test_ended);
    CU_run_all_tests();
    CU_print_run_results(stdout);
    printf("\n%s: %d passed, %d failed, %d skipped\n", tst_self.program, passed_count,
           failed_count, skipped_count);
    CU_cleanup_registry();
    tst_report_done();
    return failed_count == 0 && passed_count + skipped_count > 0 ? 0 : 1;
}

static int list(void)
{
    for (int t = 0; tst_tables[t] != NULL; t++)
        for (const tst_case_t *one = tst_tables[t]; one->name != NULL; one++)
            printf("%s\n", one->name);
    return 0;
}

static int play(int argc, const char *const *argv)
{
    tst_role_fn_t *run = NULL;
    tst_self.child = 1;
    snprintf(tst_self.base, sizeof tst_self.base, "%s", argv[3]);
    for (const tst_role_t *role = tst_roles; role->name != NULL; role++)
        if (strcmp(role->name, argv[2]) == 0)
            run = role->run;
    if (strcmp(argv[2], "remote") == 0)
        run = tst_remote;
    if (run == NULL) {
        fprintf(stderr, "%s: no role %s\n", tst_self.program, argv[2]);
        return 2;
    }
    tst_random_start();
    tst_watch_child(argv[2]);
    if (apr_pool_create(&tst_self.pool, NULL) != APR_SUCCESS)
        return 4;
    int code = run(argc - 4, argv + 4);
    return code == 0 && tst_self.failed ? TST_FAILED_CHILD : code;
}

int tst_main(int argc, const char *const *argv)
{
    tst_sys_start();
    tst_self.program = program_name(argv[0]);
    if (argc == 2 && strcmp(argv[1], "--list") == 0)
        return list();
    if (apr_initialize() != APR_SUCCESS)
        return 4;
    if (argc >= 4 && strcmp(argv[1], "--role") == 0)
        return play(argc, argv);
    tst_random_start();
    int code = run_all(argc, argv);
    apr_terminate();
    return code;
}
