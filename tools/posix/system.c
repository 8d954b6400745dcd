/* SPDX-License-Identifier: Apache-2.0 */
/* What the commands need of a POSIX system: users, terminals, signals. */
#include "tool.h"

#include <apr_strings.h>
#include <apr_user.h>
#include <errno.h>
#include <signal.h>
#include <sys/select.h>
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

int tool_asked_to_end(void)
{
    static int armed;
    if (!armed) {
        struct sigaction action = {.sa_handler = ask};
        (void)sigaction(SIGINT, &action, NULL);
        (void)sigaction(SIGTERM, &action, NULL);
        (void)sigaction(SIGHUP, &action, NULL);
        armed = 1;
    }
    return asked;
}

/* The signals come in only while it sleeps, so none is missed. */
void tool_until_told(void)
{
    sigset_t ours, before;
    char ignored[4096];
    (void)tool_asked_to_end();
    sigemptyset(&ours);
    sigaddset(&ours, SIGINT);
    sigaddset(&ours, SIGTERM);
    sigaddset(&ours, SIGHUP);
    (void)sigprocmask(SIG_BLOCK, &ours, &before);
    while (!tool_asked_to_end()) {
        fd_set set;
        FD_ZERO(&set);
        FD_SET(0, &set);
        if (pselect(1, &set, NULL, NULL, NULL, &before) < 0) {
            if (errno == EINTR)
                continue;
            break;
        }
        if (read(0, ignored, sizeof ignored) <= 0)
            break;
    }
    (void)sigprocmask(SIG_SETMASK, &before, NULL);
}
