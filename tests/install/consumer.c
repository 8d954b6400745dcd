/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A program as a user would write it, outside the build: every kind once.
 */
#include <isthmus.h>

#include <apr_general.h>
#include <stdio.h>
#include <string.h>

#define NAME "isthmus-consumer" /* of each kind */

static int failed(const char *what, apr_status_t status)
{
    char text[200];
    ist_strerror(status, text, sizeof text);
    printf("%s: %s\n", what, text);
    return 1;
}

static int use_mutex(apr_pool_t *pool)
{
    ist_mutex_t *mutex;
    apr_status_t status = ist_mutex_open(&mutex, NAME, IST_CREATE, IST_ACCESS_OWNER, pool);
    if (status != APR_SUCCESS)
        return failed("ist_mutex_open", status);
    status = ist_mutex_lock(mutex);
    if (!IST_LOCKED(status))
        return failed("ist_mutex_lock", status);
    status = ist_mutex_unlock(mutex);
    if (status != APR_SUCCESS)
        return failed("ist_mutex_unlock", status);
    status = ist_mutex_close(mutex);
    return status == APR_SUCCESS ? 0 : failed("ist_mutex_close", status);
}

/* With room for the units of other consumers, that run at the same time. */
static int use_semaphore(apr_pool_t *pool)
{
    ist_semaphore_t *semaphore;
    apr_status_t status =
        ist_semaphore_open(&semaphore, NAME, 0, 100, IST_CREATE, IST_ACCESS_OWNER, pool);
    if (status != APR_SUCCESS)
        return failed("ist_semaphore_open", status);
    status = ist_semaphore_post(semaphore);
    if (status != APR_SUCCESS)
        return failed("ist_semaphore_post", status);
    status = ist_semaphore_wait(semaphore);
    if (status != APR_SUCCESS)
        return failed("ist_semaphore_wait", status);
    status = ist_semaphore_close(semaphore);
    return status == APR_SUCCESS ? 0 : failed("ist_semaphore_close", status);
}

static int use_segment(apr_pool_t *pool)
{
    ist_shm_t *shm;
    apr_status_t status = ist_shm_open(&shm, NAME, 4096, IST_CREATE, IST_ACCESS_OWNER, pool);
    if (status != APR_SUCCESS)
        return failed("ist_shm_open", status);
    strcpy(ist_shm_base(shm), "hello");
    if (ist_shm_size(shm) != 4096)
        return failed("ist_shm_size", APR_EGENERAL);
    status = ist_shm_close(shm);
    return status == APR_SUCCESS ? 0 : failed("ist_shm_close", status);
}

static int use_region(apr_pool_t *pool)
{
    ist_region_t *region;
    apr_status_t status = ist_region_open(&region, NAME, 4096, IST_CREATE, IST_ACCESS_OWNER, pool);
    if (status != APR_SUCCESS)
        return failed("ist_region_open", status);
    status = ist_region_lock(region);
    if (!IST_LOCKED(status))
        return failed("ist_region_lock", status);
    strcpy(ist_region_base(region), "hello");
    status = ist_region_unlock(region);
    if (status != APR_SUCCESS)
        return failed("ist_region_unlock", status);
    status = ist_region_close(region);
    return status == APR_SUCCESS ? 0 : failed("ist_region_close", status);
}

static int use_queue(apr_pool_t *pool)
{
    const ist_queue_geometry_t geometry = {64, 4};
    const apr_uint32_t flags = IST_CREATE | IST_SEND | IST_RECEIVE;
    char message[64];
    apr_size_t size;
    ist_queue_t *queue;
    apr_status_t status = ist_queue_open(&queue, NAME, &geometry, flags, IST_ACCESS_OWNER, pool);
    if (status != APR_SUCCESS)
        return failed("ist_queue_open", status);
    status = ist_queue_send(queue, "hello", 6);
    if (status != APR_SUCCESS)
        return failed("ist_queue_send", status);
    status = ist_queue_receive(queue, message, sizeof message, &size);
    if (status != APR_SUCCESS)
        return failed("ist_queue_receive", status);
    if (size != 6 || strcmp(message, "hello") != 0)
        return failed("the message", APR_EGENERAL);
    status = ist_queue_close(queue);
    return status == APR_SUCCESS ? 0 : failed("ist_queue_close", status);
}

int main(void)
{
    apr_pool_t *pool;
    if (apr_initialize() != APR_SUCCESS || apr_pool_create(&pool, NULL) != APR_SUCCESS)
        return 1;
    int result = use_mutex(pool) + use_semaphore(pool) + use_segment(pool) + use_region(pool) +
                 use_queue(pool);
    if (strcmp(ist_version(), IST_VERSION_STRING) != 0) {
        printf("the library is %s, its headers %s\n", ist_version(), IST_VERSION_STRING);
        result = 1;
    }
    if (result == 0)
        printf("consumed isthmus %s\n", ist_version());
    apr_terminate();
    return result;
}
