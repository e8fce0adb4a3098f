// 6.1 tells functions, variables and what has no name apart.
//# kernel: 6.1
//# expect: from the function entry() to the function .data:f()
//# expect: from the variable second to the variable .data:v
//# expect: from the variable second to the (unknown reference) .data:(unknown)
//# expect: ERROR: modpost: __ex_table+0x0 references non-executable section '.data'
//# expect: ERROR: modpost: __ex_table+0x8 references non-executable section '.data'
//# expect: ERROR: modpost: __ex_table+0x10 references non-executable section '.data'
//# status: 1
        .data
        .type f, @function
f:      .quad 0
        .zero 64
        .globl v
v:      .quad 0
        .zero 200
        .section __ex_table, "a"
        .type entry, @function
entry:  .quad f
second: .quad v
        .quad .data + 200
