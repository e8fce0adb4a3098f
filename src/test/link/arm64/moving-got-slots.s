//# machine: aarch64
//# script: moving.lds
//# options: -shared -Bsymbolic -z notext --no-apply-dynamic-relocs
//# compare: ld
//# ignore: section..text.entsize (klink says 0 for what holds .got: nothing reads it)
//# ignore: section..got.plt.entsize (klink says 0: nothing reads it)
//# ignore: symbol._GLOBAL_OFFSET_TABLE_.present (GNU ld's has a value without a section; nothing names it)
//# expect-section: .rela.dyn size=0x60
# Each has its slot; an entry for each that holds an address of the image.
        .globl _start, shown, hidden
        .hidden hidden, nowhere
        .weak nowhere
_start: adrp x0, :got:shown
        ldr x0, [x0, :got_lo12:shown]
        adrp x1, :got:hidden
        ldr x2, [x1, :got_lo12:hidden]
        adrp x3, :got:nowhere
        ldr x3, [x3, :got_lo12:nowhere]
        adrp x4, :got:far
        nop
        ldr x4, [x4, :got_lo12:far]
        adrp x5, :got:shown
        add x6, x6, #1
        ldr x5, [x5, :got_lo12:shown]
        ldr x7, :got:far
        ret
        .data
shown:  .quad 1
hidden: .quad 2
//# object: b.o
        .globl far
        .data
far:    .quad far
