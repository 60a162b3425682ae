/*
 * A library for LD_PRELOAD that writes down what a power cut could not take away (power-cut.ts reads it).
 *
 * POWER_CUT_JOURNAL  the file to write to, one line each:
 *                    sync   <inode> <size> <names>    a sync that succeeded; <size> as it was when the sync began, <names>
 *                                                     how many of the lines below had been written by then
 *                    rename <from> TAB <to> TAB <n>   <n> names a link to the file that was replaced, 0 if there was none
 *                    unlink <path> TAB <n>            <n> names a link to the file that was removed
 * POWER_CUT_FOLDER   only files under this absolute path count
 * POWER_CUT_LYING    if set, syncs succeed and do nothing: a disk that lies
 *
 * Links are made as <journal>.saved/<n>, so the journal must lie on the folder's file system.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static unsigned long names; /* lines written about names */
static unsigned long links; /* links made, by this process */

static int counts(const char *path) {
  const char *folder = getenv("POWER_CUT_FOLDER");
  return folder && getenv("POWER_CUT_JOURNAL") && strncmp(path, folder, strlen(folder)) == 0;
}

static void write_line(const char *line) {
  int fd = open(getenv("POWER_CUT_JOURNAL"), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
  size_t length = strlen(line);
  /* What cannot be written down must not look as if it had not happened. */
  if (fd < 0 || write(fd, line, length) != (ssize_t)length) abort();
  close(fd);
}

/* Keeps a file that loses its name; 0 if there is none. */
static unsigned long save(const char *path) {
  char saved[PATH_MAX];
  struct stat status;
  if (lstat(path, &status) != 0) return 0;
  snprintf(saved, sizeof saved, "%s.saved/%lu", getenv("POWER_CUT_JOURNAL"), links + 1);
  if (link(path, saved) != 0) abort();
  return ++links;
}

static int sync_file(int fd, const char *symbol) {
  int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, symbol);
  char link_path[64], path[PATH_MAX], line[128];
  struct stat status;
  snprintf(link_path, sizeof link_path, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link_path, path, sizeof path - 1);
  if (length < 0) return real(fd);
  path[length] = 0;
  if (!counts(path)) return real(fd);
  if (getenv("POWER_CUT_LYING")) return 0;
  pthread_mutex_lock(&lock);
  unsigned long names_before = names;
  pthread_mutex_unlock(&lock);
  if (fstat(fd, &status) != 0) abort();
  int result = real(fd);
  if (result != 0) return result;
  snprintf(line, sizeof line, "sync %lu %lld %lu\n", (unsigned long)status.st_ino, (long long)status.st_size,
           names_before);
  pthread_mutex_lock(&lock);
  write_line(line);
  pthread_mutex_unlock(&lock);
  return 0;
}

int fsync(int fd) { return sync_file(fd, "fsync"); }
int fdatasync(int fd) { return sync_file(fd, "fdatasync"); }

int rename(const char *from, const char *to) {
  int (*real)(const char *, const char *) = (int (*)(const char *, const char *))dlsym(RTLD_NEXT, "rename");
  char line[2 * PATH_MAX + 64];
  if (!counts(from)) return real(from, to);
  pthread_mutex_lock(&lock);
  unsigned long saved = save(to);
  int result = real(from, to);
  if (result == 0) {
    snprintf(line, sizeof line, "rename %s\t%s\t%lu\n", from, to, saved);
    write_line(line);
    names++;
  }
  pthread_mutex_unlock(&lock);
  return result;
}

int unlink(const char *path) {
  int (*real)(const char *) = (int (*)(const char *))dlsym(RTLD_NEXT, "unlink");
  char line[PATH_MAX + 64];
  if (!counts(path)) return real(path);
  pthread_mutex_lock(&lock);
  unsigned long saved = save(path);
  int result = real(path);
  if (result == 0) {
    snprintf(line, sizeof line, "unlink %s\t%lu\n", path, saved);
    write_line(line);
    names++;
  }
  pthread_mutex_unlock(&lock);
  return result;
}
