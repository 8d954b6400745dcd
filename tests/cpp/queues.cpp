/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Queues: bytes, messages in place, and messages of one type.
 */
#include "cases.hpp"

#include <cstring>
#include <stdexcept>
#include <string_view>

using isthmus::mode;

namespace
{

constexpr mode both = mode::create | mode::send | mode::receive;

std::string_view text(isthmus::const_bytes some)
{
    return {reinterpret_cast<const char *>(some.data()), some.size()};
}

isthmus::const_bytes hello()
{
    return isthmus::text_bytes(std::string_view("hello"));
}

void bytes_cross()
{
    isthmus::queue queue(tst_name(nullptr), {16, 4}, both);
    std::byte place[16];
    isthmus::bytes room(place, sizeof(place));
    TST_TRUE(!queue.try_receive(room));
    TST_TRUE(!queue.receive_for(room, std::chrono::milliseconds(1)));
    queue.send(hello());
    TST_TRUE(queue.try_send(hello()));
    TST_TRUE(queue.send_for(hello(), std::chrono::seconds(1)));
    TST_NUMBER(queue.state().messages, 3);
    TST_TRUE(text(queue.receive(room)) == "hello");
    TST_STATUS(thrown([&] { static_cast<void>(queue.receive(room.part(0, 4))); }), IST_EMSGSIZE);
    TST_TRUE(text(queue.try_receive(room).value()) == "hello");
    TST_TRUE(text(queue.receive_for(room, std::chrono::seconds(1)).value()) == "hello");
    TST_NUMBER(isthmus::queue(tst_name(nullptr), mode::open).geometry().message_size, 16);
}

void full_is_told()
{
    isthmus::queue queue(tst_name(nullptr), {16, 1}, both);
    int sent = 0;
    while (sent < 10000 && queue.try_send(hello()))
        sent++;
    TST_TRUE(sent >= 1 && sent < 10000);
    TST_TRUE(!queue.send_for(hello(), std::chrono::milliseconds(1)));
}

void reservations_end()
{
    isthmus::queue queue(tst_name(nullptr), {16, 4}, both);
    try {
        isthmus::reservation room = queue.reserve(8);
        throw std::runtime_error("passes");
    } catch (const std::runtime_error &) {
    }
    TST_NUMBER(queue.state().messages, 0);
    std::optional<isthmus::reservation> room = queue.reserve_for(8, std::chrono::seconds(1));
    TST_MUST_TRUE(room.has_value());
    std::memcpy(room->data().data(), "hello", 5);
    TST_STATUS(thrown([&] { room->commit(9); }), IST_EMSGSIZE);
    isthmus::reservation moved = std::move(*room);
    moved.commit(5);
    TST_NUMBER(queue.state().messages, 1);
    queue.reserve(1).cancel();
    TST_NUMBER(queue.state().messages, 1);
}

void messages_are_put_back()
{
    isthmus::queue queue(tst_name(nullptr), {16, 4}, both);
    TST_TRUE(!queue.peek_for(std::chrono::milliseconds(1)));
    queue.send(hello());
    try {
        isthmus::message next = queue.peek();
        throw std::runtime_error("passes");
    } catch (const std::runtime_error &) {
    }
    queue.peek().putback();
    isthmus::message next = queue.peek();
    TST_TRUE(text(next.data()) == "hello");
    next.release();
    TST_NUMBER(queue.state().messages, 0);
}

struct reading {
    int sensor;
    double value;
};

void of_one_type()
{
    isthmus::typed_queue<reading> queue(tst_name(nullptr), 4, both);
    TST_TRUE(!queue.try_receive());
    queue.send({1, 0.5});
    TST_TRUE(queue.try_send({2, 1.5}));
    TST_TRUE(queue.send_for({3, 2.5}, std::chrono::seconds(1)));
    TST_NUMBER(queue.receive().sensor, 1);
    TST_TRUE(queue.try_receive().value().value == 1.5);
    TST_NUMBER(queue.receive_for(std::chrono::seconds(1)).value().sensor, 3);
    queue.bare().send(hello());
    TST_STATUS(thrown([&] { static_cast<void>(queue.receive()); }), IST_EMSGSIZE);
    TST_NUMBER(queue.bare().state().messages, 1);
}

} // namespace

const tst_case_t cpp_queue_cases[] = {
    {"C++: bytes cross a queue", guarded<bytes_cross>},
    {"C++: a full queue is told", guarded<full_is_told>},
    {"C++: a reservation is cancelled unless committed", guarded<reservations_end>},
    {"C++: a message is put back unless released", guarded<messages_are_put_back>},
    {"C++: messages of one type", guarded<of_one_type>},
    {nullptr, nullptr},
};
