package klink.inspect;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import klink.elf.Elf;
import klink.inspect.ElfImage.Section;
import klink.inspect.LinkMap.Place;
import klink.inspect.RelocationAudit.Mismatch;
import klink.inspect.RelocationAudit.Rule;
import klink.mem.LE;

/// The audit of one object: each of its placed sections is taken from the input, its relocations are
/// computed anew, and the result is compared with the output's bytes, those between the sites included.
///
/// S, A and P are the psABI's: the symbol's value in the output, the addend, the place.
final class SiteAudit {
    private static final int KEPT = 50;

    /// Where a symbol's value comes from.
    private enum Kind { LOCAL, GLOBAL, ABSOLUTE, WEAK_ZERO, MERGED, DISCARDED, UNDEFINED }

    private final RelocationAudit audit;
    private final PlacedObject placed;
    private final ElfSymbols symbols;
    private final Kind[] kind;
    private final long[] value;

    final long[] counts = new long[Rule.values().length];
    final List<Mismatch> mismatches = new ArrayList<>();
    long mismatchCount;

    // The section at hand.
    private Section section;
    private Place place;
    private byte[] in;
    private byte[] found;
    private SortedTables.Table table;

    SiteAudit(RelocationAudit audit, PlacedObject placed) {
        this.audit = audit;
        this.placed = placed;
        symbols = placed.image.symbols();
        kind = new Kind[symbols.count()];
        value = new long[symbols.count()];
    }

    void run() {
        for (int i = 0; i < kind.length; i++) {
            resolve(i);
        }
        for (Section s : placed.image.sections()) {
            Place p = placed.place(s.ndx());
            if (p != null && s.hasBytes() && s.size() > 0) {
                section(s, p);
            } else if (p == null && placed.relocations(s.ndx()) != null) {
                counts[Rule.DROPPED.ordinal()] += placed.relocations(s.ndx()).size() / Elf.RELA_SIZE;
            }
        }
        for (Place p : placed.unclaimed()) {
            mismatchCount++;
            mismatches.add(new Mismatch(placed.object.name(), p.section, 0, "", "", "an input section for the map's 0x"
                    + Long.toHexString(p.inputSize) + " bytes at 0x" + Long.toHexString(p.address), "none"));
        }
    }

    private void resolve(int i) {
        int ndx = symbols.shndx(i);
        if (symbols.bind(i) != Elf.STB_LOCAL) {
            Long s = audit.global(symbols.name(i));
            kind[i] = s != null ? Kind.GLOBAL
                    : ndx == Elf.SHN_UNDEF && symbols.bind(i) == Elf.STB_WEAK ? Kind.WEAK_ZERO : Kind.UNDEFINED;
            value[i] = s != null ? s : 0;
        } else if (!symbols.isInSection(i)) {
            kind[i] = Kind.ABSOLUTE;
            value[i] = symbols.value(i);
        } else if (placed.place(ndx) == null) {
            kind[i] = Kind.DISCARDED;
        } else {
            kind[i] = placed.isMerged(ndx) ? Kind.MERGED : Kind.LOCAL;
            value[i] = placed.place(ndx).address + symbols.value(i);
        }
    }

    private void section(Section s, Place p) {
        section = s;
        place = p;
        Section rela = placed.relocations(s.ndx());
        if (placed.isMerged(s.ndx())) {
            return;
        }
        if ((s.flags() & Elf.SHF_COMPRESSED) != 0) {
            counts[Rule.COMPRESSED.ordinal()] += rela == null ? 0 : placed.image.relocations(rela).count();
            return;
        }
        Section out = audit.output().section(p.outputSection).orElse(null);
        long outOffset = out == null ? 0 : p.address - out.address();
        if (out == null || !out.hasBytes() || outOffset < 0 || outOffset > out.size() || s.size() > out.size() - outOffset) {
            mismatch(0, "", "", "section at 0x" + Long.toHexString(p.address) + " in " + p.outputSection, "no such bytes in the output");
            return;
        }
        in = bytes(placed.image, s.fileOffset(), s.size());
        found = bytes(audit.output(), out.fileOffset() + outOffset, s.size());
        table = audit.tables().at(p.outputSection, p.address, s.size());
        if (rela != null) {
            Relocations r = placed.image.relocations(rela);
            for (int i = 0; i < r.count(); i++) {
                site(r, i);
            }
        }
        if (table != null) {
            System.arraycopy(in, 0, table.expected, (int) (p.address - table.start), in.length);
        } else if (!p.outputSection.equals(".BTF_ids")) {
            copied();
        }
    }

