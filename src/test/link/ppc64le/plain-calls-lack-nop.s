//# machine: powerpc64le
//# compare: ld
//# expect-error: no instruction behind the call can restore r2, which the function does not keep: R_PPC64_REL24 against callee
//# expect-error: at a.o:(.text+0x4)
//# expect-error: no instruction behind the call can restore r2, which the function does not keep: R_PPC64_REL24 against other
//# expect-error: at a.o:(.text+0xc)
# A function that does not keep r2, called by code that counts from it and has no place to restore it.
        .globl _start
_start: nop
        bl callee
        mr 3, 3
        b other
        nop
//# object: b.o
        .globl callee, other
        .type callee, @function
        .type other, @function
        .machine power10
callee: .localentry callee, 1
        blr
other:  .localentry other, 1
        blr
