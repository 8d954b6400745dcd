/* SPDX-License-Identifier: Apache-2.0 */
/* The arguments of open calls: what is refused before anything is touched. */
#include "internal.h"

#include <string.h>

#define CREATE_FLAGS (IST_CREATE | IST_CREATE_ONLY)

apr_status_t isti_name_check(const char *name)
{
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                  "0123456789._-";
    if (name == NULL || name[0] == '\0' || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
        return APR_EINVAL;
    size_t length = strspn(name, allowed);
    if (name[length] != '\0')
        return APR_EINVAL;
    return length > IST_NAME_MAX ? APR_ENAMETOOLONG : APR_SUCCESS;
}

static apr_status_t check_flags(ist_kind_e kind, apr_uint32_t flags)
{
    if ((flags & ~(CREATE_FLAGS | IST_GLOBAL | isti_kind(kind)->flags)) != 0)
        return APR_EINVAL;
    if ((flags & CREATE_FLAGS) == CREATE_FLAGS)
        return APR_EINVAL;
    if ((flags & IST_READ_ONLY) != 0 && (flags & CREATE_FLAGS) != 0)
        return APR_EINVAL;
    return APR_SUCCESS;
}

/* User >= group >= world, no write without read; locks can't be had by half. */
static apr_status_t check_access(ist_kind_e kind, apr_fileperms_t access)
{
    static const apr_fileperms_t read[] = {APR_FPROT_UREAD, APR_FPROT_GREAD, APR_FPROT_WREAD};
    static const apr_fileperms_t write[] = {APR_FPROT_UWRITE, APR_FPROT_GWRITE, APR_FPROT_WWRITE};
    if (access == 0 || access == APR_FPROT_OS_DEFAULT)
        return APR_SUCCESS;
    if ((access & ~IST_ACCESS_WORLD) != 0 || (access & APR_FPROT_UREAD) == 0)
        return APR_EINVAL;
    for (int i = 0; i < 3; i++) {
        int may_read = (access & read[i]) != 0;
        int may_write = (access & write[i]) != 0;
        if (may_write && !may_read)
            return APR_EINVAL;
        if (kind != IST_KIND_SHM && may_read != may_write)
            return APR_EINVAL;
        if (i > 0 && ((may_read && (access & read[i - 1]) == 0) ||
                      (may_write && (access & write[i - 1]) == 0)))
            return APR_EINVAL;
    }
    return APR_SUCCESS;
}

static apr_status_t check_counts(const isti_request_t *request)
{
    if (request->maximum < 1 || request->maximum > IST_COUNT_MAX)
        return APR_EINVAL;
    return request->initial > request->maximum ? APR_EINVAL : APR_SUCCESS;
}

apr_status_t isti_request_check(const isti_request_t *request)
{
    apr_status_t rv = isti_name_check(request->name);
    if (rv != APR_SUCCESS)
        return rv;
    if (request->pool == NULL || check_flags(request->kind, request->flags) != APR_SUCCESS)
        return APR_EINVAL;
    if ((request->flags & CREATE_FLAGS) == 0)
        return APR_SUCCESS;
    if (isti_kind(request->kind)->sized && request->size == 0)
        return APR_EINVAL;
    if (request->kind == IST_KIND_SEMAPHORE && check_counts(request) != APR_SUCCESS)
        return APR_EINVAL;
    return check_access(request->kind, request->access);
}
