/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file isthmus.h
 * @brief Everything: named shared memory, mutexes, semaphores and regions.
 *
 * @mainpage isthmus
 * Named shared memory, mutexes and semaphores between processes, the same on
 * Windows and POSIX. Include isthmus.h, or what is needed of:
 * - isthmus/base.h: names, lives of objects, handles, flags, access, time
 * - isthmus/errno.h: status codes and their words
 * - isthmus/shm.h: segments of shared memory
 * - isthmus/mutex.h: mutexes
 * - isthmus/semaphore.h: semaphores
 * - isthmus/region.h: regions, the three as one
 * - isthmus/queue.h: queues of messages
 * - isthmus/objects.h: list all objects, sweep up dead ones
 */
#ifndef ISTHMUS_H
#define ISTHMUS_H

#include <isthmus/base.h>
#include <isthmus/errno.h>
#include <isthmus/mutex.h>
#include <isthmus/objects.h>
#include <isthmus/queue.h>
#include <isthmus/region.h>
#include <isthmus/semaphore.h>
#include <isthmus/shm.h>

#endif
