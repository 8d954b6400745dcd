# SPDX-License-Identifier: Apache-2.0
# IST_TEST_HOST: how make check runs what was built. Sets RUN_WINDOWS (wine or
# native), DLL_PATH (where Wine finds DLLs), PROGRAM_LDFLAGS (no wrapper scripts where
# a program finds its library by itself) and DISTCHECK_HOST, without which make
# distcheck of a cross build would test a native one.
AC_DEFUN([IST_TEST_HOST], [
RUN_WINDOWS=native
DLL_PATH=
PROGRAM_LDFLAGS=
AS_IF([test "$backend" = posix], [PROGRAM_LDFLAGS=-no-install])
DISTCHECK_HOST=
AS_IF([test "$backend" = win32 && test "$cross_compiling" = yes], [
    RUN_WINDOWS=wine
    AC_CHECK_PROG([WINE], [wine], [wine])
    AS_IF([test -z "$WINE"], [AC_MSG_WARN([no Wine here: make check can't run what is built])])
    ist_apr_prefix=`$PKG_CONFIG --variable=prefix apr-1`
    DLL_PATH='Z:$(abs_top_builddir)/.libs;Z:'"$ist_apr_prefix/bin"
])
AS_IF([test "$cross_compiling" = yes], [DISTCHECK_HOST="--host=$host_alias --build=$build"])
AS_IF([test -n "$PKG_CONFIG_LIBDIR"],
    [AS_VAR_APPEND([DISTCHECK_HOST], [" PKG_CONFIG_LIBDIR=$PKG_CONFIG_LIBDIR"])])
AC_SUBST([RUN_WINDOWS])
AC_SUBST([DLL_PATH])
AC_SUBST([PROGRAM_LDFLAGS])
AC_SUBST([DISTCHECK_HOST])
])
