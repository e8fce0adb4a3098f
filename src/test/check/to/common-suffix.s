// The name of a COMMON symbol is cut like any other.
//# expect: "shared" [vmlinux] is COMMON symbol
        .comm shared.7, 8, 8
