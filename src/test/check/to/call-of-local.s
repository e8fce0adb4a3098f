// A call of a local function: the addend is 4 less than the offset, as the processor counts from behind the call.
//# expect: caller+0x1 (section: .text) -> second (section: .init.text)
        .text
caller: call second
        .section .init.text, "ax"
first:  .zero 32
second: ret
