/* SPDX-License-Identifier: Apache-2.0 */
/* Sends a line, or prints it: hello "a line" in one terminal, hello in another. */
#include <exception>
#include <iostream>
#include <mutex>
#include <string_view>

#include <isthmus.hpp>

namespace
{

struct line {
    unsigned size;
    char text[200];
};

void write(line &place, std::string_view text)
{
    place.size = static_cast<unsigned>(text.copy(place.text, sizeof(place.text)));
}

void send(isthmus::region &region, std::string_view text)
{
    try {
        std::lock_guard<isthmus::region> guard(region);
        write(region.data().as<line>(), text);
    } catch (const isthmus::abandoned &) { // it is locked all the same: the line is written anew
        std::lock_guard<isthmus::region> guard(region, std::adopt_lock);
        write(region.data().as<line>(), text);
    }
    region.notify();
}

void receive(isthmus::region &region)
{
    region.wait();
    std::lock_guard<isthmus::region> guard(region); // half a line is of no use: abandoned ends us
    const line &place = region.data().as<line>();
    std::cout << std::string_view(place.text, place.size) << std::endl;
}

} // namespace

int main(int argc, char **argv)
{
    try {
        isthmus::region region("hello-cpp", sizeof(line), isthmus::mode::create);
        isthmus::semaphore taken("hello-cpp", 0, 1, isthmus::mode::create);
        if (argc > 1) {
            send(region, argv[1]);
            taken.acquire(); // stay, or the region goes with us
        } else {
            receive(region);
            taken.release();
        }
        return 0;
    } catch (const std::exception &e) {
        std::cerr << "hello: " << e.what() << std::endl;
        return 1;
    }
}
