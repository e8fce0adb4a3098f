package klink.arch;

import klink.mem.LE;

/// Rewrites accesses to thread-local storage for an image whose variables all lie at known offsets from
/// the thread pointer (x86-64 psABI, "Linker Optimization for TLS": GD, LD and IE to LE). The Linux
/// kernel has no thread-local storage; static user programs that are linked for tests do.
public final class X86Tls {
    /// The site was rewritten, and with it the call that the next relocation belongs to.
    public static final int DONE_WITH_NEXT = -1;

    private X86Tls() {}

    /// Whether the three bytes before a GOTTPOFF site (REX, opcode, ModRM) are a load or an addition that can take
    /// the offset as its immediate.
    public static boolean isInitialToLocal(byte[] before) {
        int rex = before[0] & 0xff;
        int opcode = before[1] & 0xff;
        return (rex & 0xfb) == 0x48 && (opcode == 0x8b || opcode == 0x03) && (before[2] & 0xc7) == 0x05;
    }

    /// IE to LE; three bytes of the section stand before the site:
    ///
    ///     movq x@gottpoff(%rip), %r   ->  movq $x@tpoff, %r
    ///     addq x@gottpoff(%rip), %r   ->  leaq x@tpoff(%r), %r     (addq $x@tpoff for %rsp and %r12)
    ///
    /// @param offset TPOFF of the variable
    public static int initialToLocal(byte[] out, int at, long offset) {
        if (!isInitialToLocal(new byte[] {out[at - 3], out[at - 2], out[at - 1]})) {
            return X86_64.NEEDS_GOT;
        }
        int rex = out[at - 3] & 0xff;
        boolean load = (out[at - 2] & 0xff) == 0x8b;
        int reg = out[at - 1] >> 3 & 7;
        boolean high = (rex & 4) != 0;
        if (load || reg == 4) {
            out[at - 3] = (byte) (high ? 0x49 : 0x48);
            out[at - 2] = (byte) (load ? 0xc7 : 0x81);
            out[at - 1] = (byte) (0xc0 | reg);
        } else {
            out[at - 3] = (byte) (high ? 0x4d : 0x48);
            out[at - 2] = (byte) 0x8d;
            out[at - 1] = (byte) (0x80 | reg | reg << 3);
        }
        return put32(out, at, offset);
    }

    /// GD to LE; four bytes of the section stand before the site:
    ///
    ///     data16 leaq x@tlsgd(%rip), %rdi             movq %fs:0, %rax
    ///     data16 data16 rex.W call __tls_get_addr  -> leaq x@tpoff(%rax), %rax
    ///
    /// The call may also go through the GOT; it has its own relocation, the next one.
    public static int generalToLocal(byte[] out, int at, int end, long offset) {
        if (at + 12 > end || !has(out, at - 4, 0x66, 0x48, 0x8d, 0x3d)
                || !has(out, at + 4, 0x66, 0x66, 0x48, 0xe8) && !has(out, at + 4, 0x66, 0x48, 0xff, 0x15)) {
            return X86_64.NEEDS_TLS;
        }
        put(out, at - 4, 0x64, 0x48, 0x8b, 0x04, 0x25, 0, 0, 0, 0, 0x48, 0x8d, 0x80);
        return put32(out, at + 8, offset) == X86_64.OK ? DONE_WITH_NEXT : X86_64.OVERFLOW;
    }

    /// LD to LE, three bytes before the site: the address of the module's storage is the thread pointer, and DTPOFF becomes TPOFF.
    ///
    ///     leaq x@tlsld(%rip), %rdi
    ///     call __tls_get_addr       -> data16 ... movq %fs:0, %rax
    public static int moduleToLocal(byte[] out, int at, int end) {
        if (!has(out, at - 3, 0x48, 0x8d, 0x3d)) {
            return X86_64.NEEDS_TLS;
        }
        if (at + 9 <= end && has(out, at + 4, 0xe8)) {
            put(out, at - 3, 0x66, 0x66, 0x66, 0x64, 0x48, 0x8b, 0x04, 0x25, 0, 0, 0, 0);
            return DONE_WITH_NEXT;
        }
        if (at + 10 <= end && has(out, at + 4, 0xff, 0x15)) {
            put(out, at - 3, 0x66, 0x66, 0x66, 0x66, 0x64, 0x48, 0x8b, 0x04, 0x25, 0, 0, 0, 0);
            return DONE_WITH_NEXT;
        }
        return X86_64.NEEDS_TLS;
    }

    /// TLS descriptors to LE, three bytes before the site: `leaq x@tlsdesc(%rip), %rax` becomes `movq $x@tpoff, %rax`.
    public static int descriptorToLocal(byte[] out, int at, long offset) {
        if ((out[at - 3] & 0xfb) != 0x48 || (out[at - 2] & 0xff) != 0x8d || (out[at - 1] & 0xc7) != 0x05) {
            return X86_64.NEEDS_TLS;
        }
        boolean high = (out[at - 3] & 4) != 0;
        int reg = out[at - 1] >> 3 & 7;
        put(out, at - 3, high ? 0x49 : 0x48, 0xc7, 0xc0 | reg);
        return put32(out, at, offset);
    }

    /// `call *x@tlscall(%rax)`, two bytes, becomes nothing.
    public static int descriptorCall(byte[] out, int at, int end) {
        if (at + 2 > end || !has(out, at, 0xff, 0x10)) {
            return X86_64.NEEDS_TLS;
        }
        put(out, at, 0x66, 0x90);
        return X86_64.OK;
    }

    private static int put32(byte[] out, int at, long v) {
        LE.put32(out, at, (int) v);
        return v == (int) v ? X86_64.OK : X86_64.OVERFLOW;
    }

    private static boolean has(byte[] out, int at, int... bytes) {
        for (int i = 0; i < bytes.length; i++) {
            if ((out[at + i] & 0xff) != bytes[i]) {
                return false;
            }
        }
        return true;
    }

    private static void put(byte[] out, int at, int... bytes) {
        for (int i = 0; i < bytes.length; i++) {
            out[at + i] = (byte) bytes[i];
        }
    }
}
