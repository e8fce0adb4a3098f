package klink.inspect;

import java.util.HashMap;
import java.util.Map;
import klink.elf.Elf;
import klink.inspect.ElfImage.Section;
import klink.inspect.LinkMap.Place;
import klink.inspect.RelocationAudit.Rule;
import klink.inspect.SiteAudit.Kind;
import klink.mem.LE;

/// What is powerpc's own in the audit of an object, apart from branches ([Ppc64Branches]): pairs
/// of instructions that find data from the table of contents' base, by way of a word of the table or not.
///
///     addis rX,r2,hi      or: nop                     where hi is 0, and then the next counts from r2
///     ld    rY,lo(rX)     or: addi rY,rX,lo           where a word of the table was gone round
///
/// A linker takes words out of the table, so that the two parts of a pair are taken together from the output, and must name the word, or what the
/// word holds. A kernel has 120,000 pairs.
final class Ppc64Sites {
    static final int NOP = 0x6000_0000;
    private static final int LD = 58;
    private static final int ADDI = 14;
    private static final int ADDIC = 12;
    private static final int ADDIS = 15;
    private static final int LIS_R2 = 0x3c40;

    private final SiteAudit site;
    private final RelocationAudit audit;
    private final Ppc64Branches branches;
    private final Map<Long, Pair> pairs = new HashMap<>();

    Ppc64Sites(SiteAudit site, RelocationAudit audit) {
        this.site = site;
        this.audit = audit;
        branches = new Ppc64Branches(site, audit);
    }

    /// All that an object's code says of one symbol and addend.
    private static final class Pair {
        private int symbol;
        private long addend;
        private String section;
        private long offset;
        private String type;
        private int sites;
        private int high;
        private int low;
        private boolean hasHigh;
        private boolean hasLow;
        /// The addition of 0 went; something adds to r2; something adds to what the addition gave.
        private boolean shortened;
        private boolean fromBase;
        private boolean fromHigh;
        /// The word is loaded; it is gone round.
        private boolean loads;
        private boolean direct;
        private boolean wrong;
    }

    /// A site that this class knows more of than its type says; false for all others.
    boolean site(Relocations r, int i, Ppc64Relocation type, int at) {
        if (type.isBranch() || type.field() == Ppc64Relocation.Field.CALLED && branches.isCall(type, at)) {
            branches.site(r, i, type, at);
        } else if (type.field() == Ppc64Relocation.Field.CALLED) {
            unneeded(r, i, type, at);
        } else if (isPair(r, i) && joined(r, i, type, at)) {
            site.counts[Rule.REWRITTEN.ordinal()]++;
        } else if (type.field() == Ppc64Relocation.Field.LOADED34) {
            loaded(r, i, type, at);
        } else if (type.of() == Ppc64Relocation.Of.PLACE && isFixedEntry(type, at)) {
            site.counts[Rule.CONTENTS.ordinal()]++;
        } else if (type.isFromContents()) {
            contents(r, i, type, at);
        } else {
            return false;
        }
        return true;
    }

    /// An instruction of a call by way of a table, when that is called without.
    private void unneeded(Relocations r, int i, Ppc64Relocation type, int at) {
        boolean wide = type.width() == 8;
        int found = LE.i32(site.found, at);
        if (found == (wide ? 0x0700_0000 : NOP) && (!wide || LE.i32(site.found, at + 4) == 0)) {
            LE.put32(site.in, at, found);
            if (wide) {
                LE.put32(site.in, at + 4, 0);
            }
            site.counts[Rule.REWRITTEN.ordinal()]++;
        } else {
            site.mismatch(at, type.name(), site.name(r.symbol(i)), "no instruction, as the call needs no table", "0x" + Integer.toHexString(found));
        }
    }

    /// Whether the next relocation says that the address is used once, by the instruction that it tells.
    private static boolean isPair(Relocations r, int i) {
        return i + 1 < r.count() && r.type(i + 1) == 123 && r.offset(i + 1) == r.offset(i);
    }

