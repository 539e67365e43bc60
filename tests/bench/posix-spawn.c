/* How many processes a second a C program starts and ends: posix-spawn COUNT AT_ONCE PROGRAM prints the rate. */
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>

extern char **environ;

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

int main(int argc, char **argv) {
  if (argc != 4) return 2;
  const int count = atoi(argv[1]);
  const int at_once = atoi(argv[2]);
  char *child[] = {argv[3], NULL};
  const double start = seconds();
  int live = 0;
  for (int started = 0; started < count;) {
    pid_t pid;
    if (live < at_once) {
      if (posix_spawn(&pid, argv[3], NULL, NULL, child, environ) != 0) return 1;
      started += 1;
      live += 1;
    } else if (wait(NULL) > 0) {
      live -= 1;
    }
  }
  while (wait(NULL) > 0) live -= 1;
  printf("%f\n", (double)count / (seconds() - start));
  return 0;
}
