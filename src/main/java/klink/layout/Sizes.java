package klink.layout;

import klink.input.ObjectFile;
import klink.input.SectionBytes;
import klink.merge.MergedSections;
import klink.par.Par;
import klink.place.Placement;
import klink.resolve.Symbols;

/// Size and alignment of every input section as it will stand in the image: merged, decompressed,
/// synthetic ones as promised. Indexed by section id.
public final class Sizes {
    /// Unwind records must follow each other without a gap: four zero bytes between two objects' `.eh_frame`
    /// would end the list there (LSB Core, "Exception Frames").
    private static final byte FRAME_P2ALIGN = 2;

    private final long[] size;
    private final byte[] p2align;
    private final java.util.BitSet absent;
    /// Bytes of veneers behind a section, by section id; null: there are none.
    private int[] veneers;
    /// What they are aligned to.
    private int veneerAlignment = 4;
    /// The same, of those before a section.
    private int[] ahead;

    private Sizes(int n) {
        size = new long[n];
        p2align = new byte[n];
        absent = new java.util.BitSet();
    }

    /// The same sizes, but for veneers.
    private Sizes(Sizes o, int[] veneers, int veneerAlignment, int[] ahead) {
        this.veneerAlignment = veneerAlignment;
        this.ahead = ahead;
        size = o.size;
        p2align = o.p2align;
        absent = o.absent;
        this.veneers = veneers;
    }

    /// Sizes of what placement placed. A synthetic section has a size of 8 until [#with] settles it: not
    /// empty, so that an early layout keeps its output section.
    public static Sizes of(Symbols symbols, Placement place, MergedSections merged, int threads) {
        var s = new Sizes(symbols.sectionCount());
        Par.loop(symbols.fileCount(), threads, (f, _) -> {
            ObjectFile file = symbols.file(f);
            int base = symbols.firstSection(f);
            for (int i = 1; i < file.sectionCount(); i++) {
                int id = base + i;
                if (!place.isPlaced(id)) {
                    continue;
                }
                s.p2align[id] = (byte) (63 - Long.numberOfLeadingZeros(Math.max(1, SectionBytes.alignment(file, i))));
                if (s.p2align[id] > FRAME_P2ALIGN && isFrames(file, i)) {
                    s.p2align[id] = FRAME_P2ALIGN;
                }
                if (!merged.isMerged(id)) {
                    s.size[id] = file.isSynthetic() && file.size(i) == 0 ? 8 : SectionBytes.size(file, i);
                } else {
                    s.size[id] = merged.size(id);
                }
            }
        });
        for (int id = 0; id < s.size.length; id++) {
            if (merged.isMerged(id) && merged.size(id) == 0) {
                s.absent.set(id);
            }
        }
        return s;
    }

    private static boolean isFrames(ObjectFile file, int ndx) {
        return file.flags(ndx) == klink.elf.Elf.SHF_ALLOC && file.sectionName(ndx).equals(".eh_frame");
    }

    /// The same sizes, with that of one (synthetic) section settled.
    public Sizes with(int section, long bytes, long alignment) {
        var s = new Sizes(size.length);
        System.arraycopy(size, 0, s.size, 0, size.length);
        System.arraycopy(p2align, 0, s.p2align, 0, size.length);
        s.absent.or(absent);
        s.veneers = veneers;
        s.veneerAlignment = veneerAlignment;
        s.ahead = ahead;
        s.absent.clear(section);
        s.size[section] = bytes;
        s.p2align[section] = (byte) (63 - Long.numberOfLeadingZeros(Math.max(1, alignment)));
        return s;
    }

    /// The same sizes, with veneers behind some sections.
    /// @param bytes     by section id; [#NO_VENEERS] where there are none, but what lies behind stands as if there were
    /// @param alignment what those of a section are aligned to
    public Sizes withVeneers(int[] bytes, int alignment) {
        return new Sizes(this, bytes, alignment, null);
    }

    /// The same sizes, with veneers before some sections.
    /// @param bytes by section id, each a multiple of [#AHEAD_ALIGNMENT]
    public Sizes withAhead(int[] bytes) {
        return new Sizes(this, null, veneerAlignment, bytes);
    }

    /// Veneers of no size, aligned like others.
    public static final int NO_VENEERS = -1;

    /// What veneers before a section are aligned to.
    public static final int AHEAD_ALIGNMENT = 32;

    /// Bytes of the veneers that stand before a section.
    public int ahead(int section) {
        return ahead == null ? 0 : ahead[section];
    }

    /// The same sizes, where a section that klink makes is left out.
    public Sizes without(int section) {
        Sizes s = with(section, 0, 1);
        s.absent.set(section);
        return s;
    }

    /// Bytes in the image of every section: a copy.
    long[] all() {
        return size.clone();
    }

    /// The same, with other sizes for all sections.
    Sizes withAll(long[] bytes) {
        var s = with(0, bytes[0], alignment(0));
        System.arraycopy(bytes, 0, s.size, 0, bytes.length);
        return s;
    }

    /// Bytes of the veneers that stand behind a section.
    public int veneers(int section) {
        return veneers == null ? 0 : Math.max(0, veneers[section]);
    }

    /// Bytes from the start of a section, which stands at `address`, to where its veneers begin or would.
    public long toVeneers(int section, long address) {
        return (address + size[section] + veneerAlignment - 1 & -veneerAlignment) - address;
    }

    /// Bytes from the start of a section, which stands at `address`, to the end of its veneers.
    public long extent(int section, long address) {
        int v = veneers == null ? 0 : veneers[section];
        return v == 0 ? size[section] : toVeneers(section, address) + Math.max(0, v);
    }

    /// Bytes in the image.
    public long size(int section) {
        return size[section];
    }

    /// Bytes to align to.
    public long alignment(int section) {
        return 1L << p2align[section];
    }

    /// The same for an output section, for the sake of the section and its veneers.
    long strictest(int section) {
        return Math.max(1L << p2align[section], Math.max(veneers != null && veneers[section] != 0 ? veneerAlignment : 1, ahead(section) > 0 ? AHEAD_ALIGNMENT : 1));
    }

    /// Whether a merged section stands elsewhere altogether: it takes no space and does not align.
    public boolean isAbsent(int section) {
        return absent.get(section);
    }
}
