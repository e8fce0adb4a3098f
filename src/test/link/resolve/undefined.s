//# compare: ld ld.lld
//# expect-error: undefined symbol: missing
//# expect-error: referenced by a.o:(.text+0x1)
//# expect-error: referenced by a.o:(.text+0x6)
//# expect-error: referenced by b.o:(.text+0x1)
//# expect-error: referenced 2 more times
//# expect-error: undefined symbol: gone
# All of them in one run, each with its first three references in input order.
        .globl _start
_start: call missing
        call missing
        call gone
//# object: b.o
        call missing
        call missing
        jmp missing