    /// Whether an address and the load or store that uses it are one instruction in the output, and the right one: of the same register, from where the two said.
    private boolean joined(Relocations r, int i, Ppc64Relocation type, int at) {
        long second = at + (r.addend(i + 1) == 0 ? 8 : r.addend(i + 1));
        if (type.width() != 8 || second < at + 8 || second > site.in.length - 4) {
            return false;
        }
        int use = (int) second;
        boolean wide = LE.i32(site.in, use) >>> 26 == 1;
        if (wide && use > site.in.length - 8) {
            return false;
        }
        int after = LE.i32(site.in, wide ? use + 4 : use);
        boolean gone = LE.i32(site.found, use) == (wide ? 0x0700_0000 : NOP) && LE.i32(site.in, use) != NOP;
        int prefix = LE.i32(site.found, at);
        int code = LE.i32(site.found, at + 4);
        int form = !wide ? prefixed(after) : LE.i32(site.in, use) >>> 18 == 0x0400_0000 >>> 18 ? after >>> 26 : -1;
        int first = LE.i32(site.in, at + 4);
        if (!gone || form < 0 || prefix >>> 18 != ((form & 64) != 0 ? 0x0610_0000 : 0x0410_0000) >>> 18 || code >>> 26 != (form & 63)
                || (code >> 21 & 31) != (after >> 21 & 31) || (after >> 16 & 31) != (first >> 21 & 31) || (code >> 16 & 31) != 0) {
            return false;
        }
        int opcode = after >>> 26;
        long off = wide ? ((LE.i32(site.in, use) & 0x3_ffffL) << 16 | after & 0xffff) << 30 >> 30
                : (short) after & (opcode == 6 || opcode == 61 && (after & 3) == 1 ? -16L : opcode >= 57 ? -4L : -1L);
        long there = site.place.address + at + (((prefix & 0x3_ffffL) << 16 | code & 0xffff) << 30 >> 30);
        if (!isThere(r.symbol(i), r.addend(i), there - off)) {
            return false;
        }
        System.arraycopy(site.found, at, site.in, at, 8);
        System.arraycopy(site.found, use, site.in, use, wide ? 8 : 4);
        return true;
    }

    /// The opcode that a load or store has with a prefix, 64 more if the prefix is that of what is also without one; -1 if there is none (Power ISA 3.1,
    /// "Prefixed Instructions").
    private static int prefixed(int insn) {
        int opcode = insn >>> 26;
        return switch (opcode) {
            case 32, 34, 36, 38, 40, 42, 44, 48, 50, 52, 54 -> opcode | 64; // lwz lbz stw stb lhz lha sth lfs lfd stfs stfd
            case 56 -> 56; // lq
            case 58 -> (insn & 3) == 0 ? 57 : (insn & 3) == 2 ? 41 : -1; // ld lwa
            case 57 -> (insn & 3) == 2 ? 42 : (insn & 3) == 3 ? 43 : -1; // lxsd lxssp
            case 62 -> (insn & 3) == 0 ? 61 : (insn & 3) == 2 ? 60 : -1; // std stq
            case 61 -> (insn & 3) == 2 ? 46 : (insn & 3) == 3 ? 47 : (insn & 7) == 1 ? 50 | insn >> 3 & 1 : (insn & 7) == 5 ? 54 | insn >> 3 & 1 : -1; // stxsd stxssp lxv stxv
            case 6 -> (insn & 15) == 0 ? 58 : (insn & 15) == 1 ? 62 : -1; // lxvp stxvp
            default -> -1;
        };
    }

    /// `pld rX,symbol@got@pcrel`, which is now `pla rX,symbol`.
    private void loaded(Relocations r, int i, Ppc64Relocation type, int at) {
        int symbol = r.symbol(i);
        boolean nowhere = site.kind[symbol] == Kind.WEAK_ZERO;
        int prefix = LE.i32(site.found, at) & ~0x3_ffff;
        boolean load = LE.i32(site.in, at) >>> 18 == 0x0410_0000 >>> 18 && LE.i32(site.in, at + 4) >>> 26 == 57;
        if (!load || prefix != (nowhere ? 0x0600_0000 : 0x0610_0000) || LE.i32(site.found, at + 4) >>> 26 != ADDI) {
            site.mismatch(at, type.name(), site.name(symbol), "an addition", "0x" + Integer.toHexString(prefix));
            return;
        }
        LE.put32(site.in, at, prefix);
        LE.put32(site.in, at + 4, LE.i32(site.in, at + 4) & 0x3ff_ffff | ADDI << 26);
        long raw = type.read(site.found, at);
        type.write(site.in, at, raw);
        long there = nowhere ? raw : type.target(raw, site.place.address + at);
        if (isThere(symbol, r.addend(i), there)) {
            site.counts[(site.kind[symbol] == Kind.LOCAL ? Rule.LOCAL : Rule.GLOBAL).ordinal()]++;
        } else {
            site.mismatch(at, type.name(), site.name(symbol), "0x" + Long.toHexString(site.value[symbol] + r.addend(i)), "0x" + Long.toHexString(there));
        }
    }

