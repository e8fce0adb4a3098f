//# machine: aarch64
//# script: moving.lds
//# options: -shared -Bsymbolic -z notext
//# compare: ld
//# ignore: section..text.entsize (klink says 0 for what holds .got: nothing reads it)
//# ignore: section..got.plt.entsize (klink says 0: nothing reads it)
//# ignore: symbol._GLOBAL_OFFSET_TABLE_.present (GNU ld's has a value without a section; nothing names it)
# Code reaches its own image by distance: no entries.
        .globl _start, shown
_start: bl shown
        b shown
        cbz x0, shown
        adrp x0, shown
        nop
        add x1, x0, :lo12:shown
        adr x2, shown
        ldr x3, shown
        adrp x0, value
        nop
        ldr x1, [x0, :lo12:value]
        movz x5, #:prel_g1:value
        movk x5, #:prel_g0_nc:value
shown:  ret
        .data
        .globl value
value:  .word shown - .
        .hword 1, 2
        .quad value - .
