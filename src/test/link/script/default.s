//# args: a.o
//# expect-symbol: _start section=.text
//# expect-symbol: _end
# Without -T a script of klink's own.
        .globl _start
_start: mov $message, %esi
        ret
        .section .rodata
message: .asciz "hello"
        .data
        .quad _end
        .bss
        .skip 10
