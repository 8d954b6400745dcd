/* SPDX-License-Identifier: Apache-2.0 */
/* How things are spelt for people, and for programs. */
#include "tool.h"

#include <apr_strings.h>
#include <string.h>

static const struct {
    ist_kind_e kind;
    const char *name;
} kinds[] = {{IST_KIND_MUTEX, "mutex"},        {IST_KIND_SEMAPHORE, "semaphore"},
             {IST_KIND_SHM, "segment"},        {IST_KIND_REGION, "region"},
             {IST_KIND_QUEUE, "queue"},        {IST_KIND_SENDERS, "senders"},
             {IST_KIND_RECEIVERS, "receivers"}};

#define KINDS (sizeof kinds / sizeof *kinds)

const char *tool_kind_name(ist_kind_e kind)
{
    for (size_t i = 0; i < KINDS; i++) {
        if (kinds[i].kind == kind)
            return kinds[i].name;
    }
    return "unknown";
}

int tool_kind(const char *text, ist_kind_e *kind)
{
    for (size_t i = 0; i < KINDS; i++) {
        if (strcmp(kinds[i].name, text) == 0) {
            *kind = kinds[i].kind;
            return 1;
        }
    }
    return 0;
}

const char *tool_bytes(apr_uint64_t bytes, apr_pool_t *pool)
{
    static const char units[] = "KMGTPE";
    double value = (double)bytes;
    int unit = -1;
    while (value >= 1000) {
        value /= 1024;
        unit++;
    }
    if (unit < 0)
        return apr_psprintf(pool, "%d", (int)bytes);
    return apr_psprintf(pool, "%.*f%c", value < 10 ? 1 : 0, value, units[unit]);
}

const char *tool_age(apr_interval_time_t age, apr_pool_t *pool)
{
    apr_int64_t seconds = age < 0 ? 0 : apr_time_sec(age);
    if (seconds < 60)
        return apr_psprintf(pool, "%ds", (int)seconds);
    if (seconds < 3600)
        return apr_psprintf(pool, "%dm%02ds", (int)(seconds / 60), (int)(seconds % 60));
    if (seconds < 86400)
        return apr_psprintf(pool, "%dh%02dm", (int)(seconds / 3600), (int)(seconds / 60 % 60));
    return apr_psprintf(pool, "%dd%02dh", (int)(seconds / 86400), (int)(seconds / 3600 % 24));
}

const char *tool_access(apr_fileperms_t access, apr_pool_t *pool)
{
    static const apr_fileperms_t bits[] = {APR_FPROT_UREAD, APR_FPROT_UWRITE, 0,
                                           APR_FPROT_GREAD, APR_FPROT_GWRITE, 0,
                                           APR_FPROT_WREAD, APR_FPROT_WWRITE, 0};
    char *text = apr_pstrdup(pool, "---------");
    for (int i = 0; i < 9; i++) {
        if ((access & bits[i]) != 0)
            text[i] = i % 3 == 0 ? 'r' : 'w';
    }
    return text;
}

const char *tool_json(const char *text, apr_pool_t *pool)
{
    static const char digits[] = "0123456789abcdef";
    char *json = apr_palloc(pool, 6 * strlen(text) + 3);
    char *at = json;
    *at++ = '"';
    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;
        if (c < 0x20) {
            memcpy(at, "\\u00", 4);
            at[4] = digits[c >> 4];
            at[5] = digits[c & 15];
            at += 6;
            continue;
        }
        if (c == '"' || c == '\\')
            *at++ = '\\';
        *at++ = (char)c;
    }
    *at++ = '"';
    *at = '\0';
    return json;
}
