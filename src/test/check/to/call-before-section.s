// For the first function of a section that is before the section: 6.1 counts with a sign, 6.12 without.
//# expect-6.1: caller (section: .text) -> first (section: .init.text)
//# expect-6.12: caller+0x1 (section: .text) -> 0xfffffffc (section: .init.text)
//# differs-6.12: 4 bytes from the call's target is near enough, if one counts with a sign
//# klink-6.12: caller+0x1 (section: .text) -> first (section: .init.text)
        .text
caller: call first
        .section .init.text, "ax"
first:  ret
