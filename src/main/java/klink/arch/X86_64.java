package klink.arch;

import static klink.elf.X86.*;

import klink.elf.Elf;
import klink.elf.X86;
import klink.mem.LE;

/// Relocation arithmetic of x86-64 (psABI, "Relocation Types"): S is the symbol's value, A the addend,
/// P the address of the site.
///
/// A kernel has a million of these: PC32 and PLT32 are four of five, `64`, `32S` and PC64 the rest.
/// Nothing loads through a GOT in a kernel, so loads and calls through one are rewritten to reach
/// the symbol itself (psABI, "Optimize GOTPCRELX Relocations").
public final class X86_64 extends Machine {
    static final X86_64 MACHINE = new X86_64();

    private X86_64() {}

    @Override
    public int number() {
        return Elf.EM_X86_64;
    }

    @Override
    public String relocationName(int type) {
        return X86.name(type);
    }

    @Override
    public int absoluteType() {
        return R_X86_64_64;
    }

    @Override
    public int relativeType() {
        return R_X86_64_RELATIVE;
    }

    @Override
    public boolean listsSections() {
        return false;
    }

    @Override
    public boolean separatesCode() {
        return true;
    }

    @Override
    public long maxPageSize() {
        return 0x1000;
    }

    @Override
    public void fillCode(byte[] out, int at, long length) {
        nops(out, at, length);
    }

    @Override
    public int width(int type) {
        return switch (type) {
            case R_X86_64_NONE, R_X86_64_TLSDESC_CALL -> 0;
            case R_X86_64_8, R_X86_64_PC8 -> 1;
            case R_X86_64_16, R_X86_64_PC16 -> 2;
            case R_X86_64_64, R_X86_64_PC64, R_X86_64_GOTOFF64, R_X86_64_GOT64, R_X86_64_GOTPCREL64, R_X86_64_GOTPC64, R_X86_64_GOTPLT64, R_X86_64_PLTOFF64,
                    R_X86_64_SIZE64, R_X86_64_DTPOFF64, R_X86_64_TPOFF64 -> 8;
            default -> 4;
        };
    }

    @Override
    public int apply(byte[] out, int at, int type, long s, long a, long p) {
        switch (type) {
            case R_X86_64_PC32, R_X86_64_PLT32 -> {
                long v = s + a - p;
                LE.put32(out, at, (int) v);
                return v == (int) v ? OK : OVERFLOW;
            }
            case R_X86_64_64 -> LE.put64(out, at, s + a);
            case R_X86_64_32S -> {
                long v = s + a;
                LE.put32(out, at, (int) v);
                return v == (int) v ? OK : OVERFLOW;
            }
            case R_X86_64_32 -> {
                long v = s + a;
                LE.put32(out, at, (int) v);
                return v >>> 32 == 0 ? OK : OVERFLOW;
            }
            default -> {
                return rare(out, at, type, s, a, p);
            }
        }
        return OK;
    }

    private static int rare(byte[] out, int at, int type, long s, long a, long p) {
        switch (type) {
            case R_X86_64_NONE -> { }
            case R_X86_64_PC64 -> LE.put64(out, at, s + a - p);
            case R_X86_64_16 -> {
                long v = s + a;
                LE.put16(out, at, (int) v);
                return v >= -0x8000 && v <= 0xffff ? OK : OVERFLOW;
            }
            case R_X86_64_PC16 -> {
                long v = s + a - p;
                LE.put16(out, at, (int) v);
                return v == (short) v ? OK : OVERFLOW;
            }
            case R_X86_64_8 -> {
                long v = s + a;
                out[at] = (byte) ((int) v);
                return v >= -0x80 && v <= 0xff ? OK : OVERFLOW;
            }
            case R_X86_64_PC8 -> {
                long v = s + a - p;
                out[at] = (byte) ((int) v);
                return v == (byte) v ? OK : OVERFLOW;
            }
            case R_X86_64_GOTPCREL, R_X86_64_GOTPCRELX, R_X86_64_REX_GOTPCRELX -> {
                return direct(out, at, type, s, a, p);
            }
            case R_X86_64_TLSGD, R_X86_64_TLSLD, R_X86_64_GOTTPOFF, R_X86_64_TPOFF32, R_X86_64_TPOFF64, R_X86_64_DTPOFF32,
                    R_X86_64_DTPOFF64, R_X86_64_GOTPC32_TLSDESC, R_X86_64_TLSDESC_CALL -> {
                return NEEDS_TLS;
            }
            case R_X86_64_SIZE32, R_X86_64_SIZE64 -> {
                return NEEDS_SIZE;
            }
            case R_X86_64_GOT32, R_X86_64_GOT64, R_X86_64_GOTPCREL64, R_X86_64_GOTPC32, R_X86_64_GOTPC64, R_X86_64_GOTOFF64,
                    R_X86_64_GOTPLT64, R_X86_64_PLTOFF64 -> {
                return NEEDS_GOT;
            }
            default -> {
                return UNKNOWN;
            }
        }
        return OK;
    }

