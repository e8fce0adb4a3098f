// The nearest symbol may be of any type, but not a section's or a file's.
//# expect: caller+0x0 (section: .text) -> object (section: .init.data)
        .file "case.c"
        .text
caller: .quad .init.data + 20
        .section .init.data, "aw"
label:  .zero 16
        .type object, @object
object: .zero 16
        .size object, 16
