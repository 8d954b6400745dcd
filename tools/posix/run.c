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

/* What a terminal sends to the program too: it says what they do. */
static const int theirs[] = {SIGINT, SIGQUIT};
#define THEIRS (int)(sizeof theirs / sizeof *theirs)

/* What comes to this process alone. */
static const int ours[] = {SIGTERM, SIGHUP};
#define OURS (int)(sizeof ours / sizeof *ours)

/* How this process was started: the program is started so, too. */
typedef struct before_t {
    struct sigaction theirs[THEIRS];
    struct sigaction child; /* ignored, nobody could wait for the program */
    sigset_t mask;
} before_t;

/* Our own come in when it is known whom to pass them on to. */
static void prepare(before_t *before)
{
    struct sigaction ignore = {.sa_handler = SIG_IGN}, usual = {.sa_handler = SIG_DFL};
    sigset_t block;
    sigemptyset(&block);
    for (int i = 0; i < OURS; i++)
        sigaddset(&block, ours[i]);
    (void)sigprocmask(SIG_BLOCK, &block, &before->mask);
    for (int i = 0; i < THEIRS; i++)
        (void)sigaction(theirs[i], &ignore, &before->theirs[i]);
    (void)sigaction(SIGCHLD, &usual, &before->child);
}

static void start(const char *const *words, int end_with_us, pid_t parent, const before_t *before)
{
    if (end_with_us) {
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != parent) /* it died before that */
            _exit(TOOL_NO_COMMAND);
    }
    for (int i = 0; i < THEIRS; i++)
        (void)sigaction(theirs[i], &before->theirs[i], NULL);
    (void)sigaction(SIGCHLD, &before->child, NULL);
    (void)sigprocmask(SIG_SETMASK, &before->mask, NULL);
    execvp(words[0], (char *const *)(uintptr_t)words);
    fprintf(stderr, "isthmus: %s can't be started: %s\n", words[0], strerror(errno));
    _exit(TOOL_NO_COMMAND);
}

/* What was to be ignored (nohup) still is. */
static void pass_on_from_now(const before_t *before)
{
    struct sigaction action = {.sa_handler = pass_on}, now;
    for (int i = 0; i < OURS; i++) {
        if (sigaction(ours[i], NULL, &now) == 0 && now.sa_handler != SIG_IGN)
            (void)sigaction(ours[i], &action, NULL);
    }
    (void)sigprocmask(SIG_SETMASK, &before->mask, NULL);
}

int tool_run(const char *const *words, int end_with_us, apr_pool_t *pool)
{
    before_t before;
    pid_t parent = getpid();
    int status;
    (void)pool;
    prepare(&before);
    fflush(stdout);
    pid_t started = fork();
    if (started < 0)
        return tool_fail(words[0], APR_FROM_OS_ERROR(errno), NULL);
    if (started == 0)
        start(words, end_with_us, parent, &before);
    child = started;
    pass_on_from_now(&before);
    while (waitpid(started, &status, 0) < 0) {
        if (errno != EINTR)
            return tool_fail(words[0], APR_FROM_OS_ERROR(errno), NULL);
    }
    child = 0;
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}
