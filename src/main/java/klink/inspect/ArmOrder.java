package klink.inspect;

import java.util.Map;
import java.util.TreeMap;
import klink.elf.Arm;
import klink.elf.Elf;
import klink.mem.Endian;
import klink.mem.LE;

/// The order of bytes in an arm object and in the image that it went into. The audit knows one form of code and of sites, the little-endian one: code of
/// big-endian objects is turned to it, by mapping symbols (AAELF32, "Mapping symbols"), and the image's too if that is big-endian there; a site in
/// data is turned while it is looked at. Data between sites stays as it is, in both.
final class ArmOrder {
    private final boolean big;
    private final boolean bigCode;
    /// By section in the upper 32 bits and offset in it: what begins there, `a`, `t` or `d`.
    private final TreeMap<Long, Character> runs = new TreeMap<>();

    ArmOrder(ElfImage object, ElfImage output) {
        big = output.endian().isBig();
        bigCode = isBigCode(output);
        if (object.endian() != output.endian()) {
            throw object.bad(5, "the object's bytes are in another order than those of " + output.file());
        }
        ElfSymbols symbols = object.symbols();
        for (int i = 1; big && i < symbols.count(); i++) {
            if (symbols.bind(i) == Elf.STB_LOCAL && symbols.type(i) == Elf.STT_NOTYPE && symbols.isInSection(i) && isMapping(symbols.name(i))) {
                runs.put((long) symbols.shndx(i) << 32 | symbols.value(i), symbols.name(i).charAt(1));
            }
        }
    }

    /// Whether code of the image is big-endian: not with EF_ARM_BE8.
    private static boolean isBigCode(ElfImage output) {
        return output.endian().isBig() && (output.fileHeader().flags() & Arm.EF_ARM_BE8) == 0;
    }

    private static boolean isMapping(String name) {
        return name.length() > 1 && name.charAt(0) == '$' && "atd".indexOf(name.charAt(1)) >= 0 && (name.length() == 2 || name.charAt(2) == '.');
    }

    /// Turns the code of a section, as the object has it and as the image does.
    void turnCode(int ndx, byte[] in, byte[] found) {
        long key = (long) ndx << 32;
        for (Map.Entry<Long, Character> run : runs.subMap(key, key + (1L << 32)).entrySet()) {
            Long next = runs.higherKey(run.getKey());
            int from = (int) Math.min(in.length, run.getKey() - key);
            int to = (int) Math.min(in.length, next == null ? Long.MAX_VALUE : next - key);
            int width = switch (run.getValue()) {
                case 'a' -> 4;
                case 't' -> 2;
                default -> 0;
            };
            for (int at = from; width > 0 && at + width <= to; at += width) {
                reverse(in, at, width);
                if (bigCode) {
                    reverse(found, at, width);
                }
            }
        }
    }

    /// Turns what a relocation changes in the data of a section.
    void turnSite(int ndx, byte[] bytes, int at, ArmRelocation type) {
        Map.Entry<Long, Character> run = runs.floorEntry((long) ndx << 32 | at);
        if (!big || run != null && run.getKey() >>> 32 == ndx && run.getValue() != 'd') {
            return;
        }
        reverse(bytes, at, type.width());
    }

    /// An instruction of the image, which was read little-endian. Of a Thumb one the second halfword is the upper one.
    int instruction(int word, boolean thumb) {
        int turned = Integer.reverseBytes(word);
        return !bigCode ? word : thumb ? turned >>> 16 | turned << 16 : turned;
    }

    private static void reverse(byte[] b, int at, int width) {
        if (width == 4) {
            LE.put32(b, at, Endian.BIG.i32(b, at));
        } else if (width == 2) {
            LE.put16(b, at, Endian.BIG.u16(b, at));
        }
    }
}
