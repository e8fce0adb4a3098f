//# machine: powerpc64le
//# expect-error: unknown relocation type 116 against callee
//# expect-error: at a.o:(.text+0x0)
# A call from code that keeps no r2 needs a stub that sets r12: no kernel without prefixed instructions has one.
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
