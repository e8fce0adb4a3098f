package klink.arch;

import static klink.elf.Arm.*;

import klink.mem.Endian;
import klink.mem.LE;

/// Arm in big-endian files (AAELF32, "ELF header": EF_ARM_BE8): the same arithmetic on words whose bytes are turned before and after. In objects all is
/// big-endian, code too: words of Arm code, and the halfwords of Thumb code, of which an instruction has one or two.
///
/// In an image for BE8, which is how v6 and later run big-endian, code is little-endian again. The image is relocated as the objects are and its code
/// turned afterwards ([klink.image.CodeOrder]); only veneers are written as they stay.
public final class BigArm extends Arm {
    private final Arm little;
    private final boolean be8;

    /// @param be8 code of the image is little-endian (`--be8`)
    public BigArm(Features features, boolean picVeneers, boolean fixV4bx, boolean be8) {
        super(features, picVeneers, fixV4bx);
        little = new Arm(features, picVeneers, fixV4bx);
        this.be8 = be8;
    }

    @Override
    public Endian endian() {
        return Endian.BIG;
    }

    @Override
    public boolean turnsCode() {
        return be8;
    }

    @Override
    public Machine ofImageCode() {
        return be8 ? little : this;
    }

    @Override
    public int flags(int inputs) {
        return super.flags(inputs) | (be8 ? EF_ARM_BE8 : 0);
    }

    /// Modules are such objects; the kernel's loader knows that their code is little-endian.
    @Override
    public int objectFlags(int inputs) {
        return super.objectFlags(inputs) | (be8 ? EF_ARM_BE8 : 0);
    }

    @Override
    public long addend(int type, int bytes) {
        return super.addend(type, switch (width(type)) {
            case 4 -> isThumb(type) ? Integer.reverseBytes(bytes) >>> 16 | Integer.reverseBytes(bytes) << 16 : Integer.reverseBytes(bytes);
            case 2 -> Short.reverseBytes((short) bytes) & 0xffff;
            default -> bytes;
        });
    }

    @Override
    public boolean putAddend(byte[] out, int at, int type, long a) {
        turn(out, at, type);
        boolean fits = little.putAddend(out, at, type, a);
        turn(out, at, type);
        return fits;
    }

    @Override
    public int apply(byte[] out, int at, int type, long s, long a, long p) {
        turn(out, at, type);
        int result = little.apply(out, at, type, s, a, p);
        turn(out, at, type);
        return result;
    }

    @Override
    public int applyNowhere(byte[] out, int at, int type, long a, long p) {
        turn(out, at, type);
        int result = little.applyNowhere(out, at, type, a, p);
        turn(out, at, type);
        return result;
    }

    @Override
    public void writeVeneer(int kind, byte[] out, int at, long p, long target, long toc) {
        little.writeVeneer(kind, out, at, p, target, toc);
        int[] map = veneerMap(kind);
        for (int i = 0; i < map.length; i += 2) {
            int end = i + 2 < map.length ? map[i + 2] : veneerSize(kind);
            if (map[i + 1] != 'd' && be8) {
                continue;
            }
            for (int j = map[i]; j < end; j += map[i + 1] == 't' ? 2 : 4) {
                if (map[i + 1] == 't') {
                    half(out, at + j);
                } else {
                    word(out, at + j);
                }
            }
        }
    }

    /// Turns what a relocation changes between the two orders.
    private void turn(byte[] out, int at, int type) {
        switch (width(type)) {
            case 4 -> {
                if (isThumb(type)) {
                    half(out, at);
                    half(out, at + 2);
                } else {
                    word(out, at);
                }
            }
            case 2 -> half(out, at);
            default -> { }
        }
    }

    private static void word(byte[] out, int at) {
        LE.put32(out, at, Integer.reverseBytes(LE.i32(out, at)));
    }

    private static void half(byte[] out, int at) {
        LE.put16(out, at, Short.reverseBytes((short) LE.u16(out, at)));
    }
}
