package klink.inspect;

import java.util.HashMap;
import java.util.Map;
import klink.elf.Elf;
import klink.inspect.ElfImage.Section;
import klink.inspect.LinkMap.Place;
import klink.inspect.RelocationAudit.Rule;
import klink.inspect.SiteAudit.Kind;
import klink.mem.LE;

/// What is powerpc's own in the audit of an object: calls, which go to a function's local entry point, by way of a veneer if it is far; and pairs
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

    private final SiteAudit site;
    private final RelocationAudit audit;
    private final Map<Long, Pair> pairs = new HashMap<>();

    Ppc64Sites(SiteAudit site, RelocationAudit audit) {
        this.site = site;
        this.audit = audit;
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
        if (type.isBranch()) {
            branch(r, i, type, at);
        } else if (type.isFromContents()) {
            contents(r, i, type, at);
        } else {
            return false;
        }
        return true;
    }

    private void branch(Relocations r, int i, Ppc64Relocation type, int at) {
        int symbol = r.symbol(i);
        long p = site.place.address + at;
        if (site.kind[symbol] == Kind.WEAK_ZERO) {
            if (LE.i32(site.found, at) == NOP) {
                LE.put32(site.in, at, NOP);
                site.counts[Rule.WEAK_ZERO.ordinal()]++;
            } else {
                site.mismatch(at, type.name(), site.name(symbol), "no call of what is not there", "0x" + Integer.toHexString(LE.i32(site.found, at)));
            }
            return;
        }
        if (site.kind[symbol] == Kind.MERGED || site.kind[symbol] == Kind.DISCARDED || site.kind[symbol] == Kind.UNDEFINED) {
            site.mismatch(at, type.name(), site.name(symbol), "code to branch to", site.kind[symbol].toString());
            return;
        }
        long global = site.value[symbol] + r.addend(i);
        long local = global + entry(symbol);
        long raw = type.read(site.found, at);
        type.write(site.in, at, raw);
        int bits = type.width() == 4 && type.field() == Ppc64Relocation.Field.BRANCH24 ? 26 : 16;
        long to = p + (raw << 64 - bits >> 64 - bits);
        if (to == local) {
            site.counts[(site.kind[symbol] == Kind.LOCAL ? Rule.LOCAL : site.kind[symbol] == Kind.GLOBAL ? Rule.GLOBAL : Rule.ABSOLUTE).ordinal()]++;
        } else if (leads(to, global, local)) {
            site.counts[Rule.VENEER.ordinal()]++;
        } else {
            site.mismatch(at, type.name(), site.name(symbol), "0x" + Long.toHexString(local), "0x" + Long.toHexString(to));
        }
    }

    private int entry(int symbol) {
        ElfSymbols symbols = site.placed.image.symbols();
        int other = symbols.bind(symbol) == Elf.STB_LOCAL ? symbols.other(symbol) : audit.other(symbols.name(symbol));
        int code = other >> 5 & 7;
        return code >= 2 && code <= 6 ? 1 << code : 0;
    }

    /// Whether what stands at an address goes on to a function: to its local entry point, or to the global one with r12 as that wants it.
    private boolean leads(long at, long global, long local) {
        int[] code = {audit.instruction(at), audit.instruction(at + 4), audit.instruction(at + 8), audit.instruction(at + 12)};
        if ((code[0] & 0xfc00_0003) == 18 << 26) {
            return at + (code[0] << 6 >> 6 & -4) == local;
        }
        long base = audit.contentsBase();
        boolean far = (code[0] & 0xffff_0000) == 0x3d82_0000;
        long word = base + (far ? (long) (code[0] << 16) : 0) + (short) code[far ? 1 : 0];
        int next = far ? 2 : 1;
        if (code[next] != 0x7d89_03a6 || code[next + 1 & 3] != 0x4e80_0420) {
            return false;
        }
        if (far && (code[1] & 0xffff_0000) == 0x398c_0000) {
            return word == global;
        }
        if (code[far ? 1 : 0] >>> 16 != (far ? 0xe98c : 0xe982)) {
            return false;
        }
        word &= -4;
        long goal = audit.relative().word(word);
        int entry = audit.relative().find(word);
        if (entry >= 0 != audit.isMovable() || goal != local && goal != global || !holds(word)) {
            return false;
        }
        if (entry >= 0) {
            audit.claim(entry);
        }
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
        return moves == entry >= 0 && holds(address) && isThere(words.symbol(i), words.addend(i), audit.relative().word(address));
    }

    /// Whether a word that startup code sets has that value in the file too, or none.
    private boolean holds(long address) {
        long raw = audit.raw(address);
        return raw == 0 || raw == audit.relative().word(address);
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
