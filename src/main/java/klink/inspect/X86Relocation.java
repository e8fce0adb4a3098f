package klink.inspect;

import klink.mem.LE;

/// A relocation type of the x86-64 psABI (section 4.4.1) as data: how wide the field is, whether the place
/// is subtracted, and which values fit. In a 6.1 kernel five types occur: PC32 (679,000 sites), PLT32,
/// 64, 32S and PC64; the rest are here so that nothing passes unread.
///
/// @param suffix the name without its `R_X86_64_`
/// @param width  bytes of the field
record X86Relocation(String suffix, int width, boolean pcRelative, Range range) implements SiteType {
    /// Which 64-bit results a field can hold.
    enum Range { SIGNED, UNSIGNED, ANY }

    static final int GOTPCREL = 9;
    static final int GOTPCRELX = 41;
    static final int REX_GOTPCRELX = 42;

    private static final X86Relocation NONE = new X86Relocation("NONE", 0, false, Range.ANY);
    private static final X86Relocation ABS64 = new X86Relocation("64", 8, false, Range.ANY);
    private static final X86Relocation PC32 = new X86Relocation("PC32", 4, true, Range.SIGNED);
    private static final X86Relocation PLT32 = new X86Relocation("PLT32", 4, true, Range.SIGNED);
    private static final X86Relocation GOT = new X86Relocation("GOTPCREL", 4, true, Range.SIGNED);
    private static final X86Relocation ABS32 = new X86Relocation("32", 4, false, Range.UNSIGNED);
    private static final X86Relocation ABS32S = new X86Relocation("32S", 4, false, Range.SIGNED);
    private static final X86Relocation ABS16 = new X86Relocation("16", 2, false, Range.ANY);
    private static final X86Relocation PC16 = new X86Relocation("PC16", 2, true, Range.SIGNED);
    private static final X86Relocation ABS8 = new X86Relocation("8", 1, false, Range.ANY);
    private static final X86Relocation PC8 = new X86Relocation("PC8", 1, true, Range.SIGNED);
    private static final X86Relocation PC64 = new X86Relocation("PC64", 8, true, Range.ANY);

    /// The type of this number, or null for one that has no business in a kernel.
    static X86Relocation of(int number) {
        return switch (number) {
            case 0 -> NONE;
            case 1 -> ABS64;
            case 2 -> PC32;
            case 4 -> PLT32;
            case GOTPCREL, GOTPCRELX, REX_GOTPCRELX -> GOT;
            case 10 -> ABS32;
            case 11 -> ABS32S;
            case 12 -> ABS16;
            case 13 -> PC16;
            case 14 -> ABS8;
            case 15 -> PC8;
            case 24 -> PC64;
            default -> null;
        };
    }

    @Override
    public String name() {
        return "R_X86_64_" + suffix;
    }

    @Override
    public boolean throughGot() {
        return this == GOT;
    }

    @Override
    public boolean isWholeAddress() {
        return this == ABS64;
    }

    @Override
    public long result(long x, long p) {
        return pcRelative ? x - p : x;
    }

    @Override
    public long known() {
        return -1;
    }

    @Override
    public long target(long raw, long p) {
        return extend(raw) + (pcRelative ? p : 0);
    }

    @Override
    public long truncate(long value) {
        return width == 8 ? value : width == 0 ? 0 : value & (1L << 8 * width) - 1;
    }

    /// What the processor makes of the field's bits.
    private long extend(long raw) {
        int shift = 64 - 8 * width;
        return range == Range.SIGNED ? raw << shift >> shift : raw;
    }

    @Override
    public boolean fits(long value) {
        return range == Range.ANY || extend(truncate(value)) == value;
    }

    @Override
    public long read(byte[] bytes, int at) {
        return switch (width) {
            case 1 -> bytes[at] & 0xff;
            case 2 -> LE.u16(bytes, at);
            case 4 -> LE.u32(bytes, at);
            case 8 -> LE.i64(bytes, at);
            default -> 0;
        };
    }

    @Override
    public void write(byte[] bytes, int at, long raw) {
        switch (width) {
            case 1 -> bytes[at] = (byte) raw;
            case 2 -> LE.put16(bytes, at, (int) raw);
            case 4 -> LE.put32(bytes, at, (int) raw);
            case 8 -> LE.put64(bytes, at, raw);
            default -> { }
        }
    }
}
