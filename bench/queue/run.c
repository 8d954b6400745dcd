/* SPDX-License-Identifier: Apache-2.0 */
/* Runs: a page that the processes share, a start for all at once, two clocks. */
#ifndef _GNU_SOURCE
#    define _GNU_SOURCE 1 /* sched_setaffinity, wait4 */
#endif
#include "run.h"

#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

typedef struct page_t {
    _Atomic(int) arrived[2]; /* at the first start, after the warm-up; at the second */
    _Atomic(uint64_t) begin[CROWD_MAX];
    _Atomic(uint64_t) end[CROWD_MAX];
    _Alignas(128) _Atomic(uint64_t) count[CROWD_MAX][16];
    uint32_t samples[SAMPLES_MAX];
} page_t;

static page_t *page;

uint64_t bench_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

void bench_must(int good, const char *what)
{
    if (good)
        return;
    fflush(stdout);
    perror(what);
    kill(0, SIGTERM); /* the whole crowd: some wait for messages that never come */
    exit(1);
}

static void pin(placement_e placement, int end)
{
    cpu_set_t allowed, one;
    int skip = placement == TWO_CORES ? end : 0;
    if (placement == UNPINNED || sched_getaffinity(0, sizeof allowed, &allowed) != 0)
        return;
    if (CPU_COUNT(&allowed) < 2)
        skip = 0;
    for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
        if (!CPU_ISSET(cpu, &allowed) || skip-- > 0)
            continue;
        CPU_ZERO(&one);
        CPU_SET(cpu, &one);
        bench_must(sched_setaffinity(0, sizeof one, &one) == 0, "keeping to a core");
        return;
    }
}

/* All go on at once. Yields: the others may have this core. */
static void meet(int place, int crowd)
{
    atomic_fetch_add(&page->arrived[place], 1);
    while (atomic_load(&page->arrived[place]) < crowd)
        sched_yield();
}

