//# archive: libx.a b.o
//# args: -T SCRIPT libx.a a.o
//# compare: ld
//# differs: ld.lld link (lld searches archives whatever their place; GNU ld's order is klink's)
//# expect-error: undefined symbol: from_b
# An archive before the reference is not searched again.
        .globl _start
_start: call from_b
//# object: b.o
        .globl from_b
from_b: ret
