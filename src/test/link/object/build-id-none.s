//# options: --build-id --build-id=none
//# compare: ld ld.lld
//# expect-section: .note.gnu.build-id absent
        .globl _start
_start: ret
