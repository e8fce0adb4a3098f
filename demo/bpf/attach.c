// Has the kernel load and attach the BPF programs of attach.bpf.c, one by one, makes each of them run, and compares what it
// read with what is known here. Says `demo: bpf-KEY right` in the kernel log, or what went wrong. Runs from demo/init.c.

#define _GNU_SOURCE         // clone, vasprintf
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include "seen.h"

static int kmsg = -1;
static char *self;

static void say(const char *key, const char *format, ...)
{
    char line[900];
    va_list args;
    va_start(args, format);
    int n = snprintf(line, sizeof line, "demo: %s ", key);
    n += vsnprintf(line + n, sizeof line - n, format, args);
    va_end(args);
    write(kmsg, line, n < (int)sizeof line ? n : (int)sizeof line - 1);
}

// What libbpf has to say, and through it the verifier: of a long text the end, where it says what is wrong.
static int say_of_libbpf(enum libbpf_print_level level, const char *format, va_list args)
{
    char *text, *from;
    if (level != LIBBPF_WARN || vasprintf(&text, format, args) < 0)
        return 0;
    from = text + strlen(text);
    for (int lines = 0; from > text && lines < 12; )
        lines += *--from == '\n';
    for (char *rest = from, *line; (line = strsep(&rest, "\n")); )
        if (*line)
            say("libbpf", "%s", line);
    free(text);
    return 0;
}

static struct seen seen_by(const struct bpf_map *variable)
{
    struct seen seen = { 0 };
    unsigned first = 0;
    bpf_map__lookup_elem(variable, &first, sizeof first, &seen, sizeof seen, 0);
    return seen;
}

// Each of these makes a program run; what is wrong then is said, and -1 returned.

static int write_a_file(const char *key, const struct bpf_map *variable)
{
    static const char bytes[WRITTEN], name[] = "written";
    struct stat file = { 0 };
    int fd = open("/written", O_WRONLY | O_CREAT, 0600);
    ssize_t n = write(fd, bytes, sizeof bytes);
    fstat(fd, &file);
    close(fd);
    struct seen seen = seen_by(variable);
    if (n == WRITTEN && seen.writes == 1 && seen.inode == file.st_ino && seen.name_length == strlen(name))
        return 0;
    say(key, "writes %u, inode %llu of %llu, name %u of %zu", seen.writes, seen.inode,
        (unsigned long long)file.st_ino, seen.name_length, strlen(name));
    return -1;
}

static int end_at_once(void *nothing)
{
    return nothing != NULL;
}

// A thread, because a process has its id twice in its task_struct, in members that stand together. It shares memory, so this
// waits for its end as vfork does.
static int start_a_thread(const char *key, const struct bpf_map *variable)
{
    static char stack[1 << 16] __attribute__((aligned(16)));
    int thread = clone(end_at_once, stack + sizeof stack, CLONE_VM | CLONE_SIGHAND | CLONE_THREAD | CLONE_VFORK, NULL);
    struct seen seen = seen_by(variable);
    if (seen.forks == 1 && seen.thread == (unsigned)thread && seen.thread_process == seen.process && seen.thread_execs == 0)
        return 0;
    say(key, "forks %u, thread %u of %d, process %u of %u, in_execve %u of 0", seen.forks, seen.thread, thread,
        seen.thread_process, seen.process, seen.thread_execs);
    return -1;
}

static int execute_a_program(const char *key, const struct bpf_map *variable)
{
    pid_t child = fork();
    if (!child) {
        execl(self, self, NULL);
        _exit(1);
    }
    waitpid(child, NULL, 0);
    struct seen seen = seen_by(variable);
    if (seen.execs == 1 && seen.program_execs == 1)
        return 0;
    say(key, "execs %u, in_execve %u of 1", seen.execs, seen.program_execs);
    return -1;
}

// The module greets as often as it is told; it counts how often it did so far.
static int greet_twice(const char *key, const struct bpf_map *variable)
{
    int fd = open("/sys/module/klink_hello/parameters/greet", O_WRONLY);
    for (const char *times = "34"; fd >= 0 && *times; times++)
        pwrite(fd, times, 1, 0);
    close(fd);
    struct seen seen = seen_by(variable);
    if (seen.greetings == 2 && seen.times == 4 && seen.said == 3 && seen.closed == 1)
        return 0;
    say(key, "greetings %u of 2, times %u of 4, said %u of 3, list %u of 1", seen.greetings, seen.times, seen.said, seen.closed);
    return -1;
}

static const struct experiment {
    const char *key, *program;
    int (*run)(const char *key, const struct bpf_map *variable);
} experiments[] = {
    { "bpf-fentry", "on_write", write_a_file },
    { "bpf-tracepoint", "on_fork", start_a_thread },
    { "bpf-bitfield", "on_exec", execute_a_program },
    { "bpf-module", "on_greeting", greet_twice },
};

static void try(const char *file, const struct experiment *experiment)
{
    struct bpf_object *object = bpf_object__open_file(file, NULL);
    struct bpf_program *program = NULL, *other;
    struct bpf_map *variable = object ? bpf_object__find_map_by_name(object, ".bss") : NULL;
    struct seen seen = { .process = getpid() };
    if (!variable || bpf_map__set_initial_value(variable, &seen, sizeof seen)) {
        say(experiment->key, "%s has no programs for this", file);
        return;
    }
    bpf_object__for_each_program(other, object) {
        bool wanted = !strcmp(bpf_program__name(other), experiment->program);
        bpf_program__set_autoload(other, wanted);
        if (wanted)
            program = other;
    }
    int error = bpf_object__load(object);
    struct bpf_link *link = error ? NULL : bpf_program__attach(program);
    if (!link)
        say(experiment->key, "%s: %s", error ? "not loaded" : "not attached", strerror(error ? -error : errno));
    else if (!experiment->run(experiment->key, variable))
        say(experiment->key, "right");
    bpf_link__destroy(link);
    bpf_object__close(object);
}

// The kernel checks types that are brought to it more closely than its own: what each one refers to, and sizes.
static void load_types(void)
{
    struct btf *types = btf__load_vmlinux_btf();
    int error = types ? btf__load_into_kernel(types) : -errno;
    if (error)
        say("bpf-types", "refused: %s", strerror(-error));
    else
        say("bpf-types", "%u accepted", btf__type_cnt(types));
    btf__free(types);
}

int main(int argc, char **argv)
{
    if (argc != 2)
        return 0;               // the child
    self = argv[0];
    kmsg = open("/dev/kmsg", O_WRONLY);
    libbpf_set_print(say_of_libbpf);
    load_types();
    for (size_t i = 0; i < sizeof experiments / sizeof *experiments; i++)
        try(argv[1], &experiments[i]);
    return 0;
}
