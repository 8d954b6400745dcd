/* SPDX-License-Identifier: Apache-2.0 */
/* Boost.Interprocess message_queue. */
#include "channel.h"

#include <boost/interprocess/ipc/message_queue.hpp>
#include <string>

using boost::interprocess::message_queue;

static message_queue *queues[2];

static std::string name_of(int way)
{
    return std::string(measures.prefix) + "." + std::to_string(way);
}

static void create(const measures_t *wanted)
{
    for (int way = 0; way < 2; way++)
        queues[way] = new message_queue(boost::interprocess::create_only, name_of(way).c_str(),
                                        wanted->capacity, wanted->size);
}

/* What was made before the fork is the child's too. */
static void open_end(int)
{
}

static void destroy()
{
    for (int way = 0; way < 2; way++) {
        delete queues[way];
        message_queue::remove(name_of(way).c_str());
    }
}

static inline void put(int way, const void *data, size_t size)
{
    queues[way]->send(data, size, 0);
}

static inline void get(int way, void *data, size_t room)
{
    message_queue::size_type size;
    unsigned priority;
    queues[way]->receive(data, room, size, priority);
}

#include "loops.h"

extern const channel_t peer_boost;
const channel_t peer_boost = {"Boost message_queue", 0, 1, create, open_end, LOOPS, destroy};
