package klink.inspect;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import klink.elf.Arm;
import klink.elf.Elf;
import klink.inspect.AddressPairs.Halves;
import klink.inspect.AddressPairs.Reference;
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
    enum Kind { LOCAL, GLOBAL, ABSOLUTE, WEAK_ZERO, MERGED, DISCARDED, UNDEFINED }

    private final RelocationAudit audit;
    final PlacedObject placed;
    private final ElfSymbols symbols;
    final Kind[] kind;
    final long[] value;
    private final AddressPairs pairs = new AddressPairs();

    final long[] counts = new long[Rule.values().length];
    final List<Mismatch> mismatches = new ArrayList<>();
    long mismatchCount;

    // The section at hand.
    Section section;
    Place place;
    byte[] in;
    byte[] found;
    private SortedTables.Table table;

    /// powerpc: the object's part of the table of contents, 0 if it has none, and whether that lost words.
    int contents;
    boolean contentsEdited;
    private final Ppc64Sites ppc64;
    private final ArmSites arm;

    SiteAudit(RelocationAudit audit, PlacedObject placed) {
        this.audit = audit;
        this.placed = placed;
        ppc64 = audit.machine() == Elf.EM_PPC64 ? new Ppc64Sites(this, audit) : null;
        arm = audit.machine() == Elf.EM_ARM ? new ArmSites(this, audit) : null;
        symbols = placed.image.symbols();
        kind = new Kind[symbols.count()];
        value = new long[symbols.count()];
    }

    void run() {
        for (int i = 0; i < kind.length; i++) {
            resolve(i);
        }
        findContents();
        for (Section s : placed.image.sections()) {
            Place p = placed.place(s.ndx());
            if (p != null && s.hasBytes() && s.size() > 0) {
                section(s, p);
            } else if (p == null && placed.relocations(s.ndx()) != null) {
                counts[Rule.DROPPED.ordinal()] += placed.image.relocations(placed.relocations(s.ndx())).count();
            }
        }
        joinPairs();
        if (ppc64 != null) {
            ppc64.finish();
        }
        for (Place p : placed.unclaimed()) {
            mismatchCount++;
            mismatches.add(new Mismatch(placed.object.name(), p.section, 0, "", "", "an input section for the map's 0x"
                    + Long.toHexString(p.inputSize) + " bytes at 0x" + Long.toHexString(p.address), "none"));
        }
    }

    private void findContents() {
        for (Section s : placed.image.sections()) {
            if (ppc64 != null && contents == 0 && s.name().equals(".toc") && placed.place(s.ndx()) != null) {
                contents = s.ndx();
                contentsEdited = placed.place(contents).size != s.size();
            }
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
        } else if (placed.isPlacedUnseen(ndx)) {
            kind[i] = Kind.MERGED;
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
        if (placed.isMerged(s.ndx()) || arm != null && s.type() == Arm.SHT_ARM_ATTRIBUTES) { // merged, one for all
            return;
        }
        if (contentsEdited && s.ndx() == contents) {
            ppc64.table(s, p);
            return;
        }
        if ((s.flags() & Elf.SHF_COMPRESSED) != 0) {
            counts[Rule.COMPRESSED.ordinal()] += rela == null ? 0 : placed.image.relocations(rela).count();
            return;
        }
        if (arm != null && s.type() == Arm.SHT_ARM_EXIDX) {
            in = bytes(placed.image, s.fileOffset(), s.size());
            arm.index(rela == null ? null : placed.image.relocations(rela));
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
        if (arm != null) {
            arm.turnCode();
        }
        if (arm != null && table == null && (s.flags() & Elf.SHF_EXECINSTR) != 0) {
            arm.undoPatches();
        }
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
        while (at >= 0 && isPatched(at & -4)) {
            counts[Rule.REWRITTEN.ordinal()]++;
            int next = Arrays.mismatch(in, at & -4, in.length, found, at & -4, found.length);
            at = next < 0 ? -1 : (at & -4) + next;
        }
        if (at >= 0) {
            mismatch(at, "", "", "0x" + Integer.toHexString(in[at] & 0xff), "0x" + Integer.toHexString(found[at] & 0xff) + ", where nothing is relocated");
        } else {
            counts[Rule.COPIED.ordinal()] += in.length;
        }
    }

    /// Whether the instruction there was moved out of line, and is the object's again now.
    private boolean isPatched(int at) {
        return audit.isArm64() && (section.flags() & Elf.SHF_EXECINSTR) != 0 && at <= in.length - 4
                && audit.code().undo(in, found, at, place.address + at) && LE.i32(in, at) == LE.i32(found, at);
    }

    private void site(Relocations r, int i) {
        SiteType type = SiteType.of(audit.machine(), r.type(i));
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
            return;
        }
        if (type instanceof ArmRelocation t) {
            arm.site(r, i, t, at, table != null);
            return;
        }
        if (audit.isArm64() && table == null) {
            prepare(type, at);
        }
        if (type instanceof Ppc64Relocation t && ppc64.site(r, i, t, at)) {
            return;
        }
        int symbol = r.symbol(i);
        if (type.throughGot()) {
            got(r, i, type, at);
        } else {
            switch (kind[symbol]) {
                case LOCAL -> plain(r, i, type, at, Rule.LOCAL);
                case GLOBAL -> plain(r, i, type, at, Rule.GLOBAL);
                case ABSOLUTE -> plain(r, i, type, at, Rule.ABSOLUTE);
                case WEAK_ZERO -> plain(r, i, type, at, Rule.WEAK_ZERO);
                case MERGED -> merged(r, i, type, at);
                case DISCARDED -> discarded(r, i, type, at);
                case UNDEFINED -> mismatch(offset, type.name(), name(symbol), "a definition", "none in the output or the inputs");
            }
        }
        type.write(in, at, table != null ? type.read(in, at) : type.read(found, at));
    }

    /// Takes back what the linker did to an instruction, so that its field can be compared.
    private void prepare(SiteType type, int at) {
        if (type.width() != 4 || (section.flags() & Elf.SHF_EXECINSTR) == 0) {
            return;
        }
        int insn = LE.i32(in, at);
        type.write(in, at, type.read(found, at));
        boolean same = LE.i32(in, at) == LE.i32(found, at);
        LE.put32(in, at, insn);
        if (!same && audit.code().undo(in, found, at, place.address + at)) {
            counts[Rule.REWRITTEN.ordinal()]++;
        }
    }

    private void plain(Relocations r, int i, SiteType type, int at, Rule rule) {
        long p = place.address + at;
        long x = value[r.symbol(i)] + r.addend(i);
        if (rule == Rule.WEAK_ZERO && type instanceof Arm64Relocation t) {
            if (t.isBranch() && LE.i32(found, at) == Arm64Code.NOP) {
                LE.put32(in, at, Arm64Code.NOP);
                counts[rule.ordinal()]++;
                return;
            }
            x = t.isBranch() ? p + 4 : t.of() == Arm64Relocation.Of.PLACE || t.of() == Arm64Relocation.Of.PAGE ? p + r.addend(i) : x;
        }
        if (type instanceof Ppc64Relocation t && t.of() == Ppc64Relocation.Of.BASE) {
            x = audit.contentsBase();
        }
        long expected = type.result(x, p);
        if (type instanceof Arm64Relocation t && t.mayHaveVeneer() && type.read(found, at) != type.truncate(expected)
                && audit.code().reaches(in, found, at, p, x)) {
            counts[Rule.VENEER.ordinal()]++;
        } else if (!type.fits(expected)) {
            mismatch(at, type.name(), name(r.symbol(i)), "0x" + Long.toHexString(expected), "a field that cannot hold it");
        } else if (type.isWholeAddress() && section.isAlloc() && isMoved(r, i, type, at, x)) {
            counts[Rule.MOVED.ordinal()]++;
        } else if (table != null) {
            type.write(in, at, type.truncate(expected));
            counts[Rule.TABLE.ordinal()]++;
        } else if (type.read(found, at) != type.truncate(expected)) {
            mismatch(at, type.name(), name(r.symbol(i)), "0x" + Long.toHexString(type.truncate(expected)), "0x" + Long.toHexString(type.read(found, at)));
        } else {
            counts[rule.ordinal()]++;
        }
    }

    /// Whether a RELATIVE entry sets this word, which must be so just where the symbol moves with the image. The place then
    /// holds the address, or what the object has there.
    private boolean isMoved(Relocations r, int i, SiteType type, int at, long x) {
        RelativeEntries entries = audit.relative();
        int entry = entries.find(place.address + at);
        boolean moves = audit.isMovable() && isMovable(r.symbol(i));
        if (!moves && entry < 0) {
            return false;
        }
        String want = moves ? "an entry for " + (kind[r.symbol(i)] == Kind.MERGED ? "its string" : "0x" + Long.toHexString(x)) : "no entry, as the symbol does not move";
        if (!moves || entry < 0 || entries.addend(entry) != x) {
            mismatch(at, type.name(), name(r.symbol(i)), want, entry < 0 ? "none" : "one for 0x" + Long.toHexString(entries.addend(entry)));
            return true;
        }
        long there = type.read(found, at);
        if (there != x && there != type.read(in, at)) {
            mismatch(at, type.name(), name(r.symbol(i)), "0x" + Long.toHexString(x) + ", or what the object has there", "0x" + Long.toHexString(there));
        }
        if (table != null && there == x) {
            type.write(in, at, x);
        }
        audit.claim(entry);
        return true;
    }

    /// Whether a symbol is a function, of which arm's symbol values say the mode.
    boolean isFunction(int i) {
        return symbols.bind(i) == Elf.STB_LOCAL ? symbols.type(i) == Elf.STT_FUNC : audit.isFunction(symbols.name(i));
    }

    /// One half of an address in merged data.
    void half(Reference to, long at, SiteType type, long bits) {
        pairs.add(to, section.name(), at, type, bits);
    }

    /// Whether a symbol's address is one in the image.
    boolean isMovable(int i) {
        return switch (kind[i]) {
            case LOCAL, MERGED -> true;
            case GLOBAL -> audit.globalMoves(symbols.name(i));
            case ABSOLUTE, WEAK_ZERO, DISCARDED, UNDEFINED -> false;
        };
    }

    /// The target is a piece of a merged section: wherever the linker put it, the same bytes must be there.
    /// Against a section symbol the addend selects the piece; against any other symbol it comes after.
    private void merged(Relocations r, int i, SiteType type, int at) {
        int symbol = r.symbol(i);
        long bits = type.target(type.read(found, at), place.address + at);
        if (type.known() == 0 || table != null) {
            mismatch(at, type.name(), name(symbol), "another kind of reference to merged data", "this one");
        } else if (type.known() != -1) {
            pairs.add(new Reference(symbol, r.addend(i), false), section.name(), at, type, bits);
        } else {
            int entry = type.isWholeAddress() && section.isAlloc() && audit.isMovable() ? audit.relative().find(place.address + at) : -1;
            long target = entry < 0 ? bits : audit.relative().addend(entry);
            if (type.isWholeAddress() && section.isAlloc()) {
                isMoved(r, i, type, at, target);
            }
            piece(symbol, r.addend(i), target, section.name(), at, type.name(), 1);
        }
    }

    /// Whether the piece of merged data that a symbol and an addend mean is at an address.
    boolean isPiece(int symbol, long addend, long target) {
        boolean bySection = symbols.type(symbol) == Elf.STT_SECTION;
        return audit.samePiece(placed, symbols.shndx(symbol), symbols.value(symbol) + (bySection ? addend : 0), bySection ? target : target - addend) == null;
    }

    void piece(int symbol, long addend, long target, String from, long at, String type, int sites) {
        boolean bySection = symbols.type(symbol) == Elf.STT_SECTION;
        long address = bySection ? target : target - addend;
        long inputOffset = symbols.value(symbol) + (bySection ? addend : 0);
        String wrong = audit.samePiece(placed, symbols.shndx(symbol), inputOffset, address);
        if (wrong != null) {
            mismatch(from, at, type, name(symbol), "the piece at " + section(symbol) + "+0x" + Long.toHexString(inputOffset),
                    "0x" + Long.toHexString(address) + ": " + wrong);
        } else {
            counts[Rule.MERGED.ordinal()] += sites;
        }
    }

    /// The addresses that ADRP and its partner make together.
    private void joinPairs() {
        for (var e : pairs.all().entrySet()) {
            Reference to = e.getKey();
            Halves h = e.getValue();
            if (to.got()) {
                slot(to, h);
            } else if (h.pages.size() > 1 || h.lows.size() > 1) {
                mismatch(h.section, h.offset, h.type, name(to.symbol()), "one address for all that refers to it", "halves of several");
            } else if (h.pages.isEmpty() || h.lows.isEmpty()) {
                counts[Rule.HALF.ordinal()] += h.sites;
            } else {
                piece(to.symbol(), to.addend(), h.pages.getFirst() | h.lows.getFirst(), h.section, h.offset, h.type, h.sites);
            }
        }
    }

    /// Slots of the global offset table: every page must be the slot's, or the symbol's where a load became an addition.
    private void slot(Reference to, Halves h) {
        long s = value[to.symbol()] + to.addend();
        boolean ok = true;
        long slotPage = 0;
        for (long low : h.lows) {
            boolean found = false;
            for (long page : h.pages) {
                if (isSlot(to.symbol(), page | low, s)) {
                    slotPage = page;
                    found = true;
                }
            }
            ok &= found;
        }
        for (long page : h.pages) {
            ok &= !h.lows.isEmpty() && page == slotPage || h.direct && page == (s & -0x1000L);
        }
        if (h.lows.isEmpty() && !h.direct) {
            counts[Rule.HALF.ordinal()] += h.sites;
        } else if (ok) {
            counts[Rule.GOT.ordinal()] += h.sites;
        } else {
            mismatch(h.section, h.offset, h.type, name(to.symbol()), "a slot that holds 0x" + Long.toHexString(s), "none at pages " + hex(h.pages) + ", offsets " + hex(h.lows));
        }
    }

    private static String hex(java.util.Collection<Long> values) {
        var sb = new StringBuilder();
        for (long v : values) {
            sb.append(sb.isEmpty() ? "0x" : " 0x").append(Long.toHexString(v));
        }
        return sb.isEmpty() ? "none" : sb.toString();
    }

    /// Whether the word there is S when the image runs, and moves if S does.
    private boolean isSlot(int symbol, long address, long s) {
        int entry = audit.relative().find(address);
        boolean moves = audit.isMovable() && isMovable(symbol);
        if (moves != entry >= 0 || audit.relative().word(address) != s || audit.isInWhole(address)) {
            return false;
        }
        if (entry >= 0) {
            audit.claim(entry);
        }
        return true;
    }

    private String section(int symbol) {
        return placed.image.sections().get(symbols.shndx(symbol)).name();
    }

    /// The psABI leaves open what a reference to a discarded section becomes. Debug information may hold
    /// anything; what is loaded must hold zero.
    void discarded(Relocations r, int i, SiteType type, int at) {
        if (section.isAlloc() && type.read(found, at) != 0) {
            mismatch(at, type.name(), name(r.symbol(i)), "0, as " + section(r.symbol(i)) + " was discarded", "0x" + Long.toHexString(type.read(found, at)));
        } else {
            counts[Rule.DISCARDED.ordinal()]++;
        }
    }

    private void got(Relocations r, int i, SiteType type, int at) {
        Kind k = kind[r.symbol(i)];
        if (k == Kind.MERGED || k == Kind.DISCARDED || k == Kind.UNDEFINED) {
            mismatch(at, type.name(), name(r.symbol(i)), "a symbol that can have a GOT slot", k.toString());
            return;
        }
        long s = value[r.symbol(i)];
        long p = place.address + at;
        boolean ok;
        if (type.known() != -1) {
            var reference = new Reference(r.symbol(i), r.addend(i), true);
            if (Arm64Code.isAddition(in, found, at)) {
                LE.put32(in, at, LE.i32(found, at));
                Halves h = pairs.of(reference, section.name(), at, type);
                h.direct = true;
                h.sites++;
                audit.spareSlot(s + r.addend(i));
                ok = (LE.i32(found, at) >> 10 & 0xfff) == (s + r.addend(i) & 0xfff);
            } else {
                pairs.add(reference, section.name(), at, type, type.target(type.read(found, at), p));
                return;
            }
        } else {
            long base = type instanceof Arm64Relocation t && t.of() == Arm64Relocation.Of.TABLE ? audit.tablePage() : 0;
            ok = audit.isArm64() ? isSlot(r.symbol(i), base + type.target(type.read(found, at), p), s + r.addend(i))
                    : X86Got.agrees(audit, in, found, at, s, r.addend(i), p, r.type(i) == X86Relocation.REX_GOTPCRELX);
            counts[Rule.GOT.ordinal()] += ok ? 1 : 0;
        }
        if (!ok) {
            mismatch(at, type.name(), name(r.symbol(i)), "S = 0x" + Long.toHexString(s) + " through the GOT or directly",
                    "0x" + Long.toHexString(type.read(found, at)) + (at < 2 || audit.isArm64() ? "" : " after opcode 0x" + Integer.toHexString(found[at - 2] & 0xff)));
        }
    }

    String name(int symbol) {
        if (symbol == 0 || symbols.count() == 0) {
            return "";
        }
        return symbols.type(symbol) == Elf.STT_SECTION ? symbols.sectionName(symbol) : symbols.name(symbol);
    }

    void mismatch(long offset, String type, String symbol, String expected, String actual) {
        mismatch(section.name(), offset, type, symbol, expected, actual);
    }

    void mismatch(String from, long offset, String type, String symbol, String expected, String actual) {
        mismatchCount++;
        if (mismatches.size() < KEPT) {
            mismatches.add(new Mismatch(placed.object.name(), from, offset, type, symbol, expected, actual));
        }
    }
}
