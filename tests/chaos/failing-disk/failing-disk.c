/*
 * Loaded before the C library (LD_PRELOAD): makes calls on the files of a database fail as a bad disk would, while a
 * file beside says so. That file holds: name of the call, number of the error, how many calls to let pass, how many to
 * fail. Its first byte is read at every call, so that a test can change its mind in the middle of the work.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static long long seen_at = 0;
static char call_name[32];
static int error_number = 0;
static int to_pass = 0;
static int to_fail = 0;

/* Whether this call is one that fails now; sets errno. */
static int fails(const char *call) {
  const char *control = getenv("FAILING_DISK");
  struct stat status;
  if (control == NULL || syscall(SYS_newfstatat, AT_FDCWD, control, &status, 0) != 0) return 0;
  long long changed_at = (long long)status.st_mtim.tv_sec * 1000000000LL + status.st_mtim.tv_nsec;
  if (changed_at != seen_at) {
    char text[128] = {0};
    int fd = (int)syscall(SYS_openat, AT_FDCWD, control, O_RDONLY, 0);
    if (fd < 0) return 0;
    long length = syscall(SYS_read, fd, text, sizeof(text) - 1);
    syscall(SYS_close, fd);
    seen_at = changed_at;
    if (length <= 0 || sscanf(text, "%31s %d %d %d", call_name, &error_number, &to_pass, &to_fail) != 4) to_fail = 0;
  }
  if (to_fail <= 0 || strcmp(call_name, call) != 0) return 0;
  if (to_pass > 0) {
    to_pass -= 1;
    return 0;
  }
  to_fail -= 1;
  errno = error_number;
  return 1;
}

static int of_database(int fd) {
  char link[64], path[512];
  snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
  long length = syscall(SYS_readlinkat, AT_FDCWD, link, path, sizeof(path) - 1);
  if (length <= 0) return 0;
  path[length] = 0;
  return strstr(path, "signalbox.db") != NULL;
}

#define real(type, name, ...) static type (*next)(__VA_ARGS__) = NULL; if (next == NULL) next = dlsym(RTLD_NEXT, name)

ssize_t pwrite64(int fd, const void *bytes, size_t count, off_t at) {
  real(ssize_t, "pwrite64", int, const void *, size_t, off_t);
  return of_database(fd) && fails("write") ? -1 : next(fd, bytes, count, at);
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t at) {
  real(ssize_t, "pwrite", int, const void *, size_t, off_t);
  return of_database(fd) && fails("write") ? -1 : next(fd, bytes, count, at);
}

int fsync(int fd) {
  real(int, "fsync", int);
  return of_database(fd) && fails("flush") ? -1 : next(fd);
}

int fdatasync(int fd) {
  real(int, "fdatasync", int);
  return of_database(fd) && fails("flush") ? -1 : next(fd);
}

int ftruncate64(int fd, off_t length) {
  real(int, "ftruncate64", int, off_t);
  return of_database(fd) && fails("truncate") ? -1 : next(fd, length);
}

int ftruncate(int fd, off_t length) {
  real(int, "ftruncate", int, off_t);
  return of_database(fd) && fails("truncate") ? -1 : next(fd, length);
}

int open64(const char *path, int flags, ...) {
  real(int, "open64", const char *, int, ...);
  va_list rest;
  va_start(rest, flags);
  int mode = va_arg(rest, int);
  va_end(rest);
  return strstr(path, "signalbox.db") != NULL && fails("open") ? -1 : next(path, flags, mode);
}

int open(const char *path, int flags, ...) {
  real(int, "open", const char *, int, ...);
  va_list rest;
  va_start(rest, flags);
  int mode = va_arg(rest, int);
  va_end(rest);
  return strstr(path, "signalbox.db") != NULL && fails("open") ? -1 : next(path, flags, mode);
}

pid_t fork(void) {
  real(pid_t, "fork", void);
  return fails("fork") ? -1 : next();
}
