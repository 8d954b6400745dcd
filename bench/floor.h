/* SPDX-License-Identifier: Apache-2.0 */
/* A library that does nothing of its own: what is the least that any costs. */
#ifndef BENCH_FLOOR_H
#define BENCH_FLOOR_H

/* Lock and unlock a pthread_mutex_t, as a library must at least: see that there is
 * one, and look at what came of it. 0, or an error code. */
int floor_lock(void *mutex);
int floor_unlock(void *mutex);

#endif
