package klink.image;

import static klink.elf.Ppc64.R_PPC64_ENTRY;
import static klink.elf.Ppc64.R_PPC64_PCREL_OPT;
import static klink.elf.X86.*;

import klink.arch.Arm64;
import klink.arch.Machine;
import klink.arch.Ppc64Contents;
import klink.arch.X86Tls;
import klink.elf.Elf;
import klink.got.Got;
import klink.got.ThreadStorage;
import klink.input.ObjectFile;
import klink.layout.TocEdit;
import klink.mem.LE;
import klink.resolve.Symbols;

/// The relocations that need more than S, A and P: the global offset table, thread-local storage, the
/// size of a symbol. None of them occurs in an x86-64 kernel, so they are kept out of the hot loop.
final class TableRelocator {
    private final Machine machine;
    private final Symbols symbols;
    private final Got.At got;
    private final ThreadStorage tls;
    private final long toc;
    /// Null if the table of contents stays as it is.
    private final TocEdit edit;

    private final boolean fixed;
    private final boolean pairs;

    /// @param got null if there is none
    /// @param toc base of the table of contents, or 0
    /// @param edit what becomes of that table, or null
    /// @param fixed whether the image does not move
    /// @param pairs whether pairs of instructions may become one
    TableRelocator(Machine machine, Symbols symbols, Got.At got, ThreadStorage tls, long toc, TocEdit edit, boolean fixed, boolean pairs) {
        this.pairs = pairs;
        this.fixed = fixed;
        this.edit = edit;
        this.toc = toc;
        this.machine = machine;
        this.symbols = symbols;
        this.got = got;
        this.tls = tls;
    }

    /// A relocation that [Machine#apply] gave back as `result`.
    /// @param begin where the section begins in `out`
    /// @param end   where it ends
    /// @return a result of [Machine], or [X86Tls#DONE_WITH_NEXT]
    int apply(int result, byte[] out, int begin, int at, int end, int f, int ndx, int sym, int type, long s, long a, long p) {
        return switch (result) {
            case Machine.NEEDS_TLS -> tls(out, at - begin, at, end, f, ndx, sym, type, s, a, p);
            case Machine.NEEDS_GOT -> type == R_PPC64_ENTRY && machine.hasContents() ? Ppc64Contents.applyEntry(out, at, end, toc, p, fixed)
                    : type == R_PPC64_PCREL_OPT && machine.hasContents() ? pairs ? Ppc64Contents.applyPair(out, at, end, a) : Machine.OK
                    : machine.hasContents() ? Ppc64Contents.apply(out, begin, at, type, s + a, toc, edit != null && edit.shortens(f)) : got == null ? result : got(out, at, f, sym, type, s, a, p);
            case Machine.NEEDS_SIZE -> size(out, at, f, sym, type, a);
            default -> result;
        };
    }

    private int tls(byte[] out, int before, int at, int end, int f, int ndx, int sym, int type, long s, long a, long p) {
        long offset = tls.threadOffset(s + a);
        switch (type) {
            case R_X86_64_TPOFF32 -> {
                return put32(out, at, offset);
            }
            case R_X86_64_TPOFF64 -> LE.put64(out, at, offset);
            case R_X86_64_DTPOFF32 -> {
                return put32(out, at, moduleOffset(f, ndx, s + a));
            }
            case R_X86_64_DTPOFF64 -> LE.put64(out, at, moduleOffset(f, ndx, s + a));
            case R_X86_64_GOTTPOFF -> {
                int result = before < 3 ? Machine.NEEDS_GOT : X86Tls.initialToLocal(out, at, offset + 4);
                return result == Machine.NEEDS_GOT && got != null ? got(out, at, f, sym, type, s, a, p) : result;
            }
            case R_X86_64_TLSGD -> {
                return before < 4 ? Machine.NEEDS_TLS : X86Tls.generalToLocal(out, at, end, offset + 4);
            }
            case R_X86_64_TLSLD -> {
                return before < 3 ? Machine.NEEDS_TLS : X86Tls.moduleToLocal(out, at, end);
            }
            case R_X86_64_GOTPC32_TLSDESC -> {
                return before < 3 ? Machine.NEEDS_TLS : X86Tls.descriptorToLocal(out, at, offset + 4);
            }
            case R_X86_64_TLSDESC_CALL -> {
                return X86Tls.descriptorCall(out, at, end);
            }
            default -> {
                return Machine.NEEDS_TLS;
            }
        }
        return Machine.OK;
    }

    /// In code DTPOFF follows a rewritten TLSLD and counts from the thread pointer; elsewhere (debug
    /// information) from the start of the module's storage.
    private long moduleOffset(int f, int ndx, long address) {
        boolean code = (symbols.file(f).flags(ndx) & Elf.SHF_EXECINSTR) != 0;
        return code ? tls.threadOffset(address) : tls.moduleOffset(address);
    }

    private int got(byte[] out, int at, int f, int sym, int type, long s, long a, long p) {
        if (machine.number() == Elf.EM_AARCH64) {
            long slot = got.slot(f, sym, false);
            return slot == -1 ? Machine.NEEDS_GOT : Arm64.applyGot(out, at, type, slot, got.start(), p);
        }
        long slot = got.slot(f, sym, type == R_X86_64_GOTTPOFF);
        long base = got.base();
        switch (type) {
            case R_X86_64_GOTPC32 -> {
                return put32(out, at, base + a - p);
            }
            case R_X86_64_GOTPC64 -> LE.put64(out, at, base + a - p);
            case R_X86_64_GOTOFF64, R_X86_64_PLTOFF64 -> LE.put64(out, at, s + a - base);
            default -> {
                return slot == -1 ? Machine.NEEDS_GOT : slotted(out, at, type, slot, base, a, p);
            }
        }
        return Machine.OK;
    }

    private static int slotted(byte[] out, int at, int type, long slot, long base, long a, long p) {
        switch (type) {
            case R_X86_64_GOTPCREL, R_X86_64_GOTPCRELX, R_X86_64_REX_GOTPCRELX, R_X86_64_GOTTPOFF -> {
                return put32(out, at, slot + a - p);
            }
            case R_X86_64_GOT32 -> {
                return put32(out, at, slot - base + a);
            }
            case R_X86_64_GOTPCREL64 -> LE.put64(out, at, slot + a - p);
            case R_X86_64_GOT64, R_X86_64_GOTPLT64 -> LE.put64(out, at, slot - base + a);
            default -> {
                return Machine.NEEDS_GOT;
            }
        }
        return Machine.OK;
    }

    private int size(byte[] out, int at, int f, int sym, int type, long a) {
        ObjectFile file = symbols.file(f);
        int ndx = sym;
        if (sym >= file.firstGlobal()) {
            int g = symbols.global(f, sym);
            byte kind = symbols.kind(g);
            if (kind == Symbols.DEFINED || kind == Symbols.DEFINED_WEAK) {
                file = symbols.file(symbols.definingFile(g));
                ndx = symbols.definingSymbol(g);
            }
        }
        long v = file.symbolSize(ndx) + a;
        if (type == R_X86_64_SIZE64) {
            LE.put64(out, at, v);
            return Machine.OK;
        }
        LE.put32(out, at, (int) v);
        return v >>> 32 == 0 || v == (int) v ? Machine.OK : Machine.OVERFLOW;
    }

    private static int put32(byte[] out, int at, long v) {
        LE.put32(out, at, (int) v);
        return v == (int) v ? Machine.OK : Machine.OVERFLOW;
    }
}
