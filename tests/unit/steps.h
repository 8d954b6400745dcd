/* SPDX-License-Identifier: Apache-2.0 */
/* The steps of a scenario: each ends it when it does not go as it should. */
#ifndef UNIT_STEPS_H
#define UNIT_STEPS_H

#define STEP_IS(call, status)                                                                      \
    do {                                                                                           \
        apr_status_t got_ = (call);                                                                \
        if (got_ != (status))                                                                      \
            return got_ == APR_SUCCESS ? SCENARIO_WRONG : got_;                                    \
    } while (0)
#define STEP(call) STEP_IS(call, APR_SUCCESS)
#define MUST_BE(condition)                                                                         \
    do {                                                                                           \
        if (!(condition))                                                                          \
            return SCENARIO_WRONG;                                                                 \
    } while (0)

#endif
