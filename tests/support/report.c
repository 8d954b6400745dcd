/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Verdicts for people and for scripts: a line on standard output, and one in
 * $IST_TEST_REPORT_DIR/PROGRAM.tsv: suite, case, verdict, reason.
 */
#include "private.h"

#include <stdio.h>
#include <stdlib.h>

static void append(const char *name, const char *verdict, const char *reason)
{
    const char *folder = getenv("IST_TEST_REPORT_DIR");
    if (folder == NULL || *folder == '\0')
        return;
    char path[1024];
    snprintf(path, sizeof path, "%s/%s.tsv", folder, tst_self.program);
    FILE *file = fopen(path, "a");
    if (file == NULL) {
        perror(path);
        return;
    }
    fprintf(file, "%s\t%s\t%s\t%s\n", tst_self.program, name, verdict, reason);
    fclose(file);
}

void tst_report_case(const char *name, const char *verdict, const char *reason)
{
    printf("%-7s %s (%ld ms)%s%s\n", verdict, name,
           (long)((tst_now() - tst_self.began) / 1000), *reason == '\0' ? "" : ": ", reason);
    fflush(stdout);
    append(name, verdict, reason);
}

void tst_report_done(void)
{
    append("*", "done", "");
}
