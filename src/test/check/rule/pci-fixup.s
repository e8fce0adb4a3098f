// The tables of PCI fixups are read at any time, so what they point at must stay.
//# expect: t0+0x0 (section: .pci_fixup_early) -> setup (section: .init.text)
//# expect: t1+0x0 (section: .pci_fixup_header) -> setup (section: .init.text)
//# expect: t2+0x0 (section: .pci_fixup_final) -> setup (section: .init.text)
//# expect: t3+0x0 (section: .pci_fixup_enable) -> setup (section: .init.text)
//# expect: t4+0x0 (section: .pci_fixup_resume) -> setup (section: .init.text)
//# expect: t5+0x0 (section: .pci_fixup_resume_early) -> setup (section: .init.text)
//# expect: t6+0x0 (section: .pci_fixup_suspend) -> setup (section: .init.text)
        .macro t name, section
        .section \section, "a"
\name:  .quad setup
        .endm
        t t0, .pci_fixup_early
        t t1, .pci_fixup_header
        t t2, .pci_fixup_final
        t t3, .pci_fixup_enable
        t t4, .pci_fixup_resume
        t t5, .pci_fixup_resume_early
        t t6, .pci_fixup_suspend
        .section .init.text, "ax"
        .globl setup
setup:  ret
