/* SPDX-License-Identifier: Apache-2.0 */
/* Run a program: in a job that ends with this process, if that is wished. */
#include "tool.h"

#include <apr_thread_proc.h>

#include <windows.h>

#include <stdio.h>

/* The job's handle stays open as long as this process lives, and no longer. */
static void tie(HANDLE process)
{
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION limit = {0};
    HANDLE job = CreateJobObjectW(NULL, NULL);
    limit.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE;
    if (job == NULL ||
        !SetInformationJobObject(job, JobObjectExtendedLimitInformation, &limit, sizeof limit) ||
        !AssignProcessToJobObject(job, process))
        fprintf(stderr, "isthmus: the command may go on when isthmus is killed\n");
}

static BOOL WINAPI leave_to_program(DWORD why)
{
    return why == CTRL_C_EVENT || why == CTRL_BREAK_EVENT;
}

int tool_run(const char *const *words, int end_with_us, apr_pool_t *pool)
{
    apr_procattr_t *how;
    apr_proc_t process;
    apr_exit_why_e why;
    int code = 0;
    SetConsoleCtrlHandler(leave_to_program, TRUE);
    fflush(stdout);
    apr_status_t rv = apr_procattr_create(&how, pool);
    if (rv == APR_SUCCESS)
        rv = apr_procattr_cmdtype_set(how, APR_PROGRAM_PATH);
    if (rv == APR_SUCCESS)
        rv = apr_proc_create(&process, words[0], words, NULL, how, pool);
    if (rv != APR_SUCCESS) {
        char text[200];
        fprintf(stderr, "isthmus: %s can't be started: %s\n", words[0],
                ist_strerror(rv, text, sizeof text));
        return TOOL_NO_COMMAND;
    }
    if (end_with_us)
        tie(process.hproc);
    rv = apr_proc_wait(&process, &code, &why, APR_WAIT);
    return rv == APR_CHILD_DONE ? code : tool_fail(words[0], rv, NULL);
}
