//# options: -x
//# compare: ld
//# expect-symbol: local absent
        .globl _start
_start: ret
local:  ret
