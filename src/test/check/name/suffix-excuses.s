// An object's name is cut before the excuses see it: `my_ops.3` is `my_ops`, `my.ops.3` stays as it is.
//# expect: my.ops.3+0x0 (section: .data) -> setup (section: .init.text)
//# expect: my_ops.x+0x0 (section: .data) -> setup (section: .init.text)
        .data
my_ops.3: .quad setup
my.ops.3: .quad setup
my_ops.x: .quad setup
__param_ops_y.4: .quad setup
        .section .init.text, "ax"
        .globl setup
setup:  ret