static void set_up(const channel_t *channel)
{
    if (page == NULL)
        page = mmap(NULL, sizeof *page, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    bench_must(page != MAP_FAILED, "mapping a page");
    memset(page, 0, offsetof(page_t, samples));
    channel->create(&measures);
    fflush(stdout);
}

static void wait_for_all(int crowd)
{
    int status;
    while (crowd-- > 0)
        bench_must(wait(&status) > 0 && status == 0, "a process of the run");
}

static void work(const channel_t *channel, int end, uint64_t n)
{
    if (end == 0)
        channel->produce(n);
    else
        channel->consume(n);
}

/* One process of a throughput run. Receivers share what there is. */
static void take_part(const channel_t *channel, const crowd_t *crowd, int who, uint64_t n)
{
    const int all = crowd->senders + crowd->receivers;
    const int end = who >= crowd->senders;
    /* Round the whole ring, of up to twice its capacity: to each process its memory is
     * fresh, and touching that is far slower than any channel. */
    const uint64_t whole = 2 * (measures.capacity + 1);
    uint64_t warm = n / 8 > whole ? n / 8 : whole;
    warm = (warm / (uint64_t)crowd->receivers + 1) * (uint64_t)crowd->receivers;
    if (end == 1) {
        n = n * (uint64_t)crowd->senders / (uint64_t)crowd->receivers;
        warm = warm * (uint64_t)crowd->senders / (uint64_t)crowd->receivers;
    }
    pin(crowd->placement, end);
    channel->open(end);
    meet(0, all);
    work(channel, end, warm);
    meet(1, all);
    page->begin[who] = bench_now();
    work(channel, end, n);
    page->end[who] = bench_now();
    exit(0);
}

double run_throughput(const channel_t *channel, const crowd_t *crowd, uint64_t n)
{
    const int all = crowd->senders + crowd->receivers;
    uint64_t begin = UINT64_MAX, end = 0;
    set_up(channel);
    for (int who = 0; who < all; who++) {
        pid_t process = fork();
        bench_must(process >= 0, "forking");
        if (process == 0)
            take_part(channel, crowd, who, n);
    }
    wait_for_all(all);
    channel->destroy();
    for (int who = 0; who < all; who++) {
        begin = page->begin[who] < begin ? page->begin[who] : begin;
        end = page->end[who] > end ? page->end[who] : end;
    }
    return (double)n * crowd->senders / (double)(end - begin) * 1e9;
}

uint64_t run_calibrate(const channel_t *channel, const crowd_t *crowd, double seconds)
{
    uint64_t n = 64;
    for (;;) {
        double took = (double)n * crowd->senders / run_throughput(channel, crowd, n);
        if (took >= seconds / 4)
            return (uint64_t)((double)n * seconds / took) + 1;
        n *= took < seconds / 64 ? 16 : 4;
    }
}

static void echo(const channel_t *channel, placement_e placement, int end, uint64_t n)
{
    pin(placement, end);
    channel->open(end);
    meet(0, 2);
    for (int warm = 1; warm >= 0; warm--) {
        uint64_t rounds = warm ? n / 8 : n;
        if (end == 0)
            channel->ping(rounds, page->samples);
        else
            channel->pong(rounds);
    }
    exit(0);
}

static int compare(const void *left, const void *right)
{
    uint32_t a = *(const uint32_t *)left;
    uint32_t b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

const uint32_t *run_round_trips(const channel_t *channel, placement_e placement, uint64_t n)
{
    set_up(channel);
    for (int end = 0; end < 2; end++) {
        pid_t process = fork();
        bench_must(process >= 0, "forking");
        if (process == 0)
            echo(channel, placement, end, n);
    }
    wait_for_all(2);
    channel->destroy();
    qsort(page->samples, n, sizeof *page->samples, compare);
    return page->samples;
}

/* ---- until they are killed ------------------------------------------------------- */

#define STRETCH 64

static void go_on(const channel_t *channel, const crowd_t *crowd, int who)
{
    const int end = who >= crowd->senders;
    pin(crowd->placement, end);
    channel->open(end);
    meet(0, crowd->senders + crowd->receivers);
    for (;;) {
        work(channel, end, STRETCH);
        page->count[who][0] += STRETCH;
    }
}

static void start(const channel_t *channel, const crowd_t *crowd, pid_t *processes)
{
    const int all = crowd->senders + crowd->receivers;
    set_up(channel);
    for (int who = 0; who < all; who++) {
        processes[who] = fork();
        bench_must(processes[who] >= 0, "forking");
        if (processes[who] == 0)
            go_on(channel, crowd, who);
    }
    while (atomic_load(&page->arrived[0]) < all)
        usleep(100);
}

static void rest(double seconds)
{
    struct timespec time = {(time_t)seconds, (long)((seconds - (double)(time_t)seconds) * 1e9)};
    nanosleep(&time, NULL);
}

double run_fairness(const channel_t *channel, const crowd_t *crowd, double seconds)
{
    pid_t processes[CROWD_MAX];
    uint64_t least = UINT64_MAX, most = 1;
    start(channel, crowd, processes);
    rest(seconds);
    for (int who = 0; who < crowd->senders; who++) {
        uint64_t count = page->count[who][0];
        least = count < least ? count : least;
        most = count > most ? count : most;
    }
    for (int who = 0; who < crowd->senders + crowd->receivers; who++) {
        kill(processes[who], SIGKILL);
        waitpid(processes[who], NULL, 0);
    }
    channel->destroy();
    return (double)least / (double)most;
}

static double used(const struct rusage *usage)
{
    return (double)(usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) +
           (double)(usage->ru_utime.tv_usec + usage->ru_stime.tv_usec) / 1e6;
}

/* Two waits of different lengths, whose difference is the waiting alone. */
double run_idle(const channel_t *channel, double seconds)
{
    const crowd_t crowd = {0, 1, TWO_CORES};
    double spent[2];
    for (int longer = 0; longer < 2; longer++) {
        pid_t process;
        struct rusage usage;
        start(channel, &crowd, &process);
        rest(longer ? seconds + 0.5 : 0.5);
        kill(process, SIGKILL);
        bench_must(wait4(process, NULL, 0, &usage) == process, "waiting");
        channel->destroy();
        spent[longer] = used(&usage);
    }
    return (spent[1] - spent[0]) / seconds;
}
