//# options: -X
//# compare: ld
//# expect-symbol: kept
        .globl _start
_start: ret
kept:   ret
.Ldropped: ret
        .data
        .quad .Ldropped - _start, .Ldropped
