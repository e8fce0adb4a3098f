// The sections that are known to stay out of memory.
//# expect: none
        .macro s name
        .section \name, "", @progbits
        .byte 1
        .endm
        s .comment
        s .comment.more
        s .debug_info
        s .debug
        s .zdebug_line
        s .GCC.command.line
        s .mdebug.abi32
        s .pdr
        s .stab.xstr
        s .note.anything
        s .got.x
        s .toc.x
        s .xt.prop
        s .xt.lit
        s .arcextmap.x
        s .gnu.linkonce.arcext.x
        s .cmem.x
        s .fmt_slot_x
        s .gnu.lto_x
        s .discard.x
