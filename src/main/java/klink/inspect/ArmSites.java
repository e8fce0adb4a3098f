package klink.inspect;

import klink.elf.Elf;
import klink.inspect.AddressPairs.Reference;
import klink.inspect.RelocationAudit.Rule;
import klink.inspect.SiteAudit.Kind;
import klink.mem.Endian;
import klink.mem.LE;

/// What is arm's own in the audit of an object: addends that stand in the code, the mode of what a symbol names, calls that switch modes and veneers.
/// A kernel has 270,000 calls.
final class ArmSites {
    private static final int BL = 0xeb;
    private static final int ARM_NOP = 0x320_f000;
    private static final int ARM_OLD_NOP = 0x1a0_0000;
    private static final int THUMB_NOP = 0x8000_f3af;
    private static final int THUMB_OLD_NOP = 0xbf00_e000;
    /// The longest veneer of any linker has five instructions and a word.
    private static final int STEPS = 7;

    private final SiteAudit site;
    private final RelocationAudit audit;
    private final ArmOrder order;

    ArmSites(SiteAudit site, RelocationAudit audit) {
        this.site = site;
        this.audit = audit;
        order = new ArmOrder(site.placed.image, audit.output());
    }

    /// Brings the code of the section at hand to the form in which it is compared.
    void turnCode() {
        order.turnCode(site.section.ndx(), site.in, site.found);
    }

    /// Whether a symbol is a function in Thumb code.
    private boolean isThumb(int symbol) {
        return site.isFunction(symbol) && (site.value[symbol] & 1) != 0;
    }

    void site(Relocations r, int i, ArmRelocation type, int at, boolean inTable) {
        turn(at, type);
        turned(r, i, type, at, inTable);
        turn(at, type);
    }

    private void turn(int at, ArmRelocation type) {
        order.turnSite(site.section.ndx(), site.in, at, type);
        order.turnSite(site.section.ndx(), site.found, at, type);
    }

    private void turned(Relocations r, int i, ArmRelocation type, int at, boolean inTable) {
        int symbol = r.symbol(i);
        long a = type.addend(type.read(site.in, at));
        Kind k = site.kind[symbol];
        if (k == Kind.UNDEFINED) {
            site.mismatch(at, type.name(), site.name(symbol), "a definition", "none in the output or the inputs");
        } else if (k == Kind.MERGED) {
            merged(symbol, a, type, at, inTable);
        } else if (k == Kind.DISCARDED) {
            site.discarded(r, i, type, at);
        } else if (type.isCall()) {
            call(symbol, a, type, at);
        } else {
            plain(symbol, a, type, at, inTable);
        }
        if (!inTable) {
            type.copy(site.found, site.in, at);
        }
    }

    private void plain(int symbol, long a, ArmRelocation type, int at, boolean inTable) {
        boolean thumb = isThumb(symbol);
        long x = (thumb ? site.value[symbol] & -2 : site.value[symbol]) + a | (thumb && type.marks() ? 1 : 0);
        long expected = type.result(x, site.place.address + at);
        long found = type.read(site.found, at);
        if (!type.fits(expected)) {
            site.mismatch(at, type.name(), site.name(symbol), "0x" + Long.toHexString(expected), "a field that cannot hold it");
        } else if (inTable) {
            type.write(site.in, at, type.truncate(expected));
            site.counts[Rule.TABLE.ordinal()]++;
        } else if (found != type.truncate(expected)) {
            site.mismatch(at, type.name(), site.name(symbol), "0x" + Long.toHexString(type.truncate(expected)), "0x" + Long.toHexString(found));
        } else {
            site.counts[rule(symbol).ordinal()]++;
        }
    }

    private Rule rule(int symbol) {
        return switch (site.kind[symbol]) {
            case GLOBAL -> Rule.GLOBAL;
            case ABSOLUTE -> Rule.ABSOLUTE;
            case WEAK_ZERO -> Rule.WEAK_ZERO;
            default -> Rule.LOCAL;
        };
    }

    private void merged(int symbol, long a, ArmRelocation type, int at, boolean inTable) {
        long bits = type.target(type.read(site.found, at), site.place.address + at);
        if (type.known() == 0 || inTable) {
            site.mismatch(at, type.name(), site.name(symbol), "another kind of reference to merged data", "this one");
        } else if (type.known() != -1) {
            site.half(new Reference(symbol, a, false), at, type, bits);
        } else {
            site.piece(symbol, a, bits, site.section.name(), at, type.name(), 1);
        }
    }

