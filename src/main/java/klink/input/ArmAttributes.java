package klink.input;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.TreeMap;
import klink.elf.Arm;
import klink.mem.Endian;
import klink.mem.LE;

/// `.ARM.attributes`: for which processors and with which conventions an object was compiled (Addenda to the ABI for the Arm Architecture, "Build
/// attributes"). An image has those of all its objects together; the linker itself learns from them which instructions veneers may use.
///
/// Only what holds for a whole file is read, which is all that GNU as writes. Together they are what GNU ld says of the same objects; conflicts that
/// matter to user programs alone are not looked for.
public final class ArmAttributes {
    private static final int RAW_NAME = 4;
    private static final int NAME = 5;
    private static final int ARCH = 6;
    private static final int PROFILE = 7;
    private static final int FP_ARCH = 10;
    private static final int PCS_CONFIG = 13;
    private static final int R9_USE = 14;
    private static final int RO_DATA = 16;
    private static final int GOT_USE = 17;
    private static final int WCHAR = 18;
    private static final int FP_DENORMAL = 20;
    private static final int ALIGN_NEEDED = 24;
    private static final int ALIGN_PRESERVED = 25;
    private static final int ENUM_SIZE = 26;
    private static final int HARD_FP = 27;
    private static final int VFP_ARGS = 28;
    private static final int WMMX_ARGS = 29;
    private static final int GOALS = 30;
    private static final int FP_GOALS = 31;
    private static final int COMPATIBILITY = 32;
    private static final int DIV_USE = 44;
    private static final int NO_DEFAULTS = 64;
    private static final int ALSO_COMPATIBLE = 65;
    private static final int CONFORMANCE = 67;
    private static final int VIRTUALIZATION = 68;

    /// Values of ARCH.
    private static final int V6 = 6;
    private static final int V6KZ = 7;
    private static final int V6T2 = 8;
    private static final int V6K = 9;
    private static final int V7 = 10;
    private static final int V7EM = 13;
    private static final int V8 = 14;

    private static final String[] ARCH_NAMES = {"Pre v4", "ARM v4", "ARM v4T", "ARM v5T", "ARM v5TE", "ARM v5TEJ", "ARM v6", "ARM v6KZ", "ARM v6T2", "ARM v6K", "ARM v7",
        "ARM v6-M", "ARM v6S-M", "ARM v7E-M", "ARM v8"};
    /// Version and registers of each FP_ARCH.
    private static final int[][] FP = {{0, 0}, {1, 16}, {2, 16}, {3, 32}, {3, 16}, {4, 32}, {4, 16}, {8, 32}, {8, 16}};

    private final TreeMap<Integer, Integer> numbers = new TreeMap<>();
    private final TreeMap<Integer, String> names = new TreeMap<>();
    private boolean any;
    /// The section that was added last. Most objects of a kernel say the same.
    private byte[] last;

    /// The index of an object's section of them; 0 if it has none.
    public static int find(ObjectFile file) {
        for (int s = file.isSynthetic() || file.is64() ? file.sectionCount() : 1; s < file.sectionCount(); s++) {
            if (file.type(s) == Arm.SHT_ARM_ATTRIBUTES) {
                return s;
            }
        }
        return 0;
    }

    /// Adds what an object says, if it says anything.
    public void add(ObjectFile file) {
        int ndx = find(file);
        if (ndx == 0) {
            return;
        }
        byte[] said = LE.copy(file.segment(), file.fileOffset(ndx), Math.toIntExact(file.size(ndx)));
        if (Arrays.equals(said, last)) {
            return;
        }
        last = said;
        var one = new ArmAttributes();
        one.read(file, ndx);
        if (!any) {
            any = true;
            numbers.putAll(one.numbers);
            names.putAll(one.names);
        } else {
            merge(one);
        }
    }

    private void read(ObjectFile file, int ndx) {
        var c = new Cursor(file, file.fileOffset(ndx), file.fileOffset(ndx) + file.size(ndx));
        if (file.size(ndx) == 0 || c.byteAt() != 'A') {
            return;
        }
        while (c.left() > 4) {
            long end = c.at + c.word();
            if (end <= c.at || end > c.end) {
                throw file.bad(c.at - 4, ".ARM.attributes: a vendor's part runs past the end of the section");
            }
            boolean ours = c.text().equals("aeabi");
            while (ours && end - c.at > 5) {
                long part = c.at;
                int scope = c.number();
                long partEnd = part + c.word();
                if (partEnd <= part || partEnd > end) {
                    throw file.bad(part, ".ARM.attributes: a part runs past the end of its vendor's");
                }
                while (scope == 1 && c.at < partEnd) {
                    attribute(c);
                }
                c.at = partEnd;
            }
            c.at = end;
        }
    }

