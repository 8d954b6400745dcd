# SPDX-License-Identifier: Apache-2.0
# IST_COVERAGE: --enable-code-coverage sets COVERAGE_CFLAGS; make coverage reports.
# AX_CODE_COVERAGE would ask for GNU make throughout.
AC_DEFUN([IST_COVERAGE], [
AC_ARG_ENABLE([code-coverage],
    [AS_HELP_STRING([--enable-code-coverage], [count which lines run (for make coverage)])],
    [], [enable_code_coverage=no])
AS_IF([test "$enable_code_coverage" = yes],
    [AX_APPEND_COMPILE_FLAGS([-O0 --coverage], [COVERAGE_CFLAGS], [-Werror])])
AC_SUBST([COVERAGE_CFLAGS])
AC_CHECK_PROG([GCOVR], [gcovr], [gcovr], [:])
])
