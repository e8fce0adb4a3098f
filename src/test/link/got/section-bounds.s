//# script: inline
ENTRY(_start)
SECTIONS { . = 0x10000; .text : { *(.text) } table : { *(table) } other : { *(.other) } /DISCARD/ : { *(.note.GNU-stack) } }
//# object: a.o
//# compare: ld
//# expect-symbol: __start_table section=table value=0x10020
//# expect-symbol: __stop_table section=table value=0x10030
# Bounds of a section whose name could be a C identifier, referenced and defined nowhere.
        .globl _start
        .weak __start_nothing
_start: mov $__start_table, %rax
        mov $__stop_table, %rax
        mov $__start_nothing, %rax
        .p2align 5
        .section table, "a"
        .quad 1
//# object: b.o
        .section table, "a"
        .quad 2
