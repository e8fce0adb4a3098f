//# options: -e other
//# expect-warning: cannot find entry symbol other; defaulting to 0000000000400000
        .globl _start
_start: ret