    private void attribute(Cursor c) {
        int tag = c.number();
        if (tag == RAW_NAME || tag == NAME || tag == ALSO_COMPATIBLE || tag == CONFORMANCE || tag > 68 && tag % 2 == 1) {
            names.put(tag, c.text());
        } else {
            numbers.put(tag, c.number());
            if (tag == COMPATIBILITY) {
                names.put(tag, c.text());
            }
        }
    }

    /// Reads bytes, words, ULEB128 numbers and strings within bounds.
    private static final class Cursor {
        private final ObjectFile file;
        private final long end;
        private long at;

        Cursor(ObjectFile file, long at, long end) {
            this.file = file;
            this.at = at;
            this.end = end;
        }

        long left() {
            return end - at;
        }

        int byteAt() {
            if (at >= end) {
                throw file.bad(at, ".ARM.attributes ends within an attribute");
            }
            return LE.u8(file.segment(), at++);
        }

        long word() {
            if (end - at < 4) {
                throw file.bad(at, ".ARM.attributes ends within a length");
            }
            at += 4;
            return file.endian().u32(file.segment(), at - 4);
        }

        int number() {
            int v = 0;
            for (int shift = 0;; shift += 7) {
                int b = byteAt();
                v |= shift < 32 ? (b & 0x7f) << shift : 0;
                if (b < 0x80) {
                    return v;
                }
            }
        }

        String text() {
            var s = new StringBuilder();
            for (int b = byteAt(); b != 0; b = byteAt()) {
                s.append((char) b);
            }
            return s.toString();
        }
    }

    private int get(int tag) {
        return numbers.getOrDefault(tag, 0);
    }

    private void merge(ArmAttributes in) {
        architecture(in);
        divide(in);
        var tags = new TreeMap<>(in.numbers);
        numbers.forEach(tags::putIfAbsent);
        for (int tag : tags.keySet()) {
            int a = get(tag);
            int b = in.get(tag);
            if (tag != ARCH && tag != DIV_USE && a != b) {
                numbers.put(tag, merged(tag, a, b));
            }
        }
        for (int tag : new int[] {ALSO_COMPATIBLE, CONFORMANCE, COMPATIBILITY}) {
            if (names.containsKey(tag) && !names.get(tag).equals(in.names.get(tag))) {
                names.remove(tag);
            }
        }
    }

    /// The value for two objects of which one says `a`, the other `b`.
    private static int merged(int tag, int a, int b) {
        return switch (tag) {
            case FP_ARCH -> floatingPoint(a, b);
            case PROFILE -> a == 0 ? b : b == 0 ? a : a == 'S' ? b : a;
            case RO_DATA, ALIGN_PRESERVED, NO_DEFAULTS -> Math.min(a, b);
            case R9_USE -> a == 3 ? b : a;
            case PCS_CONFIG, WCHAR -> a == 0 ? b : a;
            case ENUM_SIZE -> b == 0 || b == 3 && a != 0 ? a : a == 0 || a == 3 ? b : a;
            case ALIGN_NEEDED, FP_DENORMAL, GOT_USE -> Math.max(a, b) > 2 ? Math.max(a, b) : a == 1 || b == 1 ? 1 : 2;
            case HARD_FP -> a == 0 || b == 0 ? 0 : a;
            case VFP_ARGS -> a == 3 ? b : a == 0 && b == 1 ? 1 : a;
            case WMMX_ARGS, GOALS, FP_GOALS, COMPATIBILITY -> a;
            case VIRTUALIZATION -> a == 0 || b == 0 ? a | b : 3;
            default -> Math.max(a, b);
        };
    }

    private static int floatingPoint(int a, int b) {
        if (a >= FP.length || b >= FP.length) {
            return Math.max(a, b);
        }
        int version = Math.max(FP[a][0], FP[b][0]);
        int registers = Math.max(FP[a][1], FP[b][1]);
        for (int i = FP.length - 1; i > 0; i--) {
            if (FP[i][0] == version && FP[i][1] == registers) {
                return i;
            }
        }
        return Math.max(a, b);
    }

    private void architecture(ArmAttributes in) {
        int before = get(ARCH);
        int arch = architecture(before, in.get(ARCH));
        if (arch != before) {
            numbers.put(ARCH, arch);
            boolean same = arch == in.get(ARCH);
            names.remove(RAW_NAME);
            names.remove(NAME);
            if (same && in.names.containsKey(NAME)) {
                names.put(NAME, in.names.get(NAME));
            }
        }
        if (!names.containsKey(NAME) && arch < ARCH_NAMES.length) {
            names.put(NAME, ARCH_NAMES[arch]);
        }
    }

