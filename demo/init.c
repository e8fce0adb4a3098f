// The first and only program of the demo kernel. It asks the running kernel for whatever the linker had a hand in
// (symbol table, BTF, exception table, mcount table, exports, unwind table) and says what it found in the kernel log,
// one `demo: KEY VALUE...` line each. demo/boot reads those lines; nothing is judged here.
//
// In the initramfs: /expected.kallsyms (sorted lines that /proc/kallsyms should have), /expected.btf (the bytes of
// the .BTF section), /module.1.ko and so on, which must load in that order, /refused.1.ko and so on, which must not,
// /attach and /attach.o (demo/bpf); each may be missing.

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <sys/wait.h>
#include <unistd.h>

struct text { char *bytes; size_t size; };
struct lines { char **line; size_t count; };

static int kmsg = -1;

// Through the kernel log, not the console: printk keeps lines whole when both CPUs talk.
static void say(const char *format, ...)
{
    char line[500];
    va_list args;
    va_start(args, format);
    int n = snprintf(line, sizeof line, "demo: ");
    n += vsnprintf(line + n, sizeof line - n, format, args);
    va_end(args);
    write(kmsg, line, n < (int)sizeof line ? n : (int)sizeof line - 1);
}

// Whole content of a file of unknown size (files in /proc have none); bytes is NULL if it cannot be opened.
static struct text slurp(const char *path)
{
    struct text text = { NULL, 0 };
    int fd = open(path, O_RDONLY);
    if (fd < 0)
        return text;
    size_t room = 1 << 20;
    text.bytes = malloc(room + 1);
    for (;;) {
        ssize_t n = read(fd, text.bytes + text.size, room - text.size);
        if (n <= 0)
            break;
        text.size += n;
        if (text.size == room)
            text.bytes = realloc(text.bytes, (room *= 2) + 1);
    }
    text.bytes[text.size] = 0;
    close(fd);
    return text;
}

static int put(const char *path, const char *value)
{
    int fd = open(path, O_WRONLY);
    if (fd < 0)
        return -errno;
    ssize_t n = write(fd, value, strlen(value));
    int result = n < 0 ? -errno : 0;
    close(fd);
    return result;
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(char **)a, *(char **)b);
}

static struct lines split(struct text text)
{
    struct lines lines = { malloc((text.size / 8 + 1) * sizeof(char *)), 0 };
    for (char *at = text.bytes; at && *at; ) {
        char *end = strchr(at, '\n');
        if (end)
            *end = 0;
        if (strlen(at) >= 8)
            lines.line[lines.count++] = at;
        at = end ? end + 1 : NULL;
    }
    return lines;
}

// Symbols of modules, of ftrace's trampolines and of BPF programs end in "\t[owner]": they are not the linker's.
// Linux before 6.2 leaves its own tables out of kallsyms, later versions list them; they prove nothing either way.
static int not_compared(const char *line)
{
    static const char *const tables[] = { "addresses", "offsets", "relative_base", "num_syms", "names", "markers",
                                          "seqs_of_names", "token_table", "token_index" };
    const char *name = strstr(line, " kallsyms_");
    if (strchr(line, '\t'))
        return 1;
    for (size_t i = 0; name && i < sizeof tables / sizeof *tables; i++)
        if (!strcmp(name + strlen(" kallsyms_"), tables[i]))
            return 1;
    return 0;
}

static unsigned long long address_of_text(struct lines lines)
{
    for (size_t i = 0; i < lines.count; i++)
        if (!strcmp(lines.line[i] + 16, " T _text"))
            return strtoull(lines.line[i], NULL, 16);
    return 0;
}

// Moves every address by what KASLR moved the kernel by; absolute symbols (letter A) stay where they are.
static void slide(struct lines lines, unsigned long long distance)
{
    char digits[17];
    for (size_t i = 0; distance && i < lines.count; i++)
        if (strlen(lines.line[i]) > 18 && lines.line[i][17] != 'A') {
            snprintf(digits, sizeof digits, "%016llx", strtoull(lines.line[i], NULL, 16) + distance);
            memcpy(lines.line[i], digits, 16);
        }
}

static struct lines compared_and_sorted(struct lines all)
{
    size_t kept = 0;
    for (size_t i = 0; i < all.count; i++)
        if (!not_compared(all.line[i]))
            all.line[kept++] = all.line[i];
    all.count = kept;
    qsort(all.line, all.count, sizeof(char *), by_bytes);
    return all;
}

static void compare_kallsyms(void)
{
    put("/proc/sys/kernel/kptr_restrict", "0");
    struct text text = slurp("/proc/kallsyms");
    struct text want = slurp("/expected.kallsyms");
    if (!text.bytes || !want.bytes) {
        say("kallsyms absent");
        return;
    }
    struct lines is = split(text), expected = split(want);
    unsigned long long slid = address_of_text(is) - address_of_text(expected);
    say("slide 0x%llx", slid);
    slide(expected, slid);
    is = compared_and_sorted(is);
    expected = compared_and_sorted(expected);
    size_t missing = 0, extra = 0, i = 0, j = 0;
    while (i < expected.count || j < is.count) {
        int order = i == expected.count ? 1 : j == is.count ? -1 : strcmp(expected.line[i], is.line[j]);
        if (order < 0 && missing++ < 5)
            say("kallsyms-missing %s", expected.line[i]);
        if (order > 0 && extra++ < 5)
            say("kallsyms-extra %s", is.line[j]);
        i += order <= 0;
        j += order >= 0;
    }
    say("kallsyms %zu symbols %zu missing %zu extra", is.count, missing, extra);
}

