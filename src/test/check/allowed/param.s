// The table entry of a boot parameter may name a variable that is freed: what tells it is its name.
//# expect: _param_near+0x0 (section: .data) -> initdata (section: .init.data)
//# expect: __param_b+0x8 (section: .data) -> setup (section: .init.text)
//# expect: __param_b+0x10 (section: .data) -> initother (section: .init.other)
//# expect: __param_b+0x18 (section: .data) -> byedata (section: .exit.data)
        .data
__param_a: .quad initdata, initconst, initsetup
__parameter: .quad initdata
_param_near: .quad initdata
__param_b: .quad initdata, setup, initother, byedata
        .macro t name, section
        .section \section, "aw"
        .globl \name
\name:  .quad 0
        .endm
        t initdata, .init.data
        t initconst, .init.rodata
        t initsetup, .init.setup
        t initother, .init.other
        t setup, .init.text
        t byedata, .exit.data
