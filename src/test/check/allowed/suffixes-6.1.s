// These names excuse only in 6.1: later the offenders were repaired and the list was cut.
//# expect-6.1: my_probe_on (section: .data) -> setup (section: .init.text)
//# expect-6.12: my_template+0x0 (section: .data) -> setup (section: .init.text)
//# expect-6.12: my_timer+0x0 (section: .data) -> setup (section: .init.text)
//# expect-6.12: my_sht+0x0 (section: .data) -> setup (section: .init.text)
//# expect-6.12: my_probe_one+0x0 (section: .data) -> setup (section: .init.text)
//# expect-6.12: my_probe_on+0x0 (section: .data) -> setup (section: .init.text)
        .data
my_template: .quad setup
my_timer: .quad setup
my_sht: .quad setup
my_probe_one: .quad setup
my_probe_on: .quad setup
        .section .init.text, "ax"
        .globl setup
setup:  ret