static void compare_btf(void)
{
    struct text is = slurp("/sys/kernel/btf/vmlinux"), expected = slurp("/expected.btf");
    if (!is.bytes)
        say("btf absent");
    else
        say("btf %zu bytes %s", is.size, !expected.bytes ? "unknown"
            : is.size == expected.size && !memcmp(is.bytes, expected.bytes, is.size) ? "same" : "different");
}

// A bad pointer makes the kernel fault in a copy loop; the sorted exception table must lead it to the fixup code.
static void fault_in_copy(void)
{
    int fd = open("/proc/self/stat", O_RDONLY);
    ssize_t n = syscall(SYS_read, fd, (void *)64, 16);
    say("extable %s", n < 0 && errno == EFAULT ? "EFAULT" : "wrong");
    close(fd);
}

static int occurrences(const char *path, const char *what)
{
    struct text text = slurp(path);
    int n = 0;
    for (char *at = text.bytes; at && (at = strstr(at, what)); at++)
        n++;
    free(text.bytes);
    return n;
}

// Dynamic ftrace patches the call sites listed in __mcount_loc, found by binary search.
static void trace_a_function(void)
{
    if (put("/sys/kernel/tracing/set_ftrace_filter", "vfs_read") || put("/sys/kernel/tracing/current_tracer", "function")) {
        say("ftrace absent");
        return;
    }
    int before = occurrences("/proc/self/stat", "init");
    put("/sys/kernel/tracing/tracing_on", "0");
    say("ftrace %d calls of vfs_read", before ? occurrences("/sys/kernel/tracing/trace", " vfs_read <-ksys_read") : -1);
    put("/sys/kernel/tracing/current_tracer", "nop");
    put("/sys/kernel/tracing/tracing_on", "1");
}

// A kprobe is given by name: the kernel finds it through kallsyms_seqs_of_names, sorted by name.
static void probe_by_name(void)
{
    int result = put("/sys/kernel/tracing/kprobe_events", "p:demo vfs_write");
    if (result == -ENOENT && access("/sys/kernel/tracing/kprobe_events", F_OK)) {
        say("kprobe absent");
        return;
    }
    put("/sys/kernel/tracing/events/kprobes/demo/enable", "1");
    put("/proc/sys/kernel/kptr_restrict", "0");              // any write will do
    put("/sys/kernel/tracing/events/kprobes/demo/enable", "0");
    say("kprobe %s %d hits", result ? strerror(-result) : "placed", occurrences("/sys/kernel/tracing/trace", "demo: (vfs_write+0x"));
}

// Loading a module looks up its undefined symbols in the exports, by binary search, and compares their checksums.
static void load_modules(const char *kind)
{
    char path[32];
    int n = 0;
    for (;;) {
        snprintf(path, sizeof path, "/%s.%d.ko", kind, ++n);
        int fd = open(path, O_RDONLY);
        if (fd < 0)
            break;
        int result = syscall(SYS_finit_module, fd, "", 0);
        say("%s-%d %s", kind, n, result ? strerror(errno) : "loaded");
        close(fd);
    }
}

// A program of its own, as only it needs libbpf; what it finds it says itself.
static void attach_bpf_programs(void)
{
    if (access("/attach", X_OK))
        return;
    pid_t attach = fork();
    if (!attach) {
        execl("/attach", "/attach", "/attach.o", NULL);
        _exit(1);
    }
    waitpid(attach, NULL, 0);
}

int main(void)
{
    mkdir("/proc", 0755);
    mkdir("/sys", 0755);
    mkdir("/dev", 0755);
    mount("proc", "/proc", "proc", 0, NULL);
    mount("sysfs", "/sys", "sysfs", 0, NULL);
    mount("devtmpfs", "/dev", "devtmpfs", 0, NULL);
    mount("tracefs", "/sys/kernel/tracing", "tracefs", 0, NULL);
    kmsg = open("/dev/kmsg", O_WRONLY);

    say("init reached");
    say("cpus %d", get_nprocs());
    compare_kallsyms();
    compare_btf();
    fault_in_copy();
    load_modules("refused");      // first: a bad copy of a module that is loaded would be refused for its name
    load_modules("module");
    trace_a_function();
    probe_by_name();
    attach_bpf_programs();
    // The kernel prints the stack of the CPU that asks; demo/boot knows which functions must be on it.
    say("stack %s", put("/proc/sysrq-trigger", "l") ? "absent" : "asked");
    say("end");
    sync();
    reboot(RB_AUTOBOOT);   // QEMU's -no-reboot turns this into its end; powering off would need ACPI
    for (;;)
        pause();
}
