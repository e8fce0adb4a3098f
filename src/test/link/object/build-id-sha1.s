//# options: --build-id
//# compare: ld
//# ignore: content..note.gnu.build-id (the hash is klink's own)
//# expect-section: .note.gnu.build-id size=0x24 type=note
        .globl _start
_start: ret
