/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The tracer: see kill.h. Linux on x86-64, where ptrace can step (ptrace(2)).
 *
 * A point is so many system calls after the marker, and then so many
 * instructions: stepping alone would take hours for a call that makes files.
 */
#include "kill.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PATIENCE 20 /* seconds for one point, or it is stuck */

/* What the call answered: in memory that the child shares with the driver, for it is
 * killed before it could tell. */
typedef struct answer_t {
    _Atomic(int) given;
    apr_status_t status;
} answer_t;

static answer_t *answer;
static volatile pid_t traced;
static volatile sig_atomic_t overdue;

double kill_scaled(double seconds)
{
    const char *factor = getenv("IST_TEST_TIME_FACTOR");
    double times = factor == NULL ? 1.0 : strtod(factor, NULL);
    return seconds * (times < 1.0 ? 1.0 : times);
}

/* ---- one child --------------------------------------------------------------------- */

static void late(int number)
{
    (void)number;
    overdue = 1;
    if (traced > 0)
        kill(traced, SIGKILL);
}

static void forget(void)
{
    if (answer == NULL) {
        void *at =
            mmap(NULL, sizeof *answer, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        kill_must(at == MAP_FAILED ? APR_ENOMEM : APR_SUCCESS, "memory for an answer");
        answer = at;
        signal(SIGALRM, late);
    }
    atomic_store(&answer->given, 0);
    overdue = 0;
}

static pid_t start(const kill_call_t *call)
{
    int status;
    forget();
    kill_must(call->begin(), call->name);
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        if (call->prepare() != APR_SUCCESS)
            _exit(1);
        ptrace(PTRACE_TRACEME, 0, NULL, NULL);
        raise(SIGSTOP);
        answer->status = call->call();
        atomic_store(&answer->given, 1);
        raise(SIGSTOP);
        _exit(0);
    }
    traced = child;
    alarm((unsigned)kill_scaled(PATIENCE));
    if (waitpid(child, &status, 0) != child || !WIFSTOPPED(status))
        kill_must(APR_EGENERAL, "a child that stops at the marker");
    ptrace(PTRACE_SETOPTIONS, child, NULL,
           (void *)(long)(PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL));
    return child;
}

/* Go on to the next stop: 1, or 0 when the call is over, or the child gone. */
static int go(pid_t child, int how)
{
    int status;
    if (ptrace((enum __ptrace_request)how, child, NULL, NULL) != 0 ||
        waitpid(child, &status, 0) != child || !WIFSTOPPED(status))
        return 0;
    return WSTOPSIG(status) != SIGSTOP;
}

static void end(pid_t child)
{
    int status;
    kill(child, SIGKILL);
    while (waitpid(child, &status, 0) == child && !WIFEXITED(status) && !WIFSIGNALED(status))
        continue;
    traced = 0;
    alarm(0);
}

/* Whether the next instruction is a system call (0f 05). */
static int at_system_call(pid_t child)
{
    struct user_regs_struct registers;
    if (ptrace(PTRACE_GETREGS, child, NULL, &registers) != 0)
        return 0;
    errno = 0;
    long word = ptrace(PTRACE_PEEKTEXT, child, (void *)registers.rip, NULL);
    return errno == 0 && (word & 0xffff) == 0x050f;
}

/* Count the instructions after each system call; returns how many of these there are. */
int kill_survey(const kill_call_t *call, long *between)
{
    int calls = 0;
    kill_pool = NULL;
    apr_pool_create(&kill_pool, NULL);
    pid_t child = start(call);
    between[0] = 0;
    for (int over = 0; !over && calls < KILL_CALLS_MAX - 1;) {
        int is_call = at_system_call(child);
        over = !go(child, PTRACE_SINGLESTEP);
        if (is_call)
            between[++calls] = 0;
        else
            between[calls]++;
    }
    end(child);
    (void)call->look();
    apr_pool_destroy(kill_pool);
    return calls;
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* Who held the lock left it to be told of; whose call has returned left what it said. */
static outcome_e judge(const kill_call_t *call, outcome_e outcome, int held)
{
    if (overdue)
        return STUCK;
    if (outcome != BEFORE && outcome != AFTER)
        return outcome;
    if (call->held && (outcome == AFTER) != held)
        return WRONG;
    if (atomic_load(&answer->given) && (answer->status != APR_SUCCESS || outcome != call->done))
        return WRONG;
    return outcome;
}

static void tell(const kill_call_t *call, const kill_place_t *place, outcome_e outcome)
{
    printf("  %s: killed ", call->name);
    if (place->steps == KILL_END)
        printf("at its end");
    else
        printf("%d system calls%s and %ld instructions on", place->calls,
               place->half ? " (in the last)" : "", place->steps);
    if (atomic_load(&answer->given))
        printf(", when it had answered %d", (int)answer->status);
    printf(", turn %u: %s\n", kill_turn % KILL_TURNS, outcome == STUCK ? "stuck" : "wrong");
}

outcome_e kill_at(const kill_call_t *call, const kill_place_t *place, double *took)
{
    apr_pool_create(&kill_pool, NULL);
    pid_t child = start(call);
    int on = 1;
    for (int stop = 0; on && stop < 2 * place->calls - place->half; stop++)
        on = go(child, PTRACE_SYSCALL);
    for (long step = 0; on && step < place->steps; step++)
        on = go(child, PTRACE_SINGLESTEP);
    int held = call->held && (*kill_lock_word() & 0x3fffffff) == (unsigned)child;
    kill_there = kill_left();
    end(child);
    double began = now();
    outcome_e outcome = call->look();
    *took = now() - began;
    outcome = judge(call, outcome, held);
    apr_pool_destroy(kill_pool);
    if (outcome == WRONG || outcome == STUCK)
        tell(call, place, outcome);
    kill_turn++;
    return outcome;
}
