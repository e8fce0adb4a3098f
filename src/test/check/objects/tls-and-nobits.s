// The target may be memory without bytes in the file.
//# expect: caller+0x0 (section: .text) -> freed (section: .init.bss)
        .text
caller: .quad freed, stays
        .section .init.bss, "aw", @nobits
        .globl freed
freed:  .zero 8
        .bss
        .globl stays
stays:  .zero 8
