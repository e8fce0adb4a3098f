// Only .data and .data.rel themselves are checked: other data is read-only after boot, per CPU, or marked by hand.
//# expect: none
        .macro d section, flags="aw"
        .section \section, "\flags"
        .quad setup
        .endm
        d .data..percpu
        d .data..ro_after_init
        d .data.rel.ro
        d .data.rel.local
        d .data.other
        d .data1
        d .rodata, a
        d .ref.data
        d .sdata
        d __param, a
        d .parainstructions, a
        .section .init.text, "ax"
        .globl setup
setup:  ret
