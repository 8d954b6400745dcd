/* SPDX-License-Identifier: Apache-2.0 */
/* Take the steps that the command line lists, and print the outcome of each: one
 * word a step, on one line. scripts/strangers knows what it must be. */
#include "steps.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char *steps_word(apr_status_t rv)
{
    static char text[32];
    static const struct {
        apr_status_t status;
        const char *word;
    } words[] = {
        {APR_SUCCESS, "ok"},         {APR_ENOENT, "ENOENT"},
        {APR_EACCES, "EACCES"},      {APR_EEXIST, "EEXIST"},
        {APR_ENOSPC, "ENOSPC"},      {APR_ENOMEM, "ENOMEM"},
        {APR_EMFILE, "EMFILE"},      {APR_EBUSY, "EBUSY"},
        {APR_EINVAL, "EINVAL"},      {IST_EABI, "EABI"},
        {IST_ABANDONED, "ABANDONED"}, {IST_ENOTOWNER, "ENOTOWNER"},
        {IST_ENAMESPACE, "ENAMESPACE"}, {IST_ECORRUPT, "ECORRUPT"},
        {IST_EFOREIGN, "EFOREIGN"},  {IST_ESIZE, "ESIZE"},
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (words[i].status == rv)
            return words[i].word;
    snprintf(text, sizeof text, "status-%d", rv);
    return text;
}

static apr_status_t seen(void *baton, const ist_info_t *info)
{
    (void)info;
    ++*(int *)baton;
    return APR_SUCCESS;
}

/* The steps without an argument; APR_ENOTIMPL for another word. */
static apr_status_t plain_step(steps_t *steps, const char *step)
{
    int count = 0;
    apr_uint32_t removed;
    if (strcmp(step, "list") == 0)
        return ist_list(seen, &count, steps->pool);
    if (strcmp(step, "sweep") == 0)
        return ist_sweep(&removed, steps->pool);
    if (strcmp(step, "free") == 0)
        return steps_free();
    if (strcmp(step, "apart") == 0)
        return steps_apart();
    if (strcmp(step, "kill") == 0) {
        fflush(stdout);
        (void)raise(SIGKILL);
    }
    if (strcmp(step, "hold") == 0) {
        printf("holding\n");
        fflush(stdout);
        while (getchar() != EOF)
            ;
        return APR_SUCCESS;
    }
    return steps_use(steps, step);
}

int main(int argc, char **argv)
{
    steps_t steps = {0};
    if (apr_initialize() != APR_SUCCESS || apr_pool_create(&steps.pool, NULL) != APR_SUCCESS)
        return 2;
    for (int i = 1; i < argc; i++) {
        apr_status_t rv = strchr(argv[i], ':') == NULL ? plain_step(&steps, argv[i])
                                                       : steps_open(&steps, argv[i]);
        if (rv == APR_ENOTIMPL) {
            fprintf(stderr, "steps: what is %s?\n", argv[i]);
            return 2;
        }
        printf("%s%s", steps_word(rv), i + 1 < argc ? " " : "\n");
    }
    fflush(stdout);
    apr_terminate();
    return 0;
}
