package klink.kallsyms;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import klink.kernel.Config;
import klink.kernel.KallsymsTable;
import klink.kernel.Kernel;
import klink.mem.Endian;
import klink.par.Par;
import klink.report.Report;

/// kallsyms: the kernel's own symbol table, one `.rodata` input section of tables that list every
/// symbol of the image it is part of (2.1 MB for 100,000 entries). The kernel's build links up to three
/// times because scripts/kallsyms.c takes names and addresses from a finished file. But the size of
/// every table follows from the names alone, so:
///
///     names    which symbols, the tokens, the order of names       -> sizes and labels: before layout
///     fill     the order of addresses, and the bytes               after layout
///
/// Entries are numbered twice. In here, entry k is the k-th *by name*; its number in the tables, its
/// *seq*, is its place by address.
public final class Kallsyms {
    /// What the configuration decides.
    ///
    /// @param all            KALLSYMS_ALL: every symbol, not just text
    /// @param absolutePercpu KALLSYMS_ABSOLUTE_PERCPU: percpu symbols get the letter A and plain values
    /// @param baseRelative   KALLSYMS_BASE_RELATIVE: 32-bit offsets instead of pointers
    /// @param ltoClang       LTO_CLANG
    /// @param wordSize       bytes of a pointer, 4 or 8; also the alignment of the labels
    public record Options(boolean all, boolean absolutePercpu, boolean baseRelative, boolean ltoClang, int wordSize) {
        public static Options of(Config config, Kernel kernel, int wordSize) {
            return new Options(config.has("CONFIG_KALLSYMS_ALL"), config.has("CONFIG_KALLSYMS_ABSOLUTE_PERCPU"),
                !kernel.mayBeAbsolute() || config.has("CONFIG_KALLSYMS_BASE_RELATIVE"), config.has("CONFIG_LTO_CLANG"), wordSize);
        }
    }

    /// Addresses that layout settles and [#fill] needs.
    ///
    /// @param text the value of `_text`; the ranges are `_stext`, `_etext`; `_sinittext`, `_einittext`;
    ///             `__per_cpu_start`, `__per_cpu_end`
    public record Bounds(long text, long stext, long etext, long sinittext, long einittext, long perCpuStart, long perCpuEnd) {
        boolean inText(long a) {
            return in(a, stext, etext) || in(a, sinittext, einittext);
        }

        boolean inPercpu(long a) {
            return in(a, perCpuStart, perCpuEnd);
        }

        private static boolean in(long a, long from, long to) {
            return Long.compareUnsigned(a, from) >= 0 && Long.compareUnsigned(a, to) <= 0;
        }
    }

    /// A global symbol that the section defines.
    public record Label(String name, int offset) {}

    private final Options options;
    private final Entries entries;
    private final Tokens tokens;
    private final byte[] tokenTable;
    private final int[] tokenOffset = new int[256];
    private final int namesSize;
    private final EnumMap<KallsymsTable, Integer> place = new EnumMap<>(KallsymsTable.class);
    private final List<Label> labels = new ArrayList<>();
    private final int size;

    private Kallsyms(Entries entries, Tokens tokens, Options options, Kernel kernel) {
        this.options = options;
        this.entries = entries;
        this.tokens = tokens;
        tokenTable = tokens.table(tokenOffset);
        namesSize = namesSize();
        int at = 0;
        for (KallsymsTable t : kernel.kallsymsOrder()) {
            KallsymsTable table = t == KallsymsTable.OFFSETS && !options.baseRelative ? KallsymsTable.ADDRESSES : t;
            if (table != KallsymsTable.RELATIVE_BASE || options.baseRelative) {
                at = at + options.wordSize - 1 & -options.wordSize;
                place.put(table, at);
                labels.add(new Label(table.label(), at));
                at += sizeOf(table);
            }
        }
        size = at;
    }

    /// Selects and names the entries, and compresses: everything that does not need addresses.
    ///
    /// @param listed   the symbols that mksysmap keeps: `nm.keptBy(kernel.systemMap())`
    /// @param inText   per symbol of `nm`: its address will be in `_stext .. _etext` or `_sinittext ..
    ///                 _einittext`, ends included, except symbols other than these exactly on `_etext` or
    ///                 `_einittext`. Unused, and may be null, with KALLSYMS_ALL
    /// @param inPercpu per symbol: its address will be in `__per_cpu_start .. __per_cpu_end`, ends
    ///                 included. Unused, and may be null, without KALLSYMS_ABSOLUTE_PERCPU
    /// @param threads  2 or more: names are sorted beside the compression
    public static Kallsyms names(NmList nm, int[] listed, boolean[] inText, boolean[] inPercpu, Options options, Kernel kernel,
                                 int threads, Report report) {
        var entries = Entries.select(nm, listed, inText, inPercpu, options, kernel, report);
        boolean cut = options.ltoClang && kernel.cutsLlvmSuffix();
        byte[] text = entries.text().clone();
        Tokens tokens;
        if (threads > 1) {
            var sorting = Par.compute("kallsyms-sort", () -> {
                entries.sort(cut);
                return null;
            });
            try {
                tokens = new Tokens(text);
            } finally {
                sorting.get();
            }
        } else {
            entries.sort(cut);
            tokens = new Tokens(text);
        }
        return new Kallsyms(entries, tokens, options, kernel);
    }

    /// The number of entries.
    public int count() {
        return entries.count();
    }

    /// Bytes of the section.
    public int size() {
        return size;
    }

    /// Alignment of the section, bytes.
    public int alignment() {
        return options.wordSize;
    }

    /// The symbols it defines, all global, in the order of their offsets.
    public List<Label> labels() {
        return Collections.unmodifiableList(labels);
    }

    private int sizeOf(KallsymsTable table) {
        int n = entries.count();
        return switch (table) {
            case OFFSETS -> Math.multiplyExact(4, n);
            case ADDRESSES -> Math.multiplyExact(options.wordSize, n);
            case RELATIVE_BASE -> options.wordSize;
            case NUM_SYMS -> 4;
            case NAMES -> namesSize;
            case MARKERS -> 4 * ((n + 255) / 256);
            case SEQS_OF_NAMES -> 3 * n;
            case TOKEN_TABLE -> tokenTable.length;
            case TOKEN_INDEX -> 512;
        };
    }

    /// One length byte per entry, two from 128 codes on (ULEB128).
    private int namesSize() {
        int n = entries.count();
        int bytes = entries.textBytes() - tokens.replaced() + n;
        for (int k = 0; k < n; k++) {
            if (entries.length(k) > 0x7f && tokens.encodedLength(entries.start(k), entries.length(k)) > 0x7f) {
                bytes++;
            }
        }
        return bytes;
    }

    /// How many words of the section hold an absolute address: a relocatable kernel has a relocation
    /// for each.
    public int relocationCount() {
        return options.baseRelative ? 1 : entries.count() - entries.percpuCount();
    }

    /// The finished section.
    ///
    /// @param bytes       its contents, [#size] bytes; absolute addresses are in place
    /// @param relocations offsets of the words that hold an absolute address
    /// @param base        the value of kallsyms_relative_base: `_text` plus a constant
    public record Filled(byte[] bytes, int[] relocations, long base) {}

    /// Writes the tables.
    ///
    /// @param address per symbol of the [NmList] given to [#names]: its final value, without a Thumb bit
    public Filled fill(long[] address, Bounds bounds, Endian endian, Report report) {
        return new Writer(entries, tokens, tokenTable, tokenOffset, options, place, size, endian).write(address, bounds, report);
    }
}
