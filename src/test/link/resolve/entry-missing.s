//# options: -e other
//# expect-warning: cannot find entry symbol other
        .globl _start
_start: ret
