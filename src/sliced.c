/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Waiting: the one place that turns a timeout into slices up to a deadline,
 * and that knows that a system's wait may end early, late or by a signal.
 */
#include "internal.h"

int64_t isti_deadline(int64_t now, apr_interval_time_t timeout)
{
    if (timeout < 0 || timeout > (INT64_MAX - now) / ISTI_NANO)
        return INT64_MAX;
    return now + timeout * ISTI_NANO;
}

apr_status_t isti_sliced(isti_try_fn *attempt, void *what, int64_t deadline)
{
    for (int64_t now = ist_os_now();;) {
        ist_os_deadline_t slice;
        ist_os_until(&slice, deadline - now > ISTI_SLICE ? now + ISTI_SLICE : deadline);
        apr_status_t rv = attempt(what, &slice);
        if (rv != APR_TIMEUP)
            return rv;
        now = ist_os_now();
        if (now >= deadline)
            return APR_TIMEUP;
    }
}
