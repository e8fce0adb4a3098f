//# machine: aarch64
//# script: moving.lds
//# options: -shared -Bsymbolic -z notext --no-apply-dynamic-relocs
//# compare: ld
//# ignore: section..text.entsize (klink says 0 for what holds .got: nothing reads it)
//# ignore: section..got.plt.entsize (klink says 0: nothing reads it)
//# ignore: symbol._GLOBAL_OFFSET_TABLE_.present (GNU ld's has a value without a section; nothing names it)
# Which words get a RELATIVE entry: whole addresses of what moves with the image, in the order of their places. Nothing
# undefined, no distance.
        .globl _start, shown, hidden
        .hidden hidden
        .weak nowhere
        .hidden nowhere
_start: ret
shown:  ret
hidden: ret
        .data
        .quad _start, shown + 8, hidden
        .quad local, .Lanonymous + 4
        .quad nowhere
        .quad _start - .
        .quad .Lstring + 1, .Lsame
        .quad _end, _text, common, elsewhere + 0x10
local:  .quad local
.Lanonymous: .quad 0x1122334455667788
        .word 1
        .quad shown
        .comm common, 8, 8
        .section .rodata.str1.1,"aMS",@progbits,1
.Lstring: .asciz "a string"
.Lsame: .asciz "same"
        .section .data.again,"aw"
        .quad hidden
//# object: b.o
        .section .data.first,"aw"
        .globl elsewhere
elsewhere: .quad _start, 7
        .quad .Lsame
        .section .rodata.str1.1,"aMS",@progbits,1
.Lsame: .asciz "same"