    private void call(int symbol, long a, ArmRelocation type, int at) {
        boolean arm = type.field() == ArmRelocation.Field.ARM_BRANCH;
        long p = site.place.address + at;
        int was = LE.i32(site.in, at);
        int is = LE.i32(site.found, at);
        boolean right;
        Rule rule = rule(symbol);
        if (rule == Rule.WEAK_ZERO) {
            right = arm ? was >>> 28 == is >>> 28 && ((is & 0xfff_ffff) == ARM_NOP || (is & 0xfff_ffff) == ARM_OLD_NOP) : is == THUMB_NOP || is == THUMB_OLD_NOP;
        } else {
            // The mode of the target: a function's own; of a label, what the instruction has in mind.
            boolean blx = arm ? was >>> 25 == 0x7d : (was & 0x5000_0000) == 0x4000_0000;
            boolean toThumb = site.isFunction(symbol) ? isThumb(symbol) : arm == blx;
            long bias = arm ? 8 : 4;
            long half = arm && blx ? was >>> 23 & 2 : 0;
            long target = (isThumb(symbol) ? site.value[symbol] & -2 : site.value[symbol]) + a + half + bias;
            boolean switches = arm ? is >>> 25 == 0x7d : (is & 0x5000_0000) == 0x4000_0000;
            long from = arm || !switches ? p + bias : p + bias & -4;
            long to = from + type.addend(type.read(site.found, at)) + (arm && switches ? is >>> 23 & 2 : 0) & 0xffff_ffffL;
            boolean leads = to == (target & 0xffff_ffffL) && (arm == switches) == toThumb;
            if (!leads && !audit.isInWhole(to) && follow(to, arm == switches) == (target & 0xffff_ffffL | (toThumb ? 1 : 0))) {
                leads = true;
                rule = Rule.VENEER;
            }
            boolean links = arm ? was >>> 24 == is >>> 24 && !switches || isLink(was) && isLink(is)
                    : (was & 0xc000_f800) == (is & 0xc000_f800) && ((was & 0x4000_0000) != 0 || ((was ^ is) & 0x1000_0000) == 0);
            right = leads && links && (arm || !switches || (is & 1 << 16) == 0);
        }
        if (right) {
            site.counts[rule.ordinal()]++;
        } else {
            site.mismatch(at, type.name(), site.name(symbol), "a branch to 0x" + Long.toHexString(site.value[symbol]), "0x" + Integer.toHexString(is));
        }
        LE.put32(site.in, at, is);
    }

    /// `bl` without a condition, or `blx`.
    private static boolean isLink(int insn) {
        return insn >>> 24 == BL || insn >>> 25 == 0x7d;
    }

    /// Where code outside of the inputs jumps to, bit 0 set for Thumb code; it may use nothing but ip and pc. -1 if it does anything else.
    private long follow(long pc, boolean thumb) {
        long ip = 0;
        for (int step = 0; step < STEPS; step++) {
            int insn = order.instruction(audit.instruction(pc), thumb);
            if (thumb) {
                if (insn == 0xe7fd_4778 || insn == 0x46c0_4778 || insn == 0xbf00_4778) { // bx pc, and what nothing executes
                    thumb = false;
                    pc = pc + 4 & -4;
                } else if (insn == 0xf000_f8df || insn == 0xf000_f85f) { // ldr.w pc, [pc]
                    return word(pc + 4 & -4);
                } else if ((insn & 0xd000_f800) == 0x9000_f000) { // b.w
                    return pc + 4 + branch(insn) | 1;
                } else if ((insn & 0x8f00_fbf0) == 0x0c00_f240) { // movw ip
                    ip = half(insn);
                    pc += 4;
                } else if ((insn & 0x8f00_fbf0) == 0x0c00_f2c0) { // movt ip
                    ip = ip & 0xffff | half(insn) << 16;
                    pc += 4;
                } else if ((insn & 0xffff) == 0x44fc) { // add ip, pc
                    ip = ip + pc + 4 & 0xffff_ffffL;
                    pc += 2;
                } else {
                    return (insn & 0xffff) == 0x4760 ? ip : -1; // bx ip
                }
                continue;
            }
            if (insn == 0xe51f_f004) { // ldr pc, [pc, #-4]
                return word(pc + 4);
            } else if ((insn & 0xffff_f000) == 0xe59f_c000) { // ldr ip, [pc, #n]
                ip = word(pc + 8 + (insn & 0xfff));
            } else if ((insn & 0xfff0_f000) == 0xe300_c000) { // movw ip
                ip = insn >> 4 & 0xf000 | insn & 0xfff;
            } else if ((insn & 0xfff0_f000) == 0xe340_c000) { // movt ip
                ip = ip & 0xffff | (long) (insn >> 4 & 0xf000 | insn & 0xfff) << 16;
            } else if (insn == 0xe08f_c00c || insn == 0xe08c_c00f) { // add ip, pc, ip
                ip = ip + pc + 8 & 0xffff_ffffL;
            } else if (insn == 0xe08f_f00c || insn == 0xe08c_f00f) { // add pc, pc, ip: stays in Arm code
                return ip + pc + 8 & 0xffff_fffcL;
            } else if (insn == 0xe12f_ff1c) { // bx ip
                return ip;
            } else {
                return insn >>> 24 == 0xea ? pc + 8 + ((long) insn << 40 >> 38) & 0xffff_ffffL : -1;
            }
            pc += 4;
        }
        return -1;
    }