    private static byte[] bytes(ElfImage image, long offset, long size) {
        if (size > Integer.MAX_VALUE - 8) {
            throw image.bad(offset, "section of " + size + " bytes is too large to audit");
        }
        var bytes = new byte[(int) size];
        LE.bytes(image.data(), offset, bytes, 0, bytes.length);
        return bytes;
    }

    /// After the sites have been taken over from the output, the rest must be as it was in the input.
    private void copied() {
        long flag = audit.extableFlag() - place.address;
        if (flag >= 0 && flag <= in.length - 4) {
            Arrays.fill(in, (int) flag, (int) flag + 4, (byte) 0);
            Arrays.fill(found, (int) flag, (int) flag + 4, (byte) 0);
        }
        int at = Arrays.mismatch(in, found);
        if (at >= 0) {
            mismatch(at, "", "", "0x" + Integer.toHexString(in[at] & 0xff), "0x" + Integer.toHexString(found[at] & 0xff) + ", where nothing is relocated");
        } else {
            counts[Rule.COPIED.ordinal()] += in.length;
        }
    }

    private void site(Relocations r, int i) {
        X86Relocation type = X86Relocation.of(r.type(i));
        long offset = r.offset(i);
        if (type == null) {
            mismatch(offset, "type " + r.type(i), name(r.symbol(i)), "a type that a kernel may have", "this one");
            return;
        }
        if (offset < 0 || offset > in.length - type.width()) {
            throw placed.image.bad(section.fileOffset(), "relocation " + i + " is outside its section " + section.name());
        }
        int at = (int) offset;
        if (type.width() == 0) {
            counts[Rule.NONE.ordinal()]++;
        } else if (type.throughGot()) {
            got(r, i, type, at);
        } else {
            int symbol = r.symbol(i);
            switch (kind[symbol]) {
                case LOCAL -> plain(r, i, type, at, Rule.LOCAL);
                case GLOBAL -> plain(r, i, type, at, Rule.GLOBAL);
                case ABSOLUTE -> plain(r, i, type, at, Rule.ABSOLUTE);
                case WEAK_ZERO -> plain(r, i, type, at, Rule.WEAK_ZERO);
                case MERGED -> merged(r, i, type, at);
                case DISCARDED -> discarded(r, i, type, at);
                case UNDEFINED -> mismatch(offset, type.name(), name(symbol), "a definition", "none in the output or the inputs");
            }
            type.write(in, at, table != null ? type.read(in, at) : type.read(found, at));
        }
    }

    private void plain(Relocations r, int i, X86Relocation type, int at, Rule rule) {
        long s = value[r.symbol(i)];
        long expected = s + r.addend(i) - (type.pcRelative() ? place.address + at : 0);
        if (!type.fits(expected)) {
            mismatch(at, type.name(), name(r.symbol(i)), "0x" + Long.toHexString(expected), "a field that cannot hold it");
        } else if (table != null) {
            type.write(in, at, expected);
            counts[Rule.TABLE.ordinal()]++;
        } else if (type.read(found, at) != type.truncate(expected)) {
            mismatch(at, type.name(), name(r.symbol(i)), "0x" + Long.toHexString(type.truncate(expected)), "0x" + Long.toHexString(type.read(found, at)));
        } else {
            counts[rule.ordinal()]++;
        }
    }

    /// The target is a piece of a merged section: wherever the linker put it, the same bytes must be there.
    /// Against a section symbol the addend selects the piece; against any other symbol it comes after.
    private void merged(Relocations r, int i, X86Relocation type, int at) {
        int symbol = r.symbol(i);
        long target = type.extend(type.read(found, at)) + (type.pcRelative() ? place.address + at : 0);
        boolean bySection = symbols.type(symbol) == Elf.STT_SECTION;
        long address = bySection ? target : target - r.addend(i);
        long inputOffset = symbols.value(symbol) + (bySection ? r.addend(i) : 0);
        String wrong = table != null ? "a sorted table refers to merged data"
                : audit.samePiece(placed, symbols.shndx(symbol), inputOffset, address);
        if (wrong != null) {
            mismatch(at, type.name(), name(symbol), "the piece at " + section(symbol) + "+0x" + Long.toHexString(inputOffset),
                    "0x" + Long.toHexString(address) + ": " + wrong);
        } else {
            counts[Rule.MERGED.ordinal()]++;
        }
    }

