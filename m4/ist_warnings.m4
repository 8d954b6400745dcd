# SPDX-License-Identifier: Apache-2.0
# IST_WARNINGS: sets WARN_CFLAGS to the warnings the project is free of, and
# VISIBILITY_CFLAGS. Warnings are errors with --enable-werror.
AC_DEFUN([IST_WARNINGS], [
AC_ARG_ENABLE([werror],
    [AS_HELP_STRING([--enable-werror], [treat compiler warnings as errors])],
    [], [enable_werror=no])
AX_APPEND_COMPILE_FLAGS([-Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes],
    [WARN_CFLAGS], [-Werror])
AX_APPEND_COMPILE_FLAGS([-Wpointer-arith -Wcast-align -Wwrite-strings -Wundef -Wformat=2],
    [WARN_CFLAGS], [-Werror])
AS_IF([test "$enable_werror" = yes], [AS_VAR_APPEND([WARN_CFLAGS], [" -Werror"])])
AC_SUBST([WARN_CFLAGS])

# Exactly the public symbols are exported. On Windows the header says which.
AS_IF([test "$backend" = posix],
    [AX_APPEND_COMPILE_FLAGS([-fvisibility=hidden], [VISIBILITY_CFLAGS], [-Werror])])
AC_SUBST([VISIBILITY_CFLAGS])
])
