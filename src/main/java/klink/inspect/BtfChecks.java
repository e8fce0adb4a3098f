package klink.inspect;

import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import klink.inspect.ElfImage.Section;

/// BTF, and the `.BTF_ids` that kernel code refers to it by. The kernel checks little of its own BTF at
/// boot; a wrong id shows much later, when the verifier rejects a program.
final class BtfChecks {
    private static final String PREFIX = "__BTF_ID__";

    private final ElfImage image;
    private final CheckList checks;

    BtfChecks(ElfImage image, CheckList checks) {
        this.image = image;
        this.checks = checks;
    }

    void run() {
        Section s = image.section(".BTF").orElse(null);
        if (s == null || !s.hasBytes() || s.size() == 0) {
            checks.none("btf", "no .BTF");
            ids(null);
            return;
        }
        var types = BtfTypes.read(image, s);
        checks.ok("btf", histogram(types, s.size()));
        checks.result("btf.references", wrongReference(types), "every type id and name offset is valid");
        checks.result("btf.percpu", wrongVariable(types), "variables are where the symbols say");
        ids(types);
    }

    private static String histogram(BtfTypes types, long size) {
        var counts = new int[BtfTypes.KINDS.length];
        for (int id = 1; id < types.count(); id++) {
            counts[types.kind(id)]++;
        }
        var sb = new StringBuilder(String.format(Locale.ROOT, "%,d bytes, %,d types:", size, types.count() - 1));
        for (int kind = 1; kind < counts.length; kind++) {
            if (counts[kind] > 0) {
                sb.append(' ').append(BtfTypes.KINDS[kind]).append(' ').append(counts[kind]);
            }
        }
        return sb.toString();
    }

    private static String wrongReference(BtfTypes t) {
        for (int id = 1; id < t.count(); id++) {
            String wrong = t.isString(t.nameOffset(id)) ? wrongReference(t, id) : "has its name outside the strings";
            if (wrong != null) {
                return "type " + id + " (" + BtfTypes.KINDS[t.kind(id)] + ") " + wrong;
            }
        }
        return null;
    }

    private static String wrongReference(BtfTypes t, int id) {
        return switch (t.kind(id)) {
            case BtfTypes.PTR, BtfTypes.TYPEDEF, BtfTypes.VOLATILE, BtfTypes.CONST, BtfTypes.RESTRICT, BtfTypes.VAR, BtfTypes.DECL_TAG,
                BtfTypes.TYPE_TAG -> type(t, t.sizeOrType(id));
            case BtfTypes.FUNC -> type(t, t.sizeOrType(id)) != null ? type(t, t.sizeOrType(id))
                    : t.kind((int) t.sizeOrType(id)) != BtfTypes.FUNC_PROTO ? "is not of a FUNC_PROTO" : null;
            case BtfTypes.ARRAY -> type(t, t.word(id, 0)) != null ? type(t, t.word(id, 0)) : type(t, t.word(id, 1));
            case BtfTypes.STRUCT, BtfTypes.UNION -> members(t, id, 3, 1, true);
            case BtfTypes.ENUM -> members(t, id, 2, -1, true);
            case BtfTypes.ENUM64 -> members(t, id, 3, -1, true);
            case BtfTypes.FUNC_PROTO -> type(t, t.sizeOrType(id)) != null ? type(t, t.sizeOrType(id)) : members(t, id, 2, 1, true);
            case BtfTypes.DATASEC -> variables(t, id);
            default -> null;
        };
    }

    private static String type(BtfTypes t, long id) {
        return id < t.count() ? null : "refers to type " + id + " of " + (t.count() - 1);
    }

    /// Entries of `words` words, of which the first is a name and `typeWord` a type id.
    private static String members(BtfTypes t, int id, int words, int typeWord, boolean named) {
        for (int i = 0; i < t.vlen(id); i++) {
            long at = (long) words * i;
            if (named && !t.isString(t.word(id, at))) {
                return "has member " + i + " with its name outside the strings";
            }
            if (typeWord >= 0 && type(t, t.word(id, at + typeWord)) != null) {
                return type(t, t.word(id, at + typeWord)) + " in member " + i;
            }
        }
        return null;
    }

    private static String variables(BtfTypes t, int id) {
        long end = 0;
        for (int i = 0; i < t.vlen(id); i++) {
            long variable = t.word(id, 3L * i);
            if (type(t, variable) != null || t.kind((int) variable) != BtfTypes.VAR) {
                return "entry " + i + " is not a variable";
            }
            if (t.word(id, 3L * i + 1) < end) {
                return "entry " + i + ", " + t.name((int) variable) + ", is below the one before it";
            }
            end = t.word(id, 3L * i + 1);
        }
        return null;
    }

    /// DATASEC offsets are the only addresses in BTF: they must be those of the symbols.
    private String wrongVariable(BtfTypes t) {
        var symbols = image.symbols();
        for (int id = 1; id < t.count(); id++) {
            if (t.kind(id) != BtfTypes.DATASEC || variables(t, id) != null) {
                continue;
            }
            Section s = image.section(t.name(id)).orElse(null);
            if (s == null) {
                return "DATASEC " + t.name(id) + " is not a section";
            }
            Set<String> places = new HashSet<>();
            for (int i = 1; i < symbols.count(); i++) {
                if (symbols.shndx(i) == s.ndx()) {
                    places.add(symbols.name(i) + "@" + (symbols.value(i) - s.address()));
                }
            }
            for (int i = 0; i < t.vlen(id); i++) {
                String place = t.name((int) t.word(id, 3L * i)) + "@" + t.word(id, 3L * i + 1);
                if (!places.contains(place)) {
                    return "variable " + place.replace("@", " at offset ") + " of " + s.name() + " is no symbol there";
                }
            }
        }
        return null;
    }

