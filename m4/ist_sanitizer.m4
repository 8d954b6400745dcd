# SPDX-License-Identifier: Apache-2.0
# IST_SANITIZER: --with-sanitizer=address,undefined sets SANITIZER_CFLAGS.
AC_DEFUN([IST_SANITIZER], [
AC_ARG_WITH([sanitizer],
    [AS_HELP_STRING([--with-sanitizer=LIST],
        [build with these of the compiler's sanitizers, such as address,undefined or thread])],
    [], [with_sanitizer=no])
AS_CASE([$with_sanitizer],
    [no], [SANITIZER_CFLAGS=],
    [yes], [AC_MSG_ERROR([name the sanitizers: --with-sanitizer=address,undefined])],
    [SANITIZER_CFLAGS="-fsanitize=$with_sanitizer -fno-sanitize-recover=all -fno-omit-frame-pointer"
    AX_CHECK_LINK_FLAG([$SANITIZER_CFLAGS], [],
        [AC_MSG_ERROR([$CC does not know -fsanitize=$with_sanitizer, or its library is missing])])])
AC_SUBST([SANITIZER_CFLAGS])
])
