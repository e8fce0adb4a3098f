//# machine: aarch64
//# script: moving.lds
//# options: -shared -Bsymbolic -z notext --no-apply-dynamic-relocs
//# compare: ld
//# ignore: section..text.entsize (klink says 0 for what holds .got: nothing reads it)
//# ignore: section..got.plt.entsize (klink says 0: nothing reads it)
//# ignore: symbol._GLOBAL_OFFSET_TABLE_.present (GNU ld's has a value without a section; nothing names it)
# One slot for a symbol, and an entry for it.
        .globl _start, far
_start: adrp x4, :got:far
        nop
        ldr x4, [x4, :got_lo12:far]
        adrp x5, :got:far
        add x6, x6, #1
        ldr x5, [x5, :got_lo12:far]
        ldr x7, :got:far
        ret
//# object: b.o
        .globl far
        .data
far:    .quad far