    /// The first architecture that has what both have.
    private static int architecture(int a, int b) {
        int low = Math.min(a, b);
        int high = Math.max(a, b);
        if (high <= V6 || high > V7) {
            return high;
        }
        boolean t2 = low == V6T2 || high == V6T2;
        boolean k = low == V6K || low == V6KZ || high == V6K || high == V6KZ;
        if (high < V7 && t2 && k) {
            return V7;
        }
        return high == V6K && low == V6KZ ? V6KZ : high;
    }

    /// 1: no divide instruction wanted; 2: one is used; 0: as the architecture has it.
    private void divide(ArmAttributes in) {
        int a = get(DIV_USE);
        int b = in.get(DIV_USE);
        if (a != b) {
            boolean divides = a == 2 || a == 0 && dividesAnyway();
            boolean otherDivides = b == 2 || b == 0 && in.dividesAnyway();
            numbers.put(DIV_USE, b == 1 && !divides ? 1 : a == 1 && otherDivides ? b : b == 2 ? 2 : a);
        }
    }

    private boolean dividesAnyway() {
        return get(ARCH) == V7 && (get(PROFILE) == 'R' || get(PROFILE) == 'M') || get(ARCH) >= V7EM;
    }

    /// The version of the architecture: 4 to 8; 7 where nothing is said.
    public int version() {
        int arch = get(ARCH);
        return !any ? 7 : arch <= 2 ? 4 : arch <= 5 ? 5 : arch < V7 ? 6 : arch == 11 || arch == 12 ? 6 : arch >= V8 ? 8 : 7;
    }

    /// Whether Thumb code has all its instructions of two halfwords.
    public boolean hasThumb2() {
        return !any || get(ARCH) == V6T2 || get(ARCH) == V7 || get(ARCH) >= V7EM;
    }

    /// Whether there is a `nop` of its own among Arm instructions.
    public boolean hasNop() {
        return !any || get(ARCH) >= V6KZ;
    }

    /// Whether the processor has no Arm mode.
    public boolean isThumbOnly() {
        return get(PROFILE) == 'M' || get(ARCH) >= 11 && get(ARCH) <= V7EM;
    }

    /// Whether GNU ld turns `bl` to `blx` where the target is of the other mode: from v7 on, and on v6T2.
    public boolean mayUseBlx() {
        return !any || get(ARCH) == V6T2 || get(ARCH) > V6K;
    }

    /// Whether it is v7-A, as far as is said.
    public boolean maySuitCortexA8() {
        return get(ARCH) == V7 && (get(PROFILE) == 'A' || get(PROFILE) == 0);
    }

    /// Whether floating-point arguments are passed in registers.
    public boolean isHardFloat() {
        return get(VFP_ARGS) == 1;
    }

    /// The contents of a section that says this; null if nothing was said.
    public byte[] bytes(Endian endian) {
        if (!any) {
            return null;
        }
        var body = new ByteArrayOutputStream();
        if (names.containsKey(CONFORMANCE)) {
            name(body, CONFORMANCE);
        }
        var tags = new TreeMap<Integer, Boolean>();
        numbers.forEach((tag, v) -> tags.put(tag, v != 0));
        names.forEach((tag, _) -> tags.put(tag, true));
        tags.remove(CONFORMANCE);
        tags.forEach((tag, said) -> {
            if (said && numbers.containsKey(tag)) {
                number(body, tag);
                number(body, get(tag));
                if (tag == COMPATIBILITY) {
                    body.writeBytes((names.getOrDefault(tag, "") + "\0").getBytes(StandardCharsets.ISO_8859_1));
                }
            } else if (said) {
                name(body, tag);
            }
        });
        byte[] attributes = body.toByteArray();
        var all = new byte[16 + attributes.length];
        all[0] = 'A';
        endian.put32(all, 1, all.length - 1);
        System.arraycopy("aeabi\0".getBytes(StandardCharsets.ISO_8859_1), 0, all, 5, 6);
        all[11] = 1;
        endian.put32(all, 12, attributes.length + 5);
        System.arraycopy(attributes, 0, all, 16, attributes.length);
        return all;
    }

    private void name(ByteArrayOutputStream out, int tag) {
        number(out, tag);
        out.writeBytes((names.get(tag) + "\0").getBytes(StandardCharsets.ISO_8859_1));
    }

    private static void number(ByteArrayOutputStream out, int v) {
        for (; v >>> 7 != 0; v >>>= 7) {
            out.write(v & 0x7f | 0x80);
        }
        out.write(v);
    }
}
