// As much of a C library as demo/init.c calls, on Linux's system calls, for a machine that Debian has a compiler and headers for but no
// library: big-endian arm. The headers are those of the little-endian one, which serve both orders.

#include <errno.h>
#include <fcntl.h>
#include <linux/mman.h>
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

// ---- system calls ----

// The kernel has argc on top of the stack; _start is code of Arm's mode, as an ELF entry of even address is.
__asm__(".text\n.arm\n.globl _start\n.type _start, %function\n_start:\n\tbl main\n\tmov r7, #1\n\tsvc #0\n\t.size _start, . - _start\n");

static int last_error;
int *__errno_location(void) { return &last_error; }

static long result(long value)
{
    if ((unsigned long)value < -4095UL)
        return value;
    last_error = -value;
    return -1;
}

static long call(long number, long a, long b, long c, long d, long e, long f)
{
    register long r7 __asm__("r7") = number;
    register long r0 __asm__("r0") = a;
    register long r1 __asm__("r1") = b;
    register long r2 __asm__("r2") = c;
    register long r3 __asm__("r3") = d;
    register long r4 __asm__("r4") = e;
    register long r5 __asm__("r5") = f;
    __asm__ volatile("svc #0" : "+r"(r0) : "r"(r1), "r"(r2), "r"(r3), "r"(r4), "r"(r5), "r"(r7) : "memory");
    return result(r0);
}

// Of arguments that the caller does not give, the kernel does not ask.
long syscall(long number, ...)
{
    long argument[6];
    va_list args;
    va_start(args, number);
    for (int i = 0; i < 6; i++)
        argument[i] = va_arg(args, long);
    va_end(args);
    return call(number, argument[0], argument[1], argument[2], argument[3], argument[4], argument[5]);
}

int open(const char *path, int flags, ...) { return syscall(SYS_open, path, flags, 0); }
int close(int fd) { return syscall(SYS_close, fd); }
ssize_t read(int fd, void *to, size_t size) { return syscall(SYS_read, fd, to, size); }
ssize_t write(int fd, const void *from, size_t size) { return syscall(SYS_write, fd, from, size); }
int access(const char *path, int mode) { return syscall(SYS_access, path, mode); }
int mkdir(const char *path, mode_t mode) { return syscall(SYS_mkdir, path, mode); }
int mount(const char *what, const char *path, const char *type, unsigned long flags, const void *data)
{
    return syscall(SYS_mount, what, path, type, flags, data);
}
pid_t fork(void) { return syscall(SYS_fork); }
pid_t waitpid(pid_t child, int *status, int options) { return syscall(SYS_wait4, child, status, options, NULL); }
void _exit(int status)
{
    for (;;)
        syscall(SYS_exit_group, status);
}
int pause(void) { return syscall(SYS_pause); }
void sync(void) { syscall(SYS_sync); }
int reboot(int how) { return syscall(SYS_reboot, 0xfee1dead, 672274793, how, NULL); }     // reboot(2)

// The program gets no environment.
int execl(const char *path, const char *first, ...)
{
    const char *argument[10] = { first };
    va_list args;
    va_start(args, first);
    for (int i = 1; i < 9 && argument[i - 1]; i++)
        argument[i] = va_arg(args, const char *);
    va_end(args);
    return syscall(SYS_execve, path, argument, argument + 9);
}

int get_nprocs(void)
{
    unsigned char mask[128];
    int n = 0;
    for (long bytes = syscall(SYS_sched_getaffinity, 0, sizeof mask, mask); bytes > 0; bytes--)
        for (int bits = mask[bytes - 1]; bits; bits &= bits - 1)
            n++;
    return n;
}

// ---- memory: a mapping for each piece, its size in front ----

enum { FRONT = 16 };

