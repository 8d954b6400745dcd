/* SPDX-License-Identifier: Apache-2.0 */
/* What the commands need of a POSIX system: users, terminals, signals. */
#include "tool.h"

#include <apr_strings.h>
#include <apr_user.h>
#include <errno.h>
#include <signal.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <unistd.h>

const char *tool_user(apr_int64_t user, apr_pool_t *pool)
{
    char *name;
    if (apr_uid_name_get(&name, (apr_uid_t)user, pool) == APR_SUCCESS && name != NULL)
        return name;
    return apr_psprintf(pool, "%" APR_INT64_T_FMT, user);
}

const char *tool_self(apr_pool_t *pool)
{
    char path[4096];
    ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
    return length < 0 ? "isthmus" : apr_pstrndup(pool, path, (apr_size_t)length);
}

int tool_is_terminal(int which)
{
    return isatty(which);
}

static volatile sig_atomic_t asked;

static void ask(int signal)
{
    (void)signal;
    asked = 1;
}

/* What was to be ignored (nohup; a shell's background) still is. */
int tool_asked_to_end(void)
{
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
    static int armed;
    for (size_t i = 0; !armed && i < sizeof signals / sizeof *signals; i++) {
        struct sigaction action = {.sa_handler = ask}, before;
        if (sigaction(signals[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN)
            (void)sigaction(signals[i], &action, NULL);
    }
    armed = 1;
    return asked;
}

/* Whether the end of standard input says something: a terminal's is for the group in its
 * foreground, and what is no pipe has no end that somebody makes. */
static int input_tells(void)
{
    struct stat file;
    if (isatty(0))
        return tcgetpgrp(0) == getpgrp();
    return fstat(0, &file) == 0 && (S_ISFIFO(file.st_mode) || S_ISSOCK(file.st_mode));
}

/* The signals come in only while it sleeps, so none is missed. */
void tool_until_told(void)
{
    sigset_t ours, before;
    char ignored[4096];
    const int looks = input_tells();
    (void)tool_asked_to_end();
    sigemptyset(&ours);
    sigaddset(&ours, SIGINT);
    sigaddset(&ours, SIGTERM);
    sigaddset(&ours, SIGHUP);
    (void)sigprocmask(SIG_BLOCK, &ours, &before);
    while (!tool_asked_to_end()) {
        fd_set set;
        FD_ZERO(&set);
        if (looks)
            FD_SET(0, &set);
        if (pselect(looks, &set, NULL, NULL, NULL, &before) < 0) {
            if (errno == EINTR)
                continue;
            break;
        }
        if (read(0, ignored, sizeof ignored) <= 0)
            break;
    }
    (void)sigprocmask(SIG_SETMASK, &before, NULL);
}
