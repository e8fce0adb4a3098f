//# machine: powerpc64le
//# expect-error: call between code that has a table of contents and code that has none: R_PPC64_REL24 against callee
//# expect-error: at a.o:(.text+0x4)
# A function that does not keep r2, called by code that counts from it.
        .globl _start
_start: nop
        bl callee
        nop
//# object: b.o
        .globl callee
        .type callee, @function
        .machine power10
callee: .localentry callee, 1
        blr
