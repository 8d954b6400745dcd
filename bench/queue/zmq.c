/* SPDX-License-Identifier: Apache-2.0 */
/* ZeroMQ, pairs over its ipc transport. */
#include "channel.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <zmq.h>

static void *context, *socket_;
static int binds;

static void address(char *text, size_t size)
{
    snprintf(text, size, "ipc:///tmp/%s.sock", measures.prefix);
}

static void create(const measures_t *wanted)
{
    (void)wanted;
}

/* What is on its way would be lost with the process: a connection that ends is made
 * anew by the side that connected, and what that side has not yet taken is dropped
 * then. So the side that bound goes last: its good-bye, the other's answer. */
static void leave(void)
{
    char end;
    if (binds)
        zmq_send(socket_, "", 0, 0);
    zmq_recv(socket_, &end, 1, 0);
    if (!binds)
        zmq_send(socket_, "", 0, 0);
    zmq_close(socket_);
    zmq_ctx_term(context);
}

/* A context does not survive a fork, so each process has its own. One socket
 * goes both ways. */
static void open_end(int end)
{
    char where[200];
    address(where, sizeof where);
    context = zmq_ctx_new();
    socket_ = zmq_socket(context, ZMQ_PAIR);
    bench_must(socket_ != NULL, "making a socket");
    binds = end == 0;
    bench_must((binds ? zmq_bind(socket_, where) : zmq_connect(socket_, where)) == 0, "connecting");
    bench_must(atexit(leave) == 0, "a way to end well");
}

static void destroy(void)
{
    char where[200];
    address(where, sizeof where);
    unlink(where + sizeof "ipc://" - 1);
}

static inline void put(int way, const void *data, size_t size)
{
    (void)way;
    bench_must(zmq_send(socket_, data, size, 0) >= 0, "sending");
}

static inline void get(int way, void *data, size_t room)
{
    (void)way;
    bench_must(zmq_recv(socket_, data, room, 0) >= 0, "receiving");
}

#include "loops.h"

const channel_t peer_zmq = {"ZeroMQ ipc", 0, 0, create, open_end, LOOPS, destroy};
