// Tables that name every function are nobody's use of it.
//# expect: none
        .macro s name, flags=a
        .section \name, "\flags", @progbits
        .quad setup
        .endm
        s .eh_frame
        s .orc_unwind_ip
        s .altinstructions
        s __bug_table, aw
        s __mcount_loc
        s .smp_locks
        s .initcall6.init
        s .init_array, aw
        s .static_call_sites
        .section .init.text, "ax"
        .globl setup
setup:  ret
