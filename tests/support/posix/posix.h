/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where objects lie in this system: docs/layout.md.
 */
#ifndef TST_POSIX_H
#define TST_POSIX_H

#include "../private.h"

/* End what tst_fork left running. */
void tst_sys_forks_end(void);

/* 1 when a process is stopped, or gone. */
int tst_sys_stands(long pid);

#define TST_SHM "/dev/shm"

/* The path of an object's control file. */
const char *tst_control_path(ist_kind_e kind, const char *name, int global);

/* clock.c: whether the wall clock can jump here, and put it right again. */
int tst_clock_jumps(void);
void tst_clock_right(void);

/* failing.c: whether system calls can be made to fail here. */
int tst_fails(void);

#endif
