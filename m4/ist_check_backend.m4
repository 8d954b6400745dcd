# SPDX-License-Identifier: Apache-2.0
# IST_CHECK_BACKEND: what the chosen backend needs of its system.
# Sets BACKEND_CPPFLAGS, BACKEND_CFLAGS, BACKEND_LIBS and BACKEND_LDFLAGS.
AC_DEFUN([IST_CHECK_BACKEND], [
AS_IF([test "$backend" = posix], [_IST_CHECK_POSIX], [_IST_CHECK_WIN32])
AC_SUBST([BACKEND_CPPFLAGS])
AC_SUBST([BACKEND_CFLAGS])
AC_SUBST([BACKEND_LIBS])
AC_SUBST([BACKEND_LDFLAGS])
])

AC_DEFUN([_IST_CHECK_WIN32], [
# Windows 7 and later: the oldest that APR 1.7 is built for.
BACKEND_CPPFLAGS='-I$(top_srcdir)/src/win32 -D_WIN32_WINNT=0x0601'
BACKEND_LIBS='-ladvapi32'
# Thread-local variables need code of libgcc: in the DLL, not in one beside it.
BACKEND_LDFLAGS='-static-libgcc'
])

AC_DEFUN([_IST_CHECK_POSIX], [
BACKEND_CPPFLAGS='-I$(top_srcdir)/src/posix'

# A jump less on the way to libc: a twentieth of what a lock costs.
AX_APPEND_COMPILE_FLAGS([-fno-plt], [BACKEND_CFLAGS], [-Werror])

# In libc, libpthread or librt, as the C library likes it.
ist_save_LIBS=$LIBS
LIBS=
AC_SEARCH_LIBS([pthread_mutex_timedlock], [pthread], [],
    [AC_MSG_ERROR([no pthread_mutex_timedlock])])
AC_SEARCH_LIBS([sem_open], [pthread rt], [], [AC_MSG_ERROR([no sem_open])])
AC_SEARCH_LIBS([shm_open], [rt], [], [AC_MSG_ERROR([no shm_open])])
AC_CHECK_FUNCS([pthread_mutex_clocklock sem_clockwait statx])
BACKEND_LIBS=$LIBS
LIBS=$ist_save_LIBS

# An enumerator on glibc, so that ifdef would say no.
AC_CACHE_CHECK([for robust mutexes between processes], [ist_cv_robust],
    [AC_COMPILE_IFELSE([AC_LANG_PROGRAM([[
#include <pthread.h>
]], [[
pthread_mutexattr_t attr;
pthread_mutexattr_setrobust(&attr, PTHREAD_MUTEX_ROBUST);
pthread_mutexattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
pthread_mutexattr_settype(&attr, PTHREAD_MUTEX_RECURSIVE);
]])], [ist_cv_robust=yes], [ist_cv_robust=no])])
AS_IF([test "$ist_cv_robust" = no],
    [AC_MSG_ERROR([robust mutexes are needed: by them a locker learns that the owner died])])

AC_CHECK_DECL([F_OFD_SETLK], [],
    [AC_MSG_ERROR([open file description locks are needed: they tell which objects are alive])],
    [[#include <fcntl.h>]])

# Handlers for fork and the end of threads must outlive a dlclose.
BACKEND_LDFLAGS=
AX_CHECK_LINK_FLAG([-Wl,-z,nodelete], [BACKEND_LDFLAGS='-Wl,-z,nodelete'])
])
