/*
 * Comes before a command of a step and then becomes it, so its process id stays: launch MASK[w] GROUP PROGRAM [ARGUMENT]...
 *
 * It makes a session of its own, goes into a control group (the folder's "cgroup.procs"; "" for none), sets the file mask
 * (octal), lets standard error go where standard output goes, and with a "w" waits for a byte on its input. Where the input
 * ends instead, nothing runs. What sh(1) does to find a program, and says where there is none, it does too, so that a command
 * of nothing but words needs no shell.
 *
 * Without the C library, which would take longer to load than all of this. Linux, x86-64 and AArch64.
 */
#include <sys/syscall.h>

#define INTERRUPTED (-4)
#define NO_ENTRY (-2)
#define TOO_BIG (-7)
#define NO_PROGRAM_FORMAT (-8)
#define NO_ACCESS (-13)
#define NO_FOLDER (-20)

#define WRITE_ONLY 1

#define LONGEST_PATH 4096
#define MOST_VARIABLES 4096

static long call(long number, long a, long b, long c)
{
#if defined(__x86_64__)
    long result;
    __asm__ volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c) : "rcx", "r11", "memory");
    return result;
#elif defined(__aarch64__)
    register long n __asm__("x8") = number;
    register long result __asm__("x0") = a;
    register long second __asm__("x1") = b;
    register long third __asm__("x2") = c;
    __asm__ volatile("svc 0" : "+r"(result) : "r"(n), "r"(second), "r"(third) : "memory");
    return result;
#else
#error "Only x86-64 and AArch64 are known."
#endif
}

static long length(const char *text)
{
    long count = 0;
    while (text[count])
        count++;
    return count;
}

/* Volatile, or the compiler would call the C library for it. */
static void copy(char *to, const char *from, long count)
{
    for (long i = 0; i < count; i++)
        ((volatile char *)to)[i] = from[i];
}

static void leave(long code)
{
    call(__NR_exit_group, code, 0, 0);
    __builtin_unreachable();
}

static void complain(const char *program, const char *what, long code)
{
    call(__NR_write, 2, (long)program, length(program));
    call(__NR_write, 2, (long)what, length(what));
    leave(code);
}

/* Comes back with the reason where it can't. before[1] is the program as it was asked for, before[0] is free. */
static long become(const char *path, char **before, char **environment)
{
    long fault = call(__NR_execve, (long)path, (long)(before + 1), (long)environment);
    if (fault == NO_PROGRAM_FORMAT) {
        /* A text without "#!", which a shell reads. */
        before[0] = "/bin/sh";
        before[1] = (char *)path;
        fault = call(__NR_execve, (long)before[0], (long)before, (long)environment);
    }
    return fault;
}

static const char *value_of(const char *name, char **environment)
{
    long count = length(name);
    for (; *environment; environment++) {
        long i = 0;
        while (i < count && (*environment)[i] == name[i])
            i++;
        if (i == count && (*environment)[i] == '=')
            return *environment + count + 1;
    }
    return 0;
}

static long search(const char *program, char **before, char **environment)
{
    static char path[LONGEST_PATH];
    const char *folder = value_of("PATH", environment);
    long name = length(program), fault = NO_ENTRY, end;
    for (; folder; folder = folder[end] ? folder + end + 1 : 0) {
        for (end = 0; folder[end] && folder[end] != ':'; end++)
            ;
        if (end + name + 2 > LONGEST_PATH)
            continue;
        copy(path, folder, end);
        path[end] = '/';
        copy(path + (end ? end + 1 : 0), program, name + 1);
        long now = become(path, before, environment);
        if (now != NO_ENTRY && now != NO_FOLDER)
            fault = now;
        if (now != NO_ENTRY && now != NO_FOLDER && now != NO_ACCESS)
            break;
    }
    return fault;
}

/* A shell tells its commands where they are; some programs rather believe that than ask. */
static char **with_folder(char **environment)
{
    static char folder[LONGEST_PATH + 4];
    static char *variables[MOST_VARIABLES];
    long count = 0;
    if (value_of("PWD", environment))
        return environment;
    while (environment[count])
        count++;
    copy(folder, "PWD=", 4);
    if (count + 2 > MOST_VARIABLES || call(__NR_getcwd, (long)(folder + 4), LONGEST_PATH, 0) < 0)
        return environment;
    copy((char *)variables, (const char *)environment, count * (long)sizeof(char *));
    variables[count] = folder;
    variables[count + 1] = 0;
    return variables;
}

/* "0" means who writes it (https://docs.kernel.org/admin-guide/cgroup-v2.html). Where it may not, it goes on without. */
static void enter(const char *group)
{
    long file = call(__NR_openat, 0, (long)group, WRITE_ONLY);
    if (file >= 0) {
        call(__NR_write, file, (long)"0", 1);
        call(__NR_close, file, 0, 0);
    }
}

__attribute__((used)) static void launch(long *stack)
{
    long count = stack[0], mask = 0, fault = NO_ENTRY, came;
    char **arguments = (char **)(stack + 1);
    char **environment = with_folder(arguments + count + 1);
    char *how, *program, byte;
    if (count < 4)
        leave(2);
    how = arguments[1];
    program = arguments[3];
    call(__NR_setsid, 0, 0, 0);
    if (*arguments[2])
        enter(arguments[2]);
    for (; *how >= '0' && *how <= '7'; how++)
        mask = mask * 8 + (*how - '0');
    call(__NR_umask, mask, 0, 0);
    call(__NR_dup3, 1, 2, 0);
    if (*how == 'w') {
        do
            came = call(__NR_read, 0, (long)&byte, 1);
        while (came == INTERRUPTED);
        if (came != 1)
            leave(1);
    }

    for (char *at = program; *at; at++)
        if (*at == '/') {
            fault = become(program, arguments + 2, environment);
            if (fault == NO_ENTRY || fault == NO_FOLDER)
                complain(program, ": not found\n", 127);
            complain(program, fault == TOO_BIG ? ": Argument list too long\n" : ": Permission denied\n", 126);
        }
    fault = search(program, arguments + 2, environment);
    if (fault == NO_ENTRY)
        complain(program, ": not found\n", 127);
    complain(program, fault == TOO_BIG ? ": Argument list too long\n" : ": Permission denied\n", 126);
}

#if defined(__x86_64__)
__asm__(".globl _start\n_start:\n\tmov %rsp, %rdi\n\tand $-16, %rsp\n\tcall launch\n");
#else
__asm__(".globl _start\n_start:\n\tmov x0, sp\n\tbl launch\n");
#endif
