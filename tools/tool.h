/* SPDX-License-Identifier: Apache-2.0 */
/* What the commands of `isthmus` share. */
#ifndef TOOL_H
#define TOOL_H

#include <apr_getopt.h>
#include <apr_pools.h>
#include <isthmus.h>

/* Exit codes. `lock` and `hold` with a command pass on that command's own. */
enum {
    TOOL_OK = 0,
    TOOL_NOT = 1,   /* what was asked is not so: no such object, no unit in that time */
    TOOL_USAGE = 2, /* the words are off */
    TOOL_ERROR = 3, /* the system or the library says no */
    TOOL_NO_COMMAND = 127
};

typedef struct tool_command_t {
    const char *name;
    const char *arguments;
    const char *summary; /* one line */
    const char *help;    /* the rest of --help */
    /* argv[0] is the command's name; the result is the exit code. */
    int (*run)(int argc, const char *const *argv, apr_pool_t *pool);
} tool_command_t;

extern const tool_command_t tool_list, tool_show, tool_sweep, tool_lock, tool_hold, tool_sem,
    tool_send, tool_recv, tool_top, tool_bench;

/* ---- options.c ---------------------------------------------------------------- */

/* One line to stderr: "isthmus: WHAT: the status in words; ADVICE". TOOL_ERROR. With NULL
 * the advice is what is usual for the status, if any. */
int tool_fail(const char *what, apr_status_t status, const char *advice);

/* One line to stderr: what is wrong, and where the help is. TOOL_USAGE. */
int tool_usage(const tool_command_t *command, const char *wrong);

/* Prepare to read options, anywhere before "--". */
apr_getopt_t *tool_options(int argc, const char *const *argv, apr_pool_t *pool);

/* The next option: its letter, 0 at the end, -1 when there is no such one. */
int tool_option(apr_getopt_t *state, const apr_getopt_option_t *known, const char **argument);

/* What is left when all options were read, and how much of it. */
int tool_words(const apr_getopt_t *state, const char *const **words);

/* "1.5" gives 1500000. 0 when it is no such number. */
int tool_seconds(const char *text, apr_interval_time_t *timeout);

/* A number up to `most`, with K, M or G for powers of 1024. 0 when it is none. */
int tool_number(const char *text, apr_uint64_t most, apr_uint64_t *number);

/* ---- words.c -------------------------------------------------------------------- */

const char *tool_kind_name(ist_kind_e kind);
int tool_kind(const char *text, ist_kind_e *kind);

/* "512", "4.0K", "1.5M": four figures at most. */
const char *tool_bytes(apr_uint64_t bytes, apr_pool_t *pool);
const char *tool_age(apr_interval_time_t age, apr_pool_t *pool);

/* "rw-r-----" */
const char *tool_access(apr_fileperms_t access, apr_pool_t *pool);

/* A string of JSON, with its quotes. */
const char *tool_json(const char *text, apr_pool_t *pool);

/* ---- posix/, win32/ ---------------------------------------------------------------- */

/* The name of a user by number, or the number; NULL when that means nothing here. */
const char *tool_user(apr_int64_t user, apr_pool_t *pool);

/* The processes that have an object open, as far as the caller may see them: their
 * number, -1 when the system does not tell. `pids`, as text, may be NULL. */
int tool_holders(const ist_info_t *info, const char **pids, apr_pool_t *pool);

/* The thread that has its first mutex: 0 for nobody, -1 when the system does not tell. */
long tool_owner(const ist_info_t *info, apr_pool_t *pool);

/* What an object's header says, in words. */
typedef struct tool_header_t {
    const char *layout;
    const char *locks; /* whose they are */
    const char *space; /* the PID namespace; NULL for none */
} tool_header_t;

/* 0 when it is not told; `header` is zeroed before. */
int tool_header(const ist_info_t *info, tool_header_t *header, apr_pool_t *pool);

/* The messages that wait in a queue; -1 when they can't be counted, or move meanwhile. */
apr_int64_t tool_depth(const ist_info_t *info, apr_pool_t *pool);

/* Show each object that a sweep would remove, in no order. APR_SUCCESS, what `visit`
 * returned to end it, or the system's code. */
apr_status_t tool_leftovers(ist_list_fn_t *visit, void *baton, apr_pool_t *pool);

/* Run a program until it ends: its exit code, 128 + n for signal n; when this process is
 * killed meanwhile, so is the program, or it is left. */
int tool_run(const char *const *words, int end_with_us, apr_pool_t *pool);

/* The path of this program. */
const char *tool_self(apr_pool_t *pool);

/* Wait until standard input ends, or a signal asks to. */
void tool_until_told(void);

/* Whether standard output (1) or error (2) is a terminal. */
int tool_is_terminal(int which);

/* Set when a signal asks to end; armed by the first call. */
int tool_asked_to_end(void);

#endif
