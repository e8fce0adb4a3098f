package klink.inspect;

import klink.elf.Elf;
import klink.inspect.RelocationAudit.Rule;
import klink.inspect.SiteAudit.Kind;
import klink.mem.LE;

/// The branches of a powerpc object in its audit: they go to a function's local entry point, or to code that goes on to it, or to the global one with r12 as that wants it. Where caller and
/// function do not agree on r2, such code stands between them, and the load that restores r2 behind the call.
final class Ppc64Branches {
    private static final int NOP = Ppc64Sites.NOP;
    private static final int LD_R2 = 0xe841_0018;

    private final SiteAudit site;
    private final RelocationAudit audit;

    Ppc64Branches(SiteAudit site, RelocationAudit audit) {
        this.site = site;
        this.audit = audit;
    }

    void site(Relocations r, int i, Ppc64Relocation type, int at) {
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
        boolean called = type.field() == Ppc64Relocation.Field.CALLED;
        long raw = called ? LE.i32(site.found, at) & 0x3ff_fffc : type.read(site.found, at);
        if (called) {
            LE.put32(site.in, at, 18 << 26 | (int) raw | LE.i32(site.in, at) & 1);
        } else {
            type.write(site.in, at, raw);
        }
        int bits = called || type.field() == Ppc64Relocation.Field.BRANCH24 ? 26 : 16;
        long to = p + (raw << 64 - bits >> 64 - bits);
        boolean keeps = code(symbol) != 1;
        boolean saves = !type.isPlain() && !keeps;
        if (saves || called && type.width() == 8) {
            restored(at, saves);
        }
        boolean agree = type.isPlain() ? code(symbol) <= 1 : keeps;
        if (to == local && agree) {
            site.counts[(site.kind[symbol] == Kind.LOCAL ? Rule.LOCAL : site.kind[symbol] == Kind.GLOBAL ? Rule.GLOBAL : Rule.ABSOLUTE).ordinal()]++;
        } else if (leads(to, global, local, saves) || agree && isCopy(to, local)) {
            site.counts[Rule.VENEER.ordinal()]++;
        } else {
            site.mismatch(at, type.name(), site.name(symbol), "0x" + Long.toHexString(local), "0x" + Long.toHexString(to));
        }
    }

    private int entry(int symbol) {
        int code = code(symbol);
        return code >= 2 && code <= 6 ? 1 << code : 0;
    }

    /// The three bits of st_other (ELF V2 ABI, "Symbol Table"): 1 of a function that does not keep r2.
    private int code(int symbol) {
        ElfSymbols symbols = site.placed.image.symbols();
        int other = symbols.bind(symbol) == Elf.STB_LOCAL ? symbols.other(symbol) : audit.other(symbols.name(symbol));
        return other >> 5 & 7;
    }

    /// Takes over what follows a call: the load that restores r2, or nothing where it is not needed.
    private void restored(int at, boolean saves) {
        if (at + 8 <= site.in.length) {
            int before = LE.i32(site.in, at + 4);
            boolean free = before == NOP || before == LD_R2 || before == 0x4def_7b82 || before == 0x4fff_fb82;
            LE.put32(site.in, at + 4, free && saves ? LD_R2 : saves ? before : NOP);
        }
    }

    boolean isCall(Ppc64Relocation type, int at) {
        return type.suffix().startsWith("PLTCALL") && LE.i32(site.found, at) >>> 26 == 18;
    }

    /// Whether what stands at an address is the code of a function, to its return.
    private boolean isCopy(long at, long function) {
        for (int i = 0; i < 4 * 64; i += 4) {
            int insn = audit.instruction(function + i);
            if (audit.instruction(at + i) != insn || insn == 0) {
                return false;
            }
            if (insn == 0x4e80_0020) {
                return true;
            }
        }
        return false;
    }

    /// Whether what stands at an address goes on to a function: to its local entry point, or to the global one with r12 as that wants it.
    /// @param saves whether r2 is to be saved before
    private boolean leads(long at, long global, long local, boolean saves) {
        if (saves) {
            return audit.instruction(at) == 0xf841_0018 && leads(at + 4, global, local, false);
        }
        return byContents(at, global, local) || byPlace(at, global) || byLink(at, global);
    }

    /// Whether a branch or a jump by r12 stands at an address, and goes where r12 is.
    private boolean ends(long at, long global) {
        int insn = audit.instruction(at);
        return insn == 0x7d89_03a6 ? audit.instruction(at + 4) == 0x4e80_0420 : (insn & 0xfc00_0003) == 18 << 26 && at + (insn << 6 >> 6 & -4) == global;
    }

    /// `pla r12,..`, perhaps behind `nop`.
    private boolean byPlace(long at, long global) {
        long from = audit.instruction(at) == NOP ? at + 4 : at;
        int prefix = audit.instruction(from);
        int insn = audit.instruction(from + 4);
        long d = ((prefix & 0x3_ffffL) << 16 | insn & 0xffff) << 30 >> 30;
        return prefix >>> 18 == 0x0610_0000 >>> 18 && insn >>> 16 == 0x3980 && from + d == global && ends(from + 8, global);
    }

    /// `mflr r12; bcl 20,31,.+4; mflr r11; mtlr r12`, then additions to r11.
    private boolean byLink(long at, long global) {
        boolean begins = audit.instruction(at) == 0x7d88_02a6 && audit.instruction(at + 4) == 0x429f_0005 && audit.instruction(at + 8) == 0x7d68_02a6
                && audit.instruction(at + 12) == 0x7d88_03a6;
        int first = audit.instruction(at + 16);
        int second = audit.instruction(at + 20);
        boolean far = first >>> 16 == 0x3d8b;
        if (!begins || !far && first >>> 16 != 0x398b || far && second >>> 16 != 0x398c) {
            return false;
        }
        long there = at + 8 + (far ? (long) (first << 16) + (short) second : (short) first);
        return there == global && ends(at + (far ? 24 : 20), global);
    }

    private boolean byContents(long at, long global, long local) {
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

    /// Whether a word that startup code sets has that value in the file too, or none.
    boolean holds(long address) {
        long raw = audit.raw(address);
        return raw == 0 || raw == audit.relative().word(address);
    }
}