    /// Whether [#direct] can rewrite a site whose opcode and ModRM bytes are these, wherever the symbol is
    /// within reach.
    public static boolean isDirect(int type, int opcode, int modrm) {
        boolean load = opcode == 0x8b && (modrm & 0xc7) == 0x05;
        if (load || type == R_X86_64_GOTPCREL) {
            return load;
        }
        return type == R_X86_64_GOTPCRELX && opcode == 0xff && (modrm == 0x15 || modrm == 0x25)
                || (modrm & 0xc7) == 0x05 && (opcode == 0x85 || (opcode & 0xc7) == 0x03);
    }

    /// Rewrites an access through the GOT into one that needs none:
    ///
    ///     mov  sym@GOTPCREL(%rip), %r    ->  lea  sym(%rip), %r      (or mov $sym, %r out of its reach)
    ///     call *sym@GOTPCREL(%rip)       ->  addr32 call sym
    ///     jmp  *sym@GOTPCREL(%rip)       ->  jmp sym; nop
    ///     test/binop ...                 ->  the same with $sym as its immediate
    ///
    /// The last two need GOTPCRELX, which promises that the bytes before the site are the opcode.
    static int direct(byte[] out, int at, int type, long s, long a, long p) {
        if (at < 2 || a != -4) {
            return NEEDS_GOT;
        }
        int opcode = out[at - 2] & 0xff;
        int modrm = out[at - 1] & 0xff;
        long relative = s - 4 - p;
        boolean near = relative == (int) relative;
        boolean rex = type == R_X86_64_REX_GOTPCRELX;
        if (opcode == 0x8b && (modrm & 0xc7) == 0x05) {
            // 0 is an undefined weak symbol, which must stay 0 when the image is moved.
            if (near && (s != 0 || type == R_X86_64_GOTPCREL)) {
                out[at - 2] = (byte) (0x8d);
                LE.put32(out, at, (int) relative);
                return OK;
            }
            return type == R_X86_64_GOTPCREL ? NEEDS_GOT : immediate(out, at, 0xc7, 0xc0 | modrm >> 3 & 7, modrm, rex, s);
        }
        if (type == R_X86_64_GOTPCREL) {
            return NEEDS_GOT;
        }
        if (opcode == 0xff && modrm == 0x15 && !rex) {
            out[at - 2] = (byte) (0x67);
            out[at - 1] = (byte) (0xe8);
            LE.put32(out, at, (int) relative);
            return near ? OK : OVERFLOW;
        }
        if (opcode == 0xff && modrm == 0x25 && !rex) {
            long v = relative + 1;
            out[at - 2] = (byte) (0xe9);
            LE.put32(out, at - 1, (int) v);
            out[at + 3] = (byte) (0x90);
            return v == (int) v ? OK : OVERFLOW;
        }
        if (opcode == 0x85 && (modrm & 0xc7) == 0x05) {
            return immediate(out, at, 0xf7, 0xc0 | modrm >> 3 & 7, modrm, rex, s);
        }
        if ((opcode & 0xc7) == 0x03 && (modrm & 0xc7) == 0x05) {
            return immediate(out, at, 0x81, 0xc0 | opcode & 0x38 | modrm >> 3 & 7, modrm, rex, s);
        }
        return NEEDS_GOT;
    }

    /// The register moves from ModRM.reg to ModRM.rm, and its fourth bit in REX from R to B.
    private static int immediate(byte[] out, int at, int opcode, int newModrm, int modrm, boolean rex, long s) {
        if (s != (int) s) {
            return NEEDS_GOT;
        }
        if (rex) {
            if (at < 3) {
                return NEEDS_GOT;
            }
            int prefix = out[at - 3] & 0xff;
            out[at - 3] = (byte) (prefix & ~0x5 | (prefix & 4) >> 2);
        } else if (s < 0) {
            return NEEDS_GOT; // without REX.W a 32-bit immediate is not sign-extended, but the load was zero-extended
        }
        out[at - 2] = (byte) (opcode);
        out[at - 1] = (byte) (newModrm);
        LE.put32(out, at, (int) s);
        return OK;
    }

    /// Fills a gap in code with the longest no-operations (Intel SDM vol. 2B, "NOP", table 4-12).
    public static void nops(byte[] out, int at, long length) {
        while (length > 0) {
            int n = (int) Math.min(length, NOPS.length - 1);
            for (int i = 0; i < n; i++) {
                out[at + i] = (byte) (NOPS[n][i]);
            }
            at += n;
            length -= n;
        }
    }

    private static final int[][] NOPS = {
        {},
        {0x90},
        {0x66, 0x90},
        {0x0f, 0x1f, 0x00},
        {0x0f, 0x1f, 0x40, 0x00},
        {0x0f, 0x1f, 0x44, 0x00, 0x00},
        {0x66, 0x0f, 0x1f, 0x44, 0x00, 0x00},
        {0x0f, 0x1f, 0x80, 0x00, 0x00, 0x00, 0x00},
        {0x0f, 0x1f, 0x84, 0x00, 0x00, 0x00, 0x00, 0x00},
        {0x66, 0x0f, 0x1f, 0x84, 0x00, 0x00, 0x00, 0x00, 0x00},
        {0x66, 0x2e, 0x0f, 0x1f, 0x84, 0x00, 0x00, 0x00, 0x00, 0x00},
    };
}
