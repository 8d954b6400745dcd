/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file isthmus.hpp
 * @brief Everything, for C++17 and later: the C interface with owners and exceptions.
 *
 * Headers alone: a program links the C library. Include isthmus.hpp, or what is
 * needed of:
 * - isthmus/base.hpp: errors, modes, access, owners of handles, views of memory
 * - isthmus/shm.hpp: segments of shared memory
 * - isthmus/mutex.hpp: mutexes
 * - isthmus/semaphore.hpp: semaphores
 * - isthmus/region.hpp: regions, the three as one
 * - isthmus/queue.hpp: queues of messages
 * - isthmus/objects.hpp: all objects of the machine
 */
#ifndef ISTHMUS_HPP
#define ISTHMUS_HPP

#include <isthmus/base.hpp>
#include <isthmus/mutex.hpp>
#include <isthmus/objects.hpp>
#include <isthmus/queue.hpp>
#include <isthmus/region.hpp>
#include <isthmus/semaphore.hpp>
#include <isthmus/shm.hpp>

#endif
