//# archive: libx.a b.o c.o d.o
//# compare: ld ld.lld
//# expect-symbol: from_b
//# expect-symbol: from_c
//# expect-symbol: from_d absent
# Members join for what is undefined when the archive is met, and for what they need themselves.
        .globl _start
_start: call from_b
//# object: b.o
        .globl from_b
from_b: call from_c
        ret
//# object: c.o
        .globl from_c
from_c: ret
//# object: d.o
        .globl from_d
from_d: ret