    /// Ids filled in by resolve_btfids: `types` is null if the image has no BTF, and then all must be 0.
    private void ids(BtfTypes types) {
        Section s = image.section(".BTF_ids").orElse(null);
        if (s == null || !s.hasBytes() || s.size() == 0) {
            checks.none("btf-ids", "no .BTF_ids");
            return;
        }
        var symbols = image.symbols();
        var inSet = setRanges(symbols, s);
        int total = 0;
        int filled = 0;
        String wrong = null;
        for (int i = 1; i < symbols.count() && wrong == null; i++) {
            if (symbols.shndx(i) != s.ndx() || !symbols.name(i).startsWith(PREFIX)) {
                continue;
            }
            String[] parts = parts(symbols.name(i));
            long at = symbols.value(i) - s.address();
            if (parts == null || at < 0 || at > s.size() - 4) {
                wrong = symbols.name(i) + " is not an id in .BTF_ids";
            } else if (parts[0].startsWith("set")) {
                wrong = wrongSet(s, at, symbols.size(i), parts, types != null);
            } else {
                long id = id(types, s, at, inSet.floorEntry(at), parts);
                total++;
                filled += id == 0 ? 0 : 1;
                wrong = types == null ? id == 0 ? null : parts[1] + " has id " + id + ", but there is no BTF" : wrongId(types, id, parts);
            }
        }
        if (wrong == null && types != null && total > 0 && filled == 0) {
            wrong = "none of " + total + " ids is filled in";
        }
        checks.result("btf-ids", wrong, total + " ids, " + filled + " filled in");
    }

    /// Where each set starts, with the range of its entries and their stride.
    private static TreeMap<Long, long[]> setRanges(ElfSymbols symbols, Section s) {
        var ranges = new TreeMap<Long, long[]>();
        for (int i = 1; i < symbols.count(); i++) {
            if (symbols.shndx(i) == s.ndx() && symbols.name(i).startsWith(PREFIX + "set")) {
                long unit = symbols.name(i).startsWith("8", PREFIX.length() + 3) ? 8 : 4;
                long at = symbols.value(i) - s.address();
                ranges.put(at, new long[] {at + unit, Math.min(s.size() - 3, at + Math.min(symbols.size(i), s.size())), unit});
            }
        }
        return ranges;
    }

    /// The id at `at`. Where that lies in a set, whose entries were sorted after they were filled in, the
    /// symbol's own id is anywhere in the set: the one that fits it, if there is one.
    private long id(BtfTypes types, Section s, long at, Map.Entry<Long, long[]> set, String[] parts) {
        long own = image.endian().u32(image.data(), s.fileOffset() + at);
        if (types == null || set == null || at >= set.getValue()[1]) {
            return own;
        }
        long[] range = set.getValue();
        for (long o = range[0]; o < range[1]; o += range[2]) {
            long id = image.endian().u32(image.data(), s.fileOffset() + o);
            if (id != 0 && wrongId(types, id, parts) == null) {
                return id;
            }
        }
        long least = image.endian().u32(image.data(), s.fileOffset() + range[0]);
        return least == 0 ? 0 : own;
    }

    /// Kind and name out of `__BTF_ID__KIND__NAME__UNIQUE`; sets have no UNIQUE.
    private static String[] parts(String symbol) {
        int kindEnd = symbol.indexOf("__", PREFIX.length());
        if (kindEnd < 0) {
            return null;
        }
        String kind = symbol.substring(PREFIX.length(), kindEnd);
        int end = kind.startsWith("set") ? symbol.length() : symbol.lastIndexOf("__");
        return end < kindEnd + 2 ? null : new String[] {kind, symbol.substring(kindEnd + 2, end)};
    }

    /// 0 stands for a name that BTF does not have; resolve_btfids only warns of it.
    private static String wrongId(BtfTypes types, long id, String[] parts) {
        if (id == 0) {
            return null;
        }
        if (id >= types.count()) {
            return parts[1] + " has id " + id + " of " + (types.count() - 1);
        }
        int kind = switch (parts[0]) {
            case "struct" -> BtfTypes.STRUCT;
            case "union" -> BtfTypes.UNION;
            case "typedef" -> BtfTypes.TYPEDEF;
            case "func" -> BtfTypes.FUNC;
            default -> -1;
        };
        return types.kind((int) id) == kind && types.name((int) id).equals(parts[1]) ? null
                : parts[0] + " " + parts[1] + " has id " + id + ", which is " + BtfTypes.KINDS[types.kind((int) id)] + " " + types.name((int) id);
    }

    /// A set: a count, then sorted ids; in a set8 every id is followed by flags.
    private String wrongSet(Section s, long at, long size, String[] parts, boolean filledIn) {
        int unit = parts[0].equals("set8") ? 8 : 4;
        if (size < unit || size % unit != 0 || size > s.size() - at) {
            return parts[0] + " " + parts[1] + " has a size of " + size + " bytes";
        }
        long count = image.endian().u32(image.data(), s.fileOffset() + at);
        if (!filledIn) {
            return count == 0 ? null : "set " + parts[1] + " is filled in, but there is no BTF";
        }
        if (count != size / unit - 1) {
            return "set " + parts[1] + " says " + count + " ids, but has room for " + (size / unit - 1);
        }
        long last = 0;
        for (long i = 1; i <= count; i++) {
            long id = image.endian().u32(image.data(), s.fileOffset() + at + i * unit);
            if (id < last) {
                return "set " + parts[1] + " is not sorted";
            }
            last = id;
        }
        return null;
    }
}