    /// A global entry point that names r2's value, and computed it in the object.
    private boolean isFixedEntry(Ppc64Relocation type, int at) {
        boolean high = type.suffix().equals("REL16_HA");
        if (audit.isMovable() || !high && !type.suffix().equals("REL16_LO") || (at & 3) != 0 || at + 4 > site.in.length || !high && at < 4) {
            return false;
        }
        long toc = audit.contentsBase();
        int before = LE.i32(site.in, at) >>> 16;
        int after = LE.i32(site.found, at);
        int wanted = high ? LIS_R2 << 16 | (int) (toc + 0x8000 >> 16) & 0xffff : 0x3842 << 16 | (int) toc & 0xffff;
        if (before != (high ? 0x3c4c : 0x3842) || after != wanted || !high && LE.i32(site.found, at - 4) >>> 16 != LIS_R2) {
            return false;
        }
        LE.put32(site.in, at, after);
        return true;
    }

    private void contents(Relocations r, int i, Ppc64Relocation type, int at) {
        int symbol = r.symbol(i);
        Pair pair = pairs.computeIfAbsent(symbol * 0x9e37_79b9_7f4a_7c15L ^ r.addend(i), _ -> new Pair());
        if (pair.sites++ == 0) {
            pair.symbol = symbol;
            pair.addend = r.addend(i);
            pair.section = site.section.name();
            pair.offset = at;
            pair.type = type.name();
        }
        byte[] in = site.in;
        byte[] found = site.found;
        int code = at & -4;
        if (code + 4 > in.length) {
            pair.wrong = true;
            return;
        }
        int before = LE.i32(in, code);
        int after = LE.i32(found, code);
        if (type.adjust()) {
            boolean gone = after == NOP && before >>> 26 == ADDIS && (before >> 16 & 31) == 2;
            pair.shortened |= gone;
            int high = gone ? 0 : (short) type.read(found, at);
            pair.wrong |= pair.hasHigh && pair.high != high;
            pair.high = high;
            pair.hasHigh = true;
            if (gone) {
                LE.put32(in, code, NOP);
            } else {
                type.write(in, at, type.read(found, at));
            }
            return;
        }
        if (type.shift() != 0) {
            pair.wrong = true; // the part that is not rounded is nobody's
            return;
        }
        low(pair, type, at, code, before, after);
    }

    private void low(Pair pair, Ppc64Relocation type, int at, int code, int before, int after) {
        byte[] in = site.in;
        int expected = before;
        boolean direct = before >>> 26 == LD && (before & 3) == 0 && after >>> 26 == ADDI;
        if (direct) {
            expected = expected & 0x3ff_ffff | ADDI << 26;
        }
        boolean whole = type.check() == Ppc64Relocation.Check.SIGNED;
        if (!whole && (before >> 16 & 31) != 2 && (after >> 16 & 31) == 2) {
            expected = expected & ~(31 << 16) | 2 << 16;
            if (before >>> 26 == ADDIC) {
                expected = expected & 0x3ff_ffff | ADDI << 26;
            }
            pair.fromBase = true;
        } else {
            pair.fromHigh |= !whole;
        }
        LE.put32(in, code, expected);
        Ppc64Relocation field = direct ? Ppc64Relocation.of(48) : type;
        int low = (short) field.read(site.found, at);
        field.write(in, at, low & 0xffff);
        pair.direct |= direct;
        pair.loads |= !direct;
        pair.wrong |= pair.hasLow && pair.low != low || whole && pair.hasHigh && pair.high != 0;
        pair.high = whole ? 0 : pair.high;
        pair.hasHigh |= whole;
        pair.low = low;
        pair.hasLow = true;
    }

    /// When all sites of the object are known.
    void finish() {
        for (Pair p : pairs.values()) {
            String wrong = wrong(p);
            if (wrong == null) {
                site.counts[(p.hasHigh && p.hasLow ? site.kind[p.symbol] == Kind.MERGED ? Rule.MERGED : Rule.CONTENTS : Rule.HALF).ordinal()] += p.sites;
            } else {
                site.mismatch(p.section, p.offset, p.type, site.name(p.symbol), wrong,
                        !p.hasHigh || !p.hasLow ? "one half" : "0x" + Long.toHexString(address(p)) + (p.direct ? " instead of a word that holds it" : ""));
            }
        }
    }

