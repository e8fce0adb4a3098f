//# options: --build-id=md5
//# compare: ld
//# ignore: content..note.gnu.build-id (the hash is klink's own)
//# expect-section: .note.gnu.build-id size=0x20
        .globl _start
_start: ret
