# SPDX-License-Identifier: Apache-2.0
# For programs that use isthmus and autoconf.
#
# IST_CHECK_ISTHMUS([VERSION], [IF-FOUND], [IF-NOT-FOUND])
#
# Looks by pkg-config for isthmus, of VERSION at least. Sets ISTHMUS_CFLAGS and
# ISTHMUS_LIBS, and ISTHMUS_STATIC_CFLAGS and ISTHMUS_STATIC_LIBS for who links the
# archive. Without IF-NOT-FOUND configure ends when there is none.
#serial 1
AC_DEFUN([IST_CHECK_ISTHMUS], [
AC_REQUIRE([PKG_PROG_PKG_CONFIG])
PKG_CHECK_MODULES([ISTHMUS], [isthmus >= m4_default([$1], [0.1])], [
    ISTHMUS_STATIC_CFLAGS=`$PKG_CONFIG --static --cflags isthmus`
    ISTHMUS_STATIC_LIBS=`$PKG_CONFIG --static --libs isthmus`
    $2
], [$3])
AC_SUBST([ISTHMUS_STATIC_CFLAGS])
AC_SUBST([ISTHMUS_STATIC_LIBS])
])
