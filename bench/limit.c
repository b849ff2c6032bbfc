/* The limit of anything that runs shell commands: starts `/bin/sh -c COMMAND` COUNT times by WORKERS threads, and reads
   what it prints through a pipe. Prints the seconds that took, and the bytes that came. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { BUFFER = 64 * 1024, MOST_WORKERS = 64 };

extern char **environ;

static atomic_long left;
static atomic_long bytes;
static char *command;

static void check(int failed, const char *what)
{
    if (failed) {
        fprintf(stderr, "limit: %s failed\n", what);
        exit(1);
    }
}

static void run_once(char *buffer)
{
    int ends[2], status;
    ssize_t got;
    pid_t process;
    posix_spawn_file_actions_t actions;
    char *arguments[] = {"sh", "-c", command, NULL};

    check(pipe2(ends, O_CLOEXEC), "pipe2");
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
    posix_spawn_file_actions_adddup2(&actions, ends[1], 2);
    check(posix_spawn(&process, "/bin/sh", &actions, NULL, arguments, environ), "posix_spawn");
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    while ((got = read(ends[0], buffer, BUFFER)) > 0)
        atomic_fetch_add(&bytes, got);
    close(ends[0]);
    check(waitpid(process, &status, 0) != process || status != 0, command);
}

static void *work(void *unused)
{
    char *buffer = malloc(BUFFER);

    check(buffer == NULL, "malloc");
    while (atomic_fetch_sub(&left, 1) > 0)
        run_once(buffer);
    free(buffer);
    return unused;
}

int main(int count, char **arguments)
{
    struct timespec begin, end;
    pthread_t threads[MOST_WORKERS];
    int workers;

    if (count != 4 || (workers = atoi(arguments[2])) < 1 || workers > MOST_WORKERS) {
        fprintf(stderr, "usage: limit COUNT WORKERS COMMAND\n");
        return 2;
    }
    atomic_store(&left, atol(arguments[1]));
    command = arguments[3];
    clock_gettime(CLOCK_MONOTONIC, &begin);
    for (int i = 0; i < workers; i++)
        check(pthread_create(&threads[i], NULL, work, NULL), "pthread_create");
    for (int i = 0; i < workers; i++)
        pthread_join(threads[i], NULL);
    clock_gettime(CLOCK_MONOTONIC, &end);
    printf("seconds=%.6f bytes=%ld\n", (end.tv_sec - begin.tv_sec) + (end.tv_nsec - begin.tv_nsec) / 1e9,
           atomic_load(&bytes));
    return 0;
}
