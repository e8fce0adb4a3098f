package klink.symvers;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import klink.check.Violation;
import klink.elf.Elf;
import klink.input.ObjectFile;
import klink.input.SectionBytes;
import klink.mem.IntList;
import klink.mem.LE;

/// What one object says of exports, in the order of its symbol table or records. Of a kernel's objects about a third
/// say anything.
abstract sealed class FileExports permits EntryScan, RecordScan {
    static final byte[] NO_NAMESPACE = {};

    final ObjectFile file;
    /// Four a row: offset of the name in the file's symbol names, its length, 1 for GPL, label's symbol index.
    final IntList rows = new IntList(32);
    /// Of each row.
    final List<byte[]> namespaces = new ArrayList<>();
    /// The symbol exported, of each row; 0 where the object does not tell.
    final IntList targets = new IntList(8);
    /// What is wrong with what it says, and before which row modpost would notice.
    final List<Violation> violations = new ArrayList<>();
    final IntList violationRows = new IntList(4);

    /// The section that [#string] read last: there is one.
    private int stringsNdx = -1;
    private byte[] strings;

    FileExports(ObjectFile file) {
        this.file = file;
    }

    int count() {
        return rows.size() / 4;
    }

    void add(int nameOffset, int nameLength, boolean gpl, int label, int target, byte[] namespace) {
        rows.add(nameOffset);
        rows.add(nameLength);
        rows.add(gpl ? 1 : 0);
        rows.add(label);
        targets.add(target);
        namespaces.add(namespace);
    }

    /// The string at `offset` of a section, without its NUL.
    byte[] string(int ndx, long offset) {
        if (ndx != stringsNdx) {
            if (file.type(ndx) == Elf.SHT_NOBITS || SectionBytes.isCompressed(file, ndx) || file.size(ndx) > Integer.MAX_VALUE - 8) {
                throw file.bad(file.fileOffset(ndx), "section " + file.sectionName(ndx) + " cannot hold strings of exports: type " + file.type(ndx)
                        + ", 0x" + Long.toHexString(file.size(ndx)) + " bytes");
            }
            strings = new byte[(int) file.size(ndx)];
            LE.bytes(file.segment(), file.fileOffset(ndx), strings, 0, strings.length);
            stringsNdx = ndx;
        }
        int start = Math.clamp(offset, 0, strings.length);
        int end = start;
        while (end < strings.length && strings[end] != 0) {
            end++;
        }
        if (start != offset || end == strings.length) {
            throw file.bad(file.fileOffset(ndx), "no string that ends at offset 0x" + Long.toHexString(offset) + " of section " + file.sectionName(ndx)
                    + ", which has 0x" + Integer.toHexString(strings.length) + " bytes");
        }
        return start == end ? NO_NAMESPACE : Arrays.copyOfRange(strings, start, end);
    }
}
