/*
 * A library for LD_PRELOAD that makes a disk fail below everything else (faulty-disk.ts switches it).
 *
 * FAULTY_DISK_FOLDER   only files under this absolute path count
 * FAULTY_DISK_CONTROL  a file that is read at each call, with up to three lines:
 *                      write <errno> <n>   writes fail once <n> more bytes were written; counted anew when the file changes
 *                      read <errno>        reads and mappings of files fail
 *                      sync <errno>        fsync and fdatasync fail; what was written stays in the kernel
 *                      <call> slow <ms>    the call takes so much longer
 *                      <call> hang         the call does not end before the file says something else; meanwhile there is a
 *                                          file <control>.hanging
 *                      <errno> is ENOSPC or EIO. An absent or empty file is a disk that is well.
 *
 * LevelDB writes through stdio, whose own calls of write cannot be replaced, so stdio's are; Node writes through libuv.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#undef fwrite_unlocked /* a macro, too, where the compiler optimises */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char last_control[256];
static long long written; /* since the control file changed */

#define REAL(type, name, ...) ((type (*)(__VA_ARGS__))dlsym(RTLD_NEXT, #name))

static int counts(int fd) {
  char link_path[64], path[PATH_MAX];
  const char *folder = getenv("FAULTY_DISK_FOLDER");
  if (!folder || !getenv("FAULTY_DISK_CONTROL")) return 0;
  snprintf(link_path, sizeof link_path, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link_path, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = 0;
  return strncmp(path, folder, strlen(folder)) == 0;
}

static void read_control(char *text, size_t size) {
  int fd = open(getenv("FAULTY_DISK_CONTROL"), O_RDONLY | O_CLOEXEC);
  /* By the system call, since `read` below comes here. */
  ssize_t length = fd < 0 ? 0 : syscall(SYS_read, fd, text, size - 1);
  if (fd >= 0) close(fd);
  text[length < 0 ? 0 : length] = 0;
}

/* What the control file says of a call: 0 if nothing, else its first word in `what` and its number. */
static int rule(const char *call, char what[16], long long *number) {
  char text[256], *line, *rest = text;
  read_control(text, sizeof text);
  pthread_mutex_lock(&lock);
  if (strcmp(text, last_control) != 0) {
    strcpy(last_control, text);
    written = 0;
  }
  pthread_mutex_unlock(&lock);
  while ((line = strsep(&rest, "\n"))) {
    size_t length = strlen(call);
    *number = 0;
    if (strncmp(line, call, length) == 0 && sscanf(line + length, "%15s %lld", what, number) >= 1) return 1;
  }
  return 0;
}

static void hang(const char *call) {
  char marker[PATH_MAX], what[16];
  long long number;
  snprintf(marker, sizeof marker, "%s.hanging", getenv("FAULTY_DISK_CONTROL"));
  int fd = open(marker, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
  if (fd >= 0) close(fd);
  while (rule(call, what, &number) && strcmp(what, "hang") == 0) usleep(5000);
  unlink(marker);
}

/* Delays a call as the control file says; returns the error that it shall give, or 0. */
static int fate(const char *call, long long *number) {
  char what[16];
  if (!rule(call, what, number)) return 0;
  if (strcmp(what, "slow") == 0) usleep(*number * 1000);
  else if (strcmp(what, "hang") == 0) hang(call);
  else return strcmp(what, "ENOSPC") == 0 ? ENOSPC : EIO;
  return 0;
}

/* How many of the bytes may be written; sets errno if those are not all. */
static size_t allowed(int fd, size_t size) {
  long long limit;
  if (!counts(fd)) return size;
  int error = fate("write", &limit);
  if (error == 0) return size;
  pthread_mutex_lock(&lock);
  long long left = limit > written ? limit - written : 0;
  size_t some = (long long)size < left ? size : (size_t)left;
  written += some;
  pthread_mutex_unlock(&lock);
  if (some < size) errno = error;
  return some;
}

/* A short write succeeds; only one of nothing at all fails. */
static int fails(size_t some, size_t size) { return some == 0 && size > 0; }

ssize_t write(int fd, const void *bytes, size_t size) {
  size_t some = allowed(fd, size);
  return fails(some, size) ? -1 : REAL(ssize_t, write, int, const void *, size_t)(fd, bytes, some);
}

ssize_t pwrite64(int fd, const void *bytes, size_t size, off64_t at) {
  size_t some = allowed(fd, size);
  return fails(some, size) ? -1 : REAL(ssize_t, pwrite64, int, const void *, size_t, off64_t)(fd, bytes, some, at);
}

static size_t size_of(const struct iovec *parts, int count) {
  size_t size = 0;
  for (int i = 0; i < count; i++) size += parts[i].iov_len;
  return size;
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
  size_t size = size_of(parts, count);
  if (allowed(fd, size) < size) return -1;
  return REAL(ssize_t, writev, int, const struct iovec *, int)(fd, parts, count);
}

ssize_t pwritev64(int fd, const struct iovec *parts, int count, off64_t at) {
  size_t size = size_of(parts, count);
  if (allowed(fd, size) < size) return -1;
  return REAL(ssize_t, pwritev64, int, const struct iovec *, int, off64_t)(fd, parts, count, at);
}

size_t fwrite_unlocked(const void *bytes, size_t size, size_t count, FILE *file) {
  size_t (*real)(const void *, size_t, size_t, FILE *) =
      REAL(size_t, fwrite_unlocked, const void *, size_t, size_t, FILE *);
  size_t some = allowed(fileno(file), size * count);
  if (some == size * count) return real(bytes, size, count, file);
  int error = errno;
  real(bytes, 1, some, file);
  fflush_unlocked(file);
  errno = error;
  return size == 0 ? 0 : some / size;
}

static int sync_file(int fd, int (*real)(int)) {
  long long number;
  int error = counts(fd) ? fate("sync", &number) : 0;
  if (error == 0) return real(fd);
  errno = error;
  return -1;
}

int fsync(int fd) { return sync_file(fd, REAL(int, fsync, int)); }
int fdatasync(int fd) { return sync_file(fd, REAL(int, fdatasync, int)); }

static int fails_to_read(int fd) {
  long long number;
  int error = counts(fd) ? fate("read", &number) : 0;
  if (error != 0) errno = error;
  return error != 0;
}

ssize_t read(int fd, void *bytes, size_t size) {
  return fails_to_read(fd) ? -1 : syscall(SYS_read, fd, bytes, size);
}

ssize_t pread64(int fd, void *bytes, size_t size, off64_t at) {
  return fails_to_read(fd) ? -1 : syscall(SYS_pread64, fd, bytes, size, at);
}

/* By the system call: whoever looks up a function may need memory, which comes from here. */
void *mmap64(void *at, size_t size, int protection, int flags, int fd, off64_t from) {
  if (fd >= 0 && fails_to_read(fd)) return MAP_FAILED;
  return (void *)syscall(SYS_mmap, at, size, protection, flags, fd, from);
}
