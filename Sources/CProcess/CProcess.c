#ifdef __linux__
#define _GNU_SOURCE
#endif

#include "CProcess.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#ifdef __linux__
#include <sys/syscall.h>
#endif
#include <unistd.h>

// A folder that may be passed through need not be readable.
#if defined(O_PATH)
#define FOLDER_ACCESS O_PATH
#elif defined(O_SEARCH)
#define FOLDER_ACCESS O_SEARCH
#else
#define FOLDER_ACCESS O_RDONLY
#endif

int folder_open(int parent, const char *name) {
  return openat(parent, name, FOLDER_ACCESS | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

// openat2(2), for which not every C library has a function.
int file_open_without_links(const char *path) {
#if defined(__linux__) && defined(SYS_openat2)
  // struct open_how of linux/openat2.h, which need not be installed, with RESOLVE_NO_SYMLINKS and RESOLVE_BENEATH.
  struct { uint64_t flags, mode, resolve; } how = {O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0, 0x04 | 0x08};
  return (int)syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof how);
#else
  (void)path;
  errno = ENOSYS;
  return -1;
#endif
}

// What ends a process and lets it clean up, its own faults among it; of writing to a pipe or too much it is told.
static const int endings[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGALRM, SIGVTALRM, SIGPROF, SIGUSR1, SIGUSR2,
                              SIGXCPU, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGSYS, SIGTRAP};
enum { ending_count = sizeof endings / sizeof endings[0] };

static struct {
  int folder;
  char name[256];
  struct sigaction before[ending_count];
  // Any thread may be the one that a signal stops.
  atomic_int is_there;
} unfinished;

static void take_away(int signal) {
  int reason = errno;
  if (atomic_load(&unfinished.is_there)) unlinkat(unfinished.folder, unfinished.name, 0);
  // The handler was set for one signal only, so this one ends the process when the handler returns.
  raise(signal);
  errno = reason;
}

void unfinished_file_begin(int folder, const char *name) {
  unfinished.folder = folder;
  strncpy(unfinished.name, name, sizeof unfinished.name - 1);
  atomic_store(&unfinished.is_there, 1);
  struct sigaction action = {.sa_handler = take_away, .sa_flags = SA_RESETHAND};
  sigemptyset(&action.sa_mask);
  for (int i = 0; i < ending_count; i++) {
    sigaction(endings[i], NULL, &unfinished.before[i]);
    // What the process was told to ignore, as by nohup(1), it ignores.
    if (unfinished.before[i].sa_handler == SIG_DFL) sigaction(endings[i], &action, NULL);
  }
}

void unfinished_file_end(void) {
  for (int i = 0; i < ending_count; i++) sigaction(endings[i], &unfinished.before[i], NULL);
  atomic_store(&unfinished.is_there, 0);
}

#ifdef __linux__
// The Swift runtime aborts without /proc, or takes the command line for empty. This runs before all that it does.
__attribute__((constructor(101))) static void look_for_proc(void) {
  char path[1];
  if (readlink("/proc/self/exe", path, sizeof path) >= 0 && access("/proc/self/cmdline", R_OK) == 0) return;
  static const char text[] =
    "portlint: /proc is lacking, from which a program learns its own arguments: mount it (mount -t proc proc /proc)\n";
  ssize_t written = write(STDERR_FILENO, text, sizeof text - 1);
  (void)written;
  _exit(2);
}
#endif

extern char **environ;

int program_start(const char *const arguments[], int with_errors, int *output) {
  int ends[2];
  if (pipe(ends) != 0) return -1;
  fcntl(ends[0], F_SETFD, FD_CLOEXEC);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
  if (with_errors) {
    posix_spawn_file_actions_adddup2(&actions, ends[1], 2);
  } else {
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
  }
  if (ends[1] > 2) posix_spawn_file_actions_addclose(&actions, ends[1]);
  // What this process ignores, the program need not.
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t usual;
  sigemptyset(&usual);
  sigaddset(&usual, SIGPIPE);
  sigaddset(&usual, SIGXFSZ);
  posix_spawnattr_setsigdefault(&attributes, &usual);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
  pid_t process = -1;
  int failure =
      posix_spawnp(&process, arguments[0], &actions, &attributes, (char *const *)arguments, environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  if (failure != 0) {
    close(ends[0]);
    errno = failure;
    return -1;
  }
  *output = ends[0];
  return process;
}