void *malloc(size_t size)
{
    long at = syscall(SYS_mmap2, NULL, size + FRONT, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (at == -1)
        return NULL;
    *(size_t *)at = size + FRONT;
    return (char *)at + FRONT;
}

void *realloc(void *old, size_t size)
{
    if (!old)
        return malloc(size);
    size_t *from = (size_t *)((char *)old - FRONT);
    long at = syscall(SYS_mremap, from, *from, size + FRONT, MREMAP_MAYMOVE);
    if (at == -1)
        return NULL;
    *(size_t *)at = size + FRONT;
    return (char *)at + FRONT;
}

void free(void *old)
{
    size_t *from = (size_t *)((char *)old - FRONT);
    if (old)
        syscall(SYS_munmap, from, *from);
}

// ---- strings ----

void *memcpy(void *to, const void *from, size_t size)
{
    for (size_t i = 0; i < size; i++)
        ((char *)to)[i] = ((const char *)from)[i];
    return to;
}

void *memset(void *to, int byte, size_t size)
{
    for (size_t i = 0; i < size; i++)
        ((char *)to)[i] = byte;
    return to;
}

int memcmp(const void *a, const void *b, size_t size)
{
    const unsigned char *x = a, *y = b;
    for (; size; x++, y++, size--)
        if (*x != *y)
            return *x - *y;
    return 0;
}

size_t strlen(const char *s)
{
    size_t n = 0;
    while (s[n])
        n++;
    return n;
}

int strcmp(const char *a, const char *b)
{
    while (*a && *a == *b)
        a++, b++;
    return (unsigned char)*a - (unsigned char)*b;
}

char *strchr(const char *s, int c)
{
    while (*s && *s != (char)c)
        s++;
    return *s == (char)c ? (char *)s : NULL;
}

char *strstr(const char *s, const char *what)
{
    size_t size = strlen(what);
    for (size_t left = strlen(s); left >= size; left--, s++)
        if (!memcmp(s, what, size))
            return (char *)s;
    return NULL;
}

// Hexadecimal only, and no sign.
unsigned long long strtoull(const char *s, char **end, int base)
{
    unsigned long long value = 0;
    for (;; s++) {
        int digit = *s >= '0' && *s <= '9' ? *s - '0' : *s >= 'a' && *s <= 'f' ? *s - 'a' + 10 : 16;
        if (base != 16 || digit == 16)
            break;
        value = value << 4 | digit;
    }
    if (end)
        *end = (char *)s;
    return value;
}

// A number is enough: demo/boot knows the names of none but what init looks for itself.
char *strerror(int error)
{
    static char text[24];
    snprintf(text, sizeof text, "error %d", error);
    return text;
}

// A heap sort.
static void swap(char *a, char *b, size_t size)
{
    for (; size; size--, a++, b++) {
        char byte = *a;
        *a = *b;
        *b = byte;
    }
}

static void sift(char *all, size_t root, size_t count, size_t size, int (*compare)(const void *, const void *))
{
    for (size_t child; (child = 2 * root + 1) < count; root = child) {
        if (child + 1 < count && compare(all + child * size, all + (child + 1) * size) < 0)
            child++;
        if (compare(all + root * size, all + child * size) >= 0)
            return;
        swap(all + root * size, all + child * size, size);
    }
}

void qsort(void *all, size_t count, size_t size, int (*compare)(const void *, const void *))
{
    for (size_t root = count / 2; root; root--)
        sift(all, root - 1, count, size, compare);
    for (size_t left = count; left > 1; left--) {
        swap(all, (char *)all + (left - 1) * size, size);
        sift(all, 0, left - 1, size, compare);
    }
}

// ---- text: %s, %d, %zu, %llx, the last with a width that zeros fill ----

static size_t put_char(char *to, size_t size, size_t at, char c)
{
    if (at + 1 < size)
        to[at] = c;
    return at + 1;
}

static size_t put_number(char *to, size_t size, size_t at, unsigned long long value, unsigned base, int width)
{
    char digits[20];
    int n = 0;
    do {
        // No division of 64 bits: that would be a function of libgcc.
        unsigned digit = base == 16 ? value & 15 : (unsigned long)value % 10;
        digits[n++] = "0123456789abcdef"[digit];
        value = base == 16 ? value >> 4 : (unsigned long)value / 10;
    } while (value);
    for (; width > n; width--)
        at = put_char(to, size, at, '0');
    while (n)
        at = put_char(to, size, at, digits[--n]);
    return at;
}

int vsnprintf(char *to, size_t size, const char *format, va_list args)
{
    size_t at = 0;
    for (; *format; format++) {
        if (*format != '%') {
            at = put_char(to, size, at, *format);
            continue;
        }
        int width = 0;
        while (*++format >= '0' && *format <= '9')
            width = width * 10 + *format - '0';
        if (*format == 's') {
            for (const char *s = va_arg(args, const char *); *s; s++)
                at = put_char(to, size, at, *s);
        } else if (*format == 'd') {
            int value = va_arg(args, int);
            if (value < 0)
                at = put_char(to, size, at, '-');
            at = put_number(to, size, at, value < 0 ? -(unsigned)value : (unsigned)value, 10, width);
        } else if (format[0] == 'z' && format[1] == 'u') {
            at = put_number(to, size, at, va_arg(args, size_t), 10, width);
            format++;
        } else if (format[0] == 'l' && format[1] == 'l' && format[2] == 'x') {
            at = put_number(to, size, at, va_arg(args, unsigned long long), 16, width);
            format += 2;
        } else {
            _exit(2);      // a form that init.c has come to use, and this has not
        }
    }
    if (size)
        to[at < size ? at : size - 1] = 0;
    return at;
}

int snprintf(char *to, size_t size, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int n = vsnprintf(to, size, format, args);
    va_end(args);
    return n;
}