    /// Takes back what the workaround for Cortex-A8 erratum 657417 does to branches whose first halfword is the last of a page: by way of a patch outside
    /// of the inputs they go where they went. Each is followed; `found` then has the branch that comes to the same.
    void undoPatches() {
        long base = site.place.address;
        for (long at = 0xffe - base & 0xfff; at + 4 <= site.in.length; at += 0x1000) {
            int was = halves(site.in, (int) at);
            int is = halves(site.found, (int) at);
            if (isWideBranch(was) && isWideBranch(is) && was != is) {
                undo((int) at, base + at, was, is);
            }
        }
    }

    private void undo(int at, long p, int was, int is) {
        boolean switches = (is & 0x5000) == 0x4000;
        long from = switches ? p + 4 & -4 : p + 4;
        long patch = from + branch(is << 16 | is >>> 16);
        if ((is & 0x5000) == 0 || audit.isInWhole(patch)) {
            return;
        }
        boolean conditional = (was & 0x5000) == 0;
        int first = order.instruction(audit.instruction(patch), true);
        if (!conditional) {
            long target = follow(patch, !switches);
            if (target >= 0 && (target & 1) == (switches ? 0 : 1)) {
                put(at, is & 0xf800_d000 | field24((target & -2) - from));
                site.counts[Rule.REWRITTEN.ordinal()]++;
            }
        } else if ((first & 0xffff) == (0xd001 | was >> 14 & 0xf00) && (is & 0x5000) == 0x1000 && follow(patch + 2, true) == (p + 4 | 1)) {
            long target = follow(patch + 6, true);
            long d = (target & -2) - from;
            if (target >= 0 && d << 43 >> 43 == d) {
                put(at, was & 0xfbc0_d000 | (int) (d >>> 20 & 1) << 26 | (int) (d >> 12 & 0x3f) << 16 | (int) (d >> 18 & 1) << 13 | (int) (d >> 19 & 1) << 11 | (int) (d >> 1 & 0x7ff));
                site.counts[Rule.REWRITTEN.ordinal()]++;
            }
        }
    }

    /// The bits of a wide branch that say how far it goes.
    private static int field24(long d) {
        int s = (int) (d >>> 24 & 1);
        return s << 26 | (int) (d >> 12 & 0x3ff) << 16 | ((int) (d >> 23 & 1) ^ s ^ 1) << 13 | ((int) (d >> 22 & 1) ^ s ^ 1) << 11 | (int) (d >> 1 & 0x7ff);
    }

    private static boolean isWideBranch(int insn) {
        return (insn & 0xf800_8000) == 0xf000_8000;
    }

    /// Two halfwords, the first one above.
    private static int halves(byte[] b, int at) {
        return LE.u16(b, at) << 16 | LE.u16(b, at + 2);
    }

    private void put(int at, int insn) {
        LE.put16(site.found, at, insn >>> 16);
        LE.put16(site.found, at + 2, insn);
    }

    private long word(long address) {
        return audit.word32(address);
    }

    /// A section of the unwind index: every entry is found where the unwinder looks, and says what the object says.
    void index(Relocations r) {
        byte[] in = site.in;
        Endian endian = audit.output().endian();
        var functions = new long[in.length / 8];
        var unwinds = new long[in.length / 8];
        java.util.Arrays.fill(functions, -1);
        for (int i = 0; i < unwinds.length; i++) {
            unwinds[i] = endian.u32(in, 8 * i + 4);
        }
        for (int i = 0; r != null && i < r.count(); i++) {
            int entry = (int) r.offset(i) / 8;
            if (r.type(i) == 0) {
                site.counts[Rule.NONE.ordinal()]++;
            } else if (r.type(i) != 42 || entry < 0 || entry >= functions.length || r.offset(i) % 4 != 0) {
                site.mismatch(r.offset(i), "type " + r.type(i), site.name(r.symbol(i)), "R_ARM_PREL31 in an index", "this one");
            } else {
                int symbol = r.symbol(i);
                long value = (isThumb(symbol) ? site.value[symbol] & -2 : site.value[symbol]) + (endian.i32(in, (int) r.offset(i)) << 1 >> 1) & 0xffff_ffffL;
                boolean gone = site.kind[symbol] == Kind.DISCARDED || site.kind[symbol] == Kind.UNDEFINED;
                (r.offset(i) % 8 == 0 ? functions : unwinds)[entry] = gone ? -2 : value;
            }
        }
        for (int i = 0; i < functions.length; i++) {
            if (functions[i] == -2) {
                site.counts[Rule.DISCARDED.ordinal()]++;
            } else if (functions[i] < 0 || !audit.index().finds(functions[i], unwinds[i])) {
                site.mismatch(8 * i, "entry", "", "0x" + Long.toHexString(functions[i]) + " unwound by 0x" + Long.toHexString(unwinds[i]), "no such entry");
            } else {
                site.counts[Rule.INDEX.ordinal()]++;
            }
        }
    }

    private static long branch(int insn) {
        var b = new byte[4];
        LE.put32(b, 0, insn);
        ArmRelocation type = ArmRelocation.of(30);
        return type.addend(type.read(b, 0));
    }

    private static long half(int insn) {
        var b = new byte[4];
        LE.put32(b, 0, insn);
        return ArmRelocation.of(47).read(b, 0);
    }
}
