//# archive: lib.a b.o
//# compare: ld
//# differs: ld.lld symbol.maybe.present (lld lists what is undefined)
//# expect-symbol: maybe absent
# A weak reference takes no member; the call goes nowhere, to address 0, as far as its reach goes.
        .globl _start
        .weak maybe
_start: mov $maybe, %eax
        ret
//# object: b.o
        .globl maybe
maybe:  ret
