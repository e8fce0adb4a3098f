package klink.symvers;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import klink.check.Violation;
import klink.input.ObjectFile;
import klink.mem.IntList;
import klink.par.Par;
import klink.report.Finding;

/// The checksums of exported symbols' types (CONFIG_MODVERSIONS), by which the kernel refuses modules that were compiled for
/// another one. genksyms has left them, as lines `#SYMVER NAME 0xCRC`, in the file `.OBJECT.cmd` beside each object, behind
/// what make wants to know of it: a list of headers, some 40 KB. Only ends of these files are read.
public final class Crcs {
    private static final byte[] LINE = SymbolName.ascii("\n#SYMVER ");
    /// scripts/basic/fixdep.c ends its part of the file with a line that starts so; checksums follow it.
    private static final byte[] DEPENDENCIES_END = SymbolName.ascii("\n$(deps_");
    private static final int TAIL = 1024;

    private final Exports exports;
    private final int[] crc;
    private final BitSet known = new BitSet();
    private final List<Violation> violations = new ArrayList<>();

    private Crcs(Exports exports) {
        this.exports = exports;
        crc = new int[exports.count()];
    }

    /// No checksums: 0 for all, and none is missed.
    public static Crcs none(Exports exports) {
        return new Crcs(exports);
    }

    /// Reads the checksums of `exports`.
    /// @param objects paths of all objects that were linked, in order
    /// @param threads how many may read
    public static Crcs read(Exports exports, List<String> objects, int threads) {
        var crcs = new Crcs(exports);
        var exporting = new HashSet<String>();
        for (int i = 0; i < exports.count(); i++) {
            exporting.add(exports.file(i).name());
        }
        var first = new ArrayList<String>();
        var rest = new ArrayList<String>();
        for (String o : objects) {
            (exporting.contains(o) ? first : rest).add(o);
        }
        crcs.read(first, threads);
        if (crcs.known.cardinality() < exports.count()) {
            crcs.read(rest, threads); // also the way of a merged vmlinux.o, which has none itself
        }
        crcs.missing();
        return crcs;
    }

    private void read(List<String> objects, int threads) {
        var found = new Lines[objects.size()];
        Par.loop(found.length, threads, (i, _) -> found[i] = Lines.of(commandFile(objects.get(i))));
        for (Lines lines : found) {
            if (lines.problem != null) {
                violations.add(new Violation("no-command-file", Finding.Severity.ERROR, lines.problem, null, null, List.of(),
                        List.of("checksums of exports (CONFIG_MODVERSIONS) stand in these files, which make leaves beside each object")));
                continue;
            }
            for (int l = 0; l < lines.at.size(); l += 3) {
                int row = exports.find(lines.bytes, lines.at.get(l), lines.at.get(l + 1));
                if (row >= 0) { // others are of exports that were trimmed
                    crc[row] = lines.at.get(l + 2);
                    known.set(row);
                }
            }
        }
    }

    private void missing() {
        for (int i = known.nextClearBit(0); i < exports.count(); i = known.nextClearBit(i + 1)) {
            violations.add(new Violation("export-without-crc", Finding.Severity.WARNING, "EXPORT symbol \"" + exports.name(i) + "\" [" + exports.module()
                    + (exports.isVmlinux() ? "" : ".ko") + "] version generation failed, symbol will not be versioned.\nIs \"" + exports.name(i)
                    + "\" prototyped in <asm/asm-prototypes.h>?", exports.end(i), null));
        }
    }

    /// Where the checksums of an object are: `drivers/.a.o.cmd` of `drivers/a.o`.
    public static String commandFile(String object) {
        int slash = object.lastIndexOf('/');
        return object.substring(0, slash + 1) + "." + object.substring(slash + 1) + ".cmd";
    }

    /// The checksum of an export; 0 if there is none.
    public int crc(int row) {
        return crc[row];
    }

    /// Exports without checksum, in modpost's words, and files that cannot be read.
    public List<Violation> violations() {
        return List.copyOf(violations);
    }

    /// The checksums of one object.
    private static final class Lines {
        byte[] bytes = {};
        /// Three each: offset and length of the name in [#bytes], checksum.
        final IntList at = new IntList(4);
        String problem;

        static Lines of(String path) {
            var lines = new Lines();
            try (var file = new RandomAccessFile(path, "r")) {
                lines.bytes = tail(file);
                lines.parse();
            } catch (FileNotFoundException _) {
                lines.problem = path + ": No such file or directory";
            } catch (IOException e) {
                lines.problem = path + ": " + e.getMessage();
            }
            return lines;
        }

        /// All behind the last line of fixdep; the whole file if there is none.
        private static byte[] tail(RandomAccessFile file) throws IOException {
            long size = file.length();
            if (size > Integer.MAX_VALUE - 8) {
                throw new IOException("file of " + size + " bytes is too large");
            }
            for (long want = TAIL; ; want *= 4) {
                int n = (int) Math.min(want, size);
                var bytes = new byte[n];
                file.seek(size - n);
                file.readFully(bytes);
                if (n == size || find(bytes, 0, DEPENDENCIES_END) >= 0) {
                    return bytes;
                }
            }
        }

        private static int find(byte[] bytes, int from, byte[] what) {
            for (int i = from; i + what.length <= bytes.length; i++) {
                if (bytes[i] == '\n') {
                    int k = 1;
                    while (k < what.length && bytes[i + k] == what[k]) {
                        k++;
                    }
                    if (k == what.length) {
                        return i;
                    }
                }
            }
            return -1;
        }

        private void parse() {
            for (int p = find(bytes, 0, LINE); p >= 0; p = find(bytes, p, LINE)) {
                int name = p + LINE.length;
                p = name;
                while (p < bytes.length && bytes[p] != ' ') {
                    p++;
                }
                int length = p++ - name;
                if (p < bytes.length && bytes[p] >= '0' && bytes[p] <= '9') {
                    p = number(name, length, p);
                }
                if (p >= bytes.length) {
                    break;
                }
            }
        }

        /// A number as C writes it, that a line end must follow; the place behind it.
        private int number(int name, int length, int p) {
            int radix = bytes[p] != '0' ? 10 : p + 1 < bytes.length && (bytes[p + 1] | 0x20) == 'x' ? 16 : 8;
            p += radix == 16 ? 2 : 0;
            long value = 0;
            for (int digit; p < bytes.length && (digit = Character.digit(bytes[p], radix)) >= 0; p++) {
                value = value * radix + digit;
            }
            if (p < bytes.length && bytes[p] == '\n') {
                at.add(name);
                at.add(length);
                at.add((int) value);
            }
            return p;
        }
    }
}
