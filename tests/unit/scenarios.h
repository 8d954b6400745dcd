/* SPDX-License-Identifier: Apache-2.0 */
/* Whole scenarios, each to be run with every call of the system's failing in turn. */
#ifndef UNIT_SCENARIOS_H
#define UNIT_SCENARIOS_H

#include "unit.h"

/* Ends at the first status that is not as it should be, and returns it, or
 * SCENARIO_WRONG in place of a success. The pool closes what is open then. */
typedef apr_status_t scenario_fn(apr_pool_t *pool);

#define SCENARIO_WRONG (APR_OS_START_USERERR + 9900)

scenario_fn scenario_shm;
scenario_fn scenario_shm_pool;
scenario_fn scenario_shm_removed;
scenario_fn scenario_mutex;
scenario_fn scenario_mutex_pool;
scenario_fn scenario_mutex_held;
scenario_fn scenario_mutex_contended;
scenario_fn scenario_mutex_polled;
scenario_fn scenario_semaphore;
scenario_fn scenario_semaphore_pool;
scenario_fn scenario_semaphore_asleep;
scenario_fn scenario_semaphore_polled;
scenario_fn scenario_region;
scenario_fn scenario_region_pool;
scenario_fn scenario_queue;
scenario_fn scenario_queue_pool;
scenario_fn scenario_queue_sole;
scenario_fn scenario_queue_asleep;
scenario_fn scenario_together;
scenario_fn scenario_all_objects;

#endif
