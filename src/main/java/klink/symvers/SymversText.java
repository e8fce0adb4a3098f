package klink.symvers;

import java.util.BitSet;
import klink.resolve.Symbols;

/// The two texts that modpost writes of a kernel's exports: `vmlinux.symvers`, one line an export, which is what
/// modules are compiled against (620 KB for a defconfig), and `.vmlinux.export.c`.
public final class SymversText {
    private static final byte[] HEX = SymbolName.ascii("0123456789abcdef");

    private final Bytes out;

    private SymversText(int expected) {
        out = new Bytes(expected);
    }

    /// Lines `0xCRC TAB NAME TAB MODULE TAB EXPORT_SYMBOL[_GPL] TAB NAMESPACE`.
    /// @param used rows to write; null: all
    public static byte[] lines(Exports exports, Crcs crcs, BitSet used) {
        var text = new SymversText(64 * exports.count());
        byte[] plain = SymbolName.ascii("\t" + exports.module() + "\tEXPORT_SYMBOL\t");
        byte[] gpl = SymbolName.ascii("\t" + exports.module() + "\tEXPORT_SYMBOL_GPL\t");
        for (int i = 0; i < exports.count(); i++) {
            if (used != null && !used.get(i)) {
                continue;
            }
            text.hex(crcs.crc(i));
            text.out.add('\t');
            text.out.add(exports.nameTable(i), exports.nameOffset(i), exports.nameLength(i));
            text.out.add(exports.isGpl(i) ? gpl : plain);
            text.out.add(exports.namespaceBytes(i));
            text.out.add('\n');
        }
        return text.out.toArray();
    }

    /// The source of which kbuild compiles `.vmlinux.export.o`: for who wants to see it, or to leave it to the compiler.
    /// @param symbols resolved: what is a function and what is data
    /// @param used    rows to write; null: all
    /// @param crcs    null without CONFIG_MODVERSIONS
    public static byte[] source(Exports exports, Crcs crcs, Symbols symbols, BitSet used) {
        var text = new SymversText(64 * exports.count());
        text.add("#include <linux/export-internal.h>\n");
        if (exports.form().makesEntries()) {
            text.add("\n");
            for (int i = 0; i < exports.count(); i++) {
                if (used == null || used.get(i)) {
                    text.add(ExportChecks.isFunction(exports, i, symbols) ? "KSYMTAB_FUNC(" : "KSYMTAB_DATA(");
                    text.out.add(exports.nameTable(i), exports.nameOffset(i), exports.nameLength(i));
                    text.add(exports.isGpl(i) ? ", \"_gpl\", \"" : ", \"\", \"");
                    text.out.add(exports.namespaceBytes(i));
                    text.add("\");\n");
                }
            }
        }
        if (crcs != null) {
            text.add("\n");
            for (int i = 0; i < exports.count(); i++) {
                if (used == null || used.get(i)) {
                    text.add("SYMBOL_CRC(");
                    text.out.add(exports.nameTable(i), exports.nameOffset(i), exports.nameLength(i));
                    text.add(", ");
                    text.hex(crcs.crc(i));
                    text.add(exports.isGpl(i) ? ", \"_gpl\");\n" : ", \"\");\n");
                }
            }
        }
        return text.out.toArray();
    }

    private void add(String s) {
        out.add(SymbolName.ascii(s));
    }

    private void hex(int crc) {
        out.add('0');
        out.add('x');
        for (int shift = 28; shift >= 0; shift -= 4) {
            out.add(HEX[crc >>> shift & 15]);
        }
    }
}
