/* What a durable write costs on the disk of FOLDER: the median of many overwritten pages with fdatasync, in milliseconds. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { PAGE = 8192, TIMES = 301 };

static int by_size(const void *a, const void *b)
{
    double difference = *(const double *)a - *(const double *)b;
    return (difference > 0) - (difference < 0);
}

int main(int count, char **arguments)
{
    static char page[PAGE];
    static double costs[TIMES];
    struct timespec begin, end;
    int file;

    if (count != 2 || chdir(arguments[1]) != 0 || (file = open("flush", O_CREAT | O_RDWR | O_TRUNC, 0600)) < 0) {
        fprintf(stderr, "usage: flush FOLDER\n");
        return 2;
    }
    memset(page, 1, PAGE);
    for (int round = 0; round < 2; round++) {
        /* The first time the file grows, and is not counted. */
        for (int i = 0; i < TIMES; i++) {
            clock_gettime(CLOCK_MONOTONIC, &begin);
            if (pwrite(file, page, PAGE, (off_t)i * PAGE) != PAGE || fdatasync(file) != 0) {
                perror("flush");
                return 1;
            }
            clock_gettime(CLOCK_MONOTONIC, &end);
            costs[i] = (end.tv_sec - begin.tv_sec) * 1e3 + (end.tv_nsec - begin.tv_nsec) / 1e6;
        }
    }
    unlink("flush");
    qsort(costs, TIMES, sizeof costs[0], by_size);
    printf("%.3f\n", costs[TIMES / 2]);
    return 0;
}
