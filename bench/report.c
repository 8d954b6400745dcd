/* SPDX-License-Identifier: Apache-2.0 */
/* The results: a table to read and a CSV file to keep. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"

struct report_t {
    FILE *csv;
    int goals;
    int reached;
};

static int compare(const void *left, const void *right)
{
    double a = *(const double *)left;
    double b = *(const double *)right;
    return (a > b) - (a < b);
}

/* The value at a fraction of the way through sorted ones. */
static double quantile(const double *sorted, int count, double fraction)
{
    double at = fraction * (count - 1);
    int below = (int)at;
    if (below + 1 >= count)
        return sorted[count - 1];
    return sorted[below] + (at - below) * (sorted[below + 1] - sorted[below]);
}

static double goal_of(const char *operation)
{
    for (const goal_t *goal = bare_goals; goal->operation != NULL; goal++) {
        if (strcmp(goal->operation, operation) == 0)
            return goal->ratio;
    }
    return 0;
}

apr_status_t report_begin(report_t **report, const char *csv_path, apr_pool_t *pool)
{
    *report = apr_pcalloc(pool, sizeof **report);
    if (csv_path != NULL) {
        (*report)->csv = fopen(csv_path, "w");
        if ((*report)->csv == NULL)
            return APR_FROM_OS_ERROR(apr_get_os_error());
        fprintf((*report)->csv, "operation,unit,runs,ours_median,ours_min,ours_max,bare_median,"
                                "bare_min,bare_max,ratio,ratio_low,ratio_high,goal,reached\n");
    }
    printf("%-28s %-26s %-26s %-24s %s\n", "operation", "ours (min-max)", "bare (min-max)",
           "median ratio (quartiles)", "goal");
    return APR_SUCCESS;
}

static void cell(const double *sorted, int count, int is_rate)
{
    char text[80];
    double middle = quantile(sorted, count, 0.5);
    double scale = !is_rate && middle >= 10000 ? 1000 : 1;
    const char *unit = is_rate ? "M/s" : scale > 1 ? "us" : "ns";
    snprintf(text, sizeof text, "%.4g %s (%.3g-%.3g)", middle / scale, unit, sorted[0] / scale,
             sorted[count - 1] / scale);
    printf(" %-26s", text);
}

/* The ratios of the runs, each run beside its neighbour in time: their median is
 * steadier than the ratio of the medians where the machine's pace changes. */
static void pair_up(result_t *result, double *ratios)
{
    for (int i = 0; i < result->runs; i++)
        ratios[i] = result->ours[i] / result->bare[i];
    qsort(ratios, (size_t)result->runs, sizeof *ratios, compare);
    qsort(result->ours, (size_t)result->runs, sizeof *result->ours, compare);
    qsort(result->bare, (size_t)result->runs, sizeof *result->bare, compare);
}

static const char *verdict(report_t *report, const result_t *result, double goal, double ratio)
{
    if (goal <= 0)
        return "";
    int reached = result->is_rate ? ratio >= goal : ratio <= goal;
    report->goals++;
    report->reached += reached;
    return reached ? "yes" : "no";
}

void report_add(report_t *report, result_t *result)
{
    double ratios[RUNS_MAX] = {0};
    char text[80];
    int runs = result->runs;
    const char *unit = result->is_rate ? "M/s" : "ns";
    pair_up(result, ratios);
    double our_median = quantile(result->ours, runs, 0.5);
    double bare_median = quantile(result->bare, runs, 0.5);
    double ratio = quantile(ratios, runs, 0.5);
    double low = quantile(ratios, runs, 0.25);
    double high = quantile(ratios, runs, 0.75);
    double goal = goal_of(result->operation);
    const char *reached = verdict(report, result, goal, ratio);

    printf("%-28s", result->operation);
    cell(result->ours, runs, result->is_rate);
    cell(result->bare, runs, result->is_rate);
    snprintf(text, sizeof text, "%.3f (%.2f-%.2f)", ratio, low, high);
    printf(" %-24s", text);
    if (goal > 0)
        printf(" %s %.2f %s", result->is_rate ? ">=" : "<=", goal, reached);
    printf("\n");
    fflush(stdout);
    if (report->csv != NULL)
        fprintf(report->csv, "\"%s\",%s,%d,%g,%g,%g,%g,%g,%g,%.4f,%.4f,%.4f,%.2f,%s\n",
                result->operation, unit, runs, our_median, result->ours[0], result->ours[runs - 1],
                bare_median, result->bare[0], result->bare[runs - 1], ratio, low, high, goal,
                reached);
}

apr_status_t report_end(report_t *report)
{
    printf("goals: %d of %d reached\n", report->reached, report->goals);
    if (report->csv == NULL || fclose(report->csv) == 0)
        return APR_SUCCESS;
    return APR_FROM_OS_ERROR(apr_get_os_error());
}