    private String section(int symbol) {
        return placed.image.sections().get(symbols.shndx(symbol)).name();
    }

    /// The psABI leaves open what a reference to a discarded section becomes. Debug information may hold
    /// anything; what is loaded must hold zero.
    private void discarded(Relocations r, int i, X86Relocation type, int at) {
        if (section.isAlloc() && type.read(found, at) != 0) {
            mismatch(at, type.name(), name(r.symbol(i)), "0, as " + section(r.symbol(i)) + " was discarded", "0x" + Long.toHexString(type.read(found, at)));
        } else {
            counts[Rule.DISCARDED.ordinal()]++;
        }
    }

    /// A load through the GOT: either the slot holds S, or the instruction was rewritten to use S itself
    /// (psABI appendix B.2). The opcode before the field tells which; what the instruction must then look
    /// like is put into `in`, to be compared with the rest of the section.
    private void got(Relocations r, int i, X86Relocation type, int at) {
        Kind k = kind[r.symbol(i)];
        if (k == Kind.MERGED || k == Kind.DISCARDED || k == Kind.UNDEFINED || at < 3) {
            mismatch(at, type.name(), name(r.symbol(i)), "a symbol that can have a GOT slot", k.toString());
            return;
        }
        long s = value[r.symbol(i)];
        long pc = place.address + at;
        long direct = s + r.addend(i) - pc;
        long field = LE.i32(found, at);
        int was = in[at - 2] & 0xff;
        int op = found[at - 2] & 0xff;
        int reg = in[at - 1] >> 3 & 7;
        boolean ok;
        if (op == was && found[at - 1] == in[at - 1]) {
            ok = audit.word(pc + field - r.addend(i)) == s;
        } else if (was == 0x8b && op == 0x8d) {
            ok = field == direct;
            in[at - 2] = (byte) op;
        } else if (was == 0xff && (op == 0x67 || op == 0x90)) {
            ok = field == direct;
            opcode(at, op, 0xe8);
        } else if (was == 0xff && (op == 0xe9 || op == 0xe8)) {
            // The shorter branch starts where the longer one did, and a nop fills up.
            ok = LE.i32(found, at - 1) == direct + 1 && found[at + 3] == (byte) 0x90 && op == (in[at - 1] == 0x25 ? 0xe9 : 0xe8);
            System.arraycopy(found, at - 2, in, at - 2, 6);
        } else if (op == 0xc7 || op == 0xf7 || op == 0x81) {
            boolean fits = op == (was == 0x8b ? 0xc7 : was == 0x85 ? 0xf7 : 0x81);
            ok = fits && field == s + r.addend(i) + 4;
            opcode(at, op, 0xc0 | (op == 0x81 ? was & 0x38 : 0) | reg);
            if (r.type(i) == X86Relocation.REX_GOTPCRELX) {
                // The register moves from modrm.reg to modrm.rm, its fourth bit from REX.R to REX.B.
                in[at - 3] = (byte) (in[at - 3] & ~4 | in[at - 3] >> 2 & 1);
            }
        } else {
            ok = false;
        }
        if (ok) {
            counts[Rule.GOT.ordinal()]++;
        } else {
            mismatch(at, type.name(), name(r.symbol(i)), "S = 0x" + Long.toHexString(s) + " through the GOT or directly",
                    "0x" + Long.toHexString(field) + " after opcode 0x" + Integer.toHexString(op));
        }
        type.write(in, at, type.read(found, at));
    }

    private void opcode(int at, int first, int second) {
        in[at - 2] = (byte) first;
        in[at - 1] = (byte) second;
    }

    private String name(int symbol) {
        if (symbol == 0 || symbols.count() == 0) {
            return "";
        }
        return symbols.type(symbol) == Elf.STT_SECTION ? symbols.sectionName(symbol) : symbols.name(symbol);
    }

    private void mismatch(long offset, String type, String symbol, String expected, String actual) {
        mismatchCount++;
        if (mismatches.size() < KEPT) {
            mismatches.add(new Mismatch(placed.object.name(), section.name(), offset, type, symbol, expected, actual));
        }
    }
}
