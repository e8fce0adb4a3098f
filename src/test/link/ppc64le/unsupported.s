//# machine: powerpc64le
//# expect-error: call between code that has a table of contents and code that has none: R_PPC64_REL24_NOTOC against callee
//# expect-error: at a.o:(.text+0x0)
# A call from code that keeps no r2 to code that wants it needs a stub: a kernel is compiled in one way or the other.
        .globl _start
        .machine power10
_start: bl callee@notoc
//# object: b.o
        .globl callee
        .type callee, @function
callee: nop
        nop
        .localentry callee, . - callee
        blr
