// A COMMON symbol is reported, but is in no section that could be freed; the one for GCC's LTO is not reported.
//# expect: "shared" [vmlinux] is COMMON symbol
        .comm shared, 8, 8
        .comm __gnu_lto_v1, 1, 1
        .text
caller: .quad shared
//# object: b.o
        .comm shared, 16, 8
        .section __ex_table, "a"
        .quad shared
