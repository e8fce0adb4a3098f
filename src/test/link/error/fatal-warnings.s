//# options: --fatal-warnings -e other
//# expect-error: --fatal-warnings
        .globl _start
_start: ret
