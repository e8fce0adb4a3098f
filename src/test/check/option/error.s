// -E makes an error of them: CONFIG_SECTION_MISMATCH_WARN_ONLY is off.
//# options: -E
//# expect: caller+0x1 (section: .text) -> setup (section: .init.text)
//# expect: ERROR: modpost: Section mismatches detected.
//# status: 1
        .text
        .globl caller
caller: call setup
        .section .init.text, "ax"
        .globl setup
setup:  ret
