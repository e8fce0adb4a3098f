//# compare: ld.lld
//# ignore: symbol._GLOBAL_OFFSET_TABLE_.visibility (lld hides it)
        .globl _start
_start: movabs $far@GOTOFF, %rax
        .globl far
far:    ret
