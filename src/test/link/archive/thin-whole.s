//# thin-archive: vmlinux.a a.o b.o c.o
//# args: -T SCRIPT --whole-archive vmlinux.a --no-whole-archive
//# compare: ld ld.lld
# How kbuild names nearly all of a kernel.
        .globl _start
_start: call next
//# object: b.o
        .globl next
next:   ret
//# object: c.o
        .section .rodata
        .quad next
