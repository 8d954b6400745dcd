/* SPDX-License-Identifier: Apache-2.0 */
/* The system's own ways: pipe, UNIX socket, POSIX message queue. */
#include "channel.h"

#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int files[2][2]; /* of each way: to read, to write */
static mqd_t queues[2];
static int kind; /* whether messages keep their bounds */

enum { BYTES, PACKETS, QUEUES };

static void open_end(int end)
{
    (void)end;
}

static void destroy(void)
{
    for (int way = 0; way < 2; way++) {
        if (kind == QUEUES)
            mq_close(queues[way]);
        else
            close(files[way][0]), close(files[way][1]);
    }
}

static void create_pipe(const measures_t *wanted)
{
    kind = BYTES;
    for (int way = 0; way < 2; way++) {
        bench_must(pipe(files[way]) == 0, "making a pipe");
        (void)fcntl(files[way][1], F_SETPIPE_SZ, 1 << 20);
    }
    (void)wanted;
}

static void create_seqpacket(const measures_t *wanted)
{
    int room = 2 << 20;
    kind = PACKETS;
    for (int way = 0; way < 2; way++) {
        bench_must(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, files[way]) == 0, "making sockets");
        (void)setsockopt(files[way][1], SOL_SOCKET, SO_SNDBUF, &room, sizeof room);
    }
    (void)wanted;
}

static void create_mq(const measures_t *wanted)
{
    char name[100];
    struct mq_attr attributes = {.mq_maxmsg = 10, .mq_msgsize = (long)wanted->size};
    kind = QUEUES;
    for (int way = 0; way < 2; way++) {
        snprintf(name, sizeof name, "/%s.%d", wanted->prefix, way);
        queues[way] = mq_open(name, O_CREAT | O_EXCL | O_RDWR, 0600, &attributes);
        bench_must(queues[way] != (mqd_t)-1, "making a message queue");
        mq_unlink(name);
    }
}

static inline void put(int way, const void *data, size_t size)
{
    const char *at = data;
    if (kind == QUEUES) {
        bench_must(mq_send(queues[way], data, size, 0) == 0, "sending");
        return;
    }
    while (size > 0) {
        ssize_t n = write(files[way][1], at, size);
        bench_must(n > 0, "writing");
        at += n;
        size -= (size_t)n;
    }
}

static inline void get(int way, void *data, size_t size)
{
    char *at = data;
    if (kind == QUEUES) {
        bench_must(mq_receive(queues[way], data, size, NULL) >= 0, "receiving");
        return;
    }
    while (size > 0) {
        ssize_t n = read(files[way][0], at, size);
        bench_must(n > 0, "reading");
        at += n;
        size -= (size_t)n;
    }
}

#include "loops.h"

const channel_t system_pipe = {"pipe", 0, 0, create_pipe, open_end, LOOPS, destroy};
const channel_t system_seqpacket = {"UNIX seqpacket", 128 << 10, 0,      create_seqpacket,
                                    open_end,         LOOPS,     destroy};
const channel_t system_mq = {"POSIX mq", 8192, 0, create_mq, open_end, LOOPS, destroy};