    private long address(Pair p) {
        return audit.contentsBase() + ((long) p.high << 16) + p.low;
    }

    /// What is expected of a pair that is not as it should be; null if it is.
    private String wrong(Pair p) {
        if (p.wrong || p.direct && p.loads) {
            return "one address for all that refers to it";
        }
        if (p.fromBase && p.hasHigh && (p.high != 0 || !p.shortened) || p.shortened && p.fromHigh && p.hasLow) {
            return "both instructions to agree on what is added to";
        }
        boolean table = isInTable(p.symbol);
        if (p.direct && !table) {
            return "a load";
        }
        if (!p.hasHigh || !p.hasLow) {
            return half(p, table);
        }
        if (!table) {
            return isThere(p.symbol, p.addend, address(p)) ? null : "0x" + Long.toHexString(site.value[p.symbol] + p.addend);
        }
        long offset = site.placed.image.symbols().value(p.symbol) + p.addend;
        Relocations words = words();
        int word = p.direct || site.contentsEdited ? find(words, offset) : -1;
        if (p.direct) {
            return word >= 0 && isThere(words.symbol(word), words.addend(word), address(p)) ? null : "what the word holds";
        }
        if (!site.contentsEdited) {
            return address(p) == site.value[p.symbol] + p.addend ? null : "the word at 0x" + Long.toHexString(site.value[p.symbol] + p.addend);
        }
        Place part = site.placed.place(site.contents);
        boolean within = address(p) >= part.address && address(p) + 8 <= part.address + part.size;
        return within && word >= 0 && isWord(words, word, address(p)) ? null : "a word that holds what the object's does";
    }

    private String half(Pair p, boolean table) {
        if (table || site.kind[p.symbol] == Kind.MERGED) {
            return null;
        }
        long d = site.value[p.symbol] + p.addend - audit.contentsBase();
        return p.hasHigh ? p.high == (short) (d + 0x8000 >> 16) ? null : "0x" + Long.toHexString(d + 0x8000 >> 16)
                : p.low == (short) d ? null : "0x" + Long.toHexString(d & 0xffff);
    }

    private boolean isInTable(int symbol) {
        return site.contents != 0 && site.placed.image.symbols().bind(symbol) == Elf.STB_LOCAL && site.placed.image.symbols().shndx(symbol) == site.contents;
    }

    private boolean isThere(int symbol, long addend, long address) {
        return switch (site.kind[symbol]) {
            case MERGED -> site.isPiece(symbol, addend, address);
            case LOCAL, GLOBAL, ABSOLUTE, WEAK_ZERO -> address == site.value[symbol] + addend;
            case DISCARDED, UNDEFINED -> false;
        };
    }

    private Relocations words() {
        Section rela = site.placed.relocations(site.contents);
        return rela == null ? null : site.placed.image.relocations(rela);
    }

    private static int find(Relocations words, long offset) {
        for (int i = 0; words != null && i < words.count(); i++) {
            if (words.offset(i) == offset) {
                return i;
            }
        }
        return -1;
    }

    /// Whether the word at an address is what one relocation of the object's part of the table makes it, when the image runs.
    private boolean isWord(Relocations words, int i, long address) {
        int entry = audit.relative().find(address);
        boolean moves = audit.isMovable() && site.isMovable(words.symbol(i));
        return moves == entry >= 0 && branches.holds(address) && isThere(words.symbol(i), words.addend(i), audit.relative().word(address));
    }

    /// An object's part of the table that lost words: what is left must be its words in their order.
    void table(Section s, Place part) {
        Relocations words = words();
        int next = 0;
        int count = words == null ? 0 : words.count();
        for (long at = part.address; at < part.address + part.size; at += 8) {
            while (next < count && !isWord(words, next, at)) {
                next++;
                site.counts[Rule.EDITED.ordinal()]++;
            }
            if (next == count) {
                site.mismatch(s.name(), at - part.address, "", "", "one more of the object's words", "0x" + Long.toHexString(audit.relative().word(at)));
                return;
            }
            int entry = audit.relative().find(at);
            if (entry >= 0) {
                audit.claim(entry);
            }
            site.counts[Rule.CONTENTS.ordinal()]++;
            next++;
        }
        site.counts[Rule.EDITED.ordinal()] += count - next;
    }
}
