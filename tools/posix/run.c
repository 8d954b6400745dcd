/* SPDX-License-Identifier: Apache-2.0 */
/* Run a program: started by hand, for APR has no way to say that it ends with us. */
#include "tool.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile sig_atomic_t child;

static void pass_on(int signal)
{
    if (child > 0)
        (void)kill((pid_t)child, signal);
}

static void start(const char *const *words, int end_with_us, pid_t parent)
{
    if (end_with_us) {
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != parent) /* it died before that */
            _exit(TOOL_NO_COMMAND);
    }
    (void)signal(SIGINT, SIG_DFL);
    (void)signal(SIGQUIT, SIG_DFL);
    execvp(words[0], (char *const *)(uintptr_t)words);
    fprintf(stderr, "isthmus: %s can't be started: %s\n", words[0], strerror(errno));
    _exit(TOOL_NO_COMMAND);
}

int tool_run(const char *const *words, int end_with_us, apr_pool_t *pool)
{
    struct sigaction action = {.sa_handler = pass_on};
    pid_t parent = getpid();
    int status;
    (void)pool;
    /* A terminal sends these to the program too: it says what they do. */
    (void)signal(SIGINT, SIG_IGN);
    (void)signal(SIGQUIT, SIG_IGN);
    fflush(stdout);
    pid_t started = fork();
    if (started < 0)
        return tool_fail(words[0], APR_FROM_OS_ERROR(errno), NULL);
    if (started == 0)
        start(words, end_with_us, parent);
    child = started;
    (void)sigaction(SIGTERM, &action, NULL);
    (void)sigaction(SIGHUP, &action, NULL);
    while (waitpid(started, &status, 0) < 0) {
        if (errno != EINTR)
            return tool_fail(words[0], APR_FROM_OS_ERROR(errno), NULL);
    }
    child = 0;
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}
