package klink.place;

import java.lang.foreign.MemorySegment;
import klink.input.ObjectFile;
import klink.mem.Endian;
import klink.mem.IntList;

/// The records of one `.eh_frame` section (LSB Core, "Exception Frames"), for garbage collection: an
/// FDE describes one function and must not keep it alive, but a live function keeps what its FDE
/// names (the exception table) and what the FDE's CIE names (the personality routine). Kernels have
/// none; user programs have one record per function.
final class FrameRecords {
    /// Per FDE: index of its first relocation, the end, and the same for its CIE.
    private final IntList fdes = new IntList();
    private final IntList cies = new IntList();

    private FrameRecords() {}

    /// @param offsets of the relocations, in table order
    /// @return null if the section is not what it should be, or its relocations are not in order
    static FrameRecords of(ObjectFile file, int ndx, long[] offsets) {
        var r = new FrameRecords();
        return r.read(file.segment(), file.endian(), file.fileOffset(ndx), file.size(ndx), offsets) ? r : null;
    }

    private boolean read(MemorySegment seg, Endian words, long at, long size, long[] offsets) {
        for (int i = 1; i < offsets.length; i++) {
            if (offsets[i] < offsets[i - 1]) {
                return false;
            }
        }
        var cieAt = new java.util.HashMap<Long, Integer>();
        int rel = 0;
        long offset = 0;
        while (offset + 4 <= size) {
            long length = words.u32(seg, at + offset);
            if (length == 0) {
                offset += 4;
                continue;
            }
            long end = offset + 4 + length;
            if (length == 0xffff_ffffL || length < 4 || end > size) {
                return false;
            }
            int from = rel;
            while (rel < offsets.length && offsets[rel] < end) {
                rel++;
            }
            long id = words.u32(seg, at + offset + 4);
            if (id == 0) {
                cieAt.put(offset, cies.size());
                cies.add(from);
                cies.add(rel);
            } else {
                Integer cie = cieAt.get(offset + 4 - id);
                if (cie == null || from == rel || offsets[from] != offset + 8) {
                    return false;
                }
                fdes.add(from);
                fdes.add(rel);
                fdes.add(cies.get(cie));
                fdes.add(cies.get(cie + 1));
            }
            offset = end;
        }
        return rel == offsets.length;
    }

    int count() {
        return fdes.size() / 4;
    }

    /// The relocation that names the function.
    int first(int fde) {
        return fdes.get(4 * fde);
    }

    int end(int fde) {
        return fdes.get(4 * fde + 1);
    }

    int cieFirst(int fde) {
        return fdes.get(4 * fde + 2);
    }

    int cieEnd(int fde) {
        return fdes.get(4 * fde + 3);
    }
}
