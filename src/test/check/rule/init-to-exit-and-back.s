// Init code must not use exit code, which may not be there; nor the other way, when init code is gone.
//# expect: setup+0x1 (section: .init.text) -> bye (section: .exit.text)
//# expect: bye+0x1 (section: .exit.text) -> setup (section: .init.text)
        .section .init.text, "ax"
        .globl setup
setup:  call bye
        .section .exit.text, "ax"
        .globl bye
bye:    call setup
