package klink.btf;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import klink.mem.IntList;
import klink.mem.LE;

/// A module's types with as much of the kernel's as they need: `.BTF.base`, for modules that are built apart from the kernel they
/// will be loaded into (`--btf_features=distilled_base`, Linux 6.11 and later). Of what the module refers to, the base has names and sizes only;
/// the kernel looks up what it has under that name and renumbers the module's references when it loads the module (btf_relocate in its
/// btf.c). What has no name, or is made of other types, becomes a type of the module.
///
/// What goes where is libbpf's choice (btf__distill_base).
public final class DistilledBase {
    private static final int HEADER_SIZE = 24;
    private static final int MAGIC = 0xeb9f;

    private final BtfReader types;
    private final int first;
    /// By id in the kernel's and the module's types: the new id, 0 for what is not needed.
    private final int[] numbers;
    private final Part base = new Part(null);
    private final Part module = new Part(base);

    /// @param types the module's
    /// @param base  the kernel's, which they continue
    public DistilledBase(BtfReader types, BtfReader base) {
        this.types = types;
        first = base.lastId() + 1;
        numbers = new int[types.lastId() + 1];
        mark();
        int next = 1;
        for (int pass = 0; pass < 2; pass++) {
            for (int id = 1; id < first; id++) {
                if (numbers[id] != 0 && isForBase(id) == (pass == 0)) {
                    numbers[id] = next++;
                }
            }
        }
        for (int id = first; id < numbers.length; id++) {
            numbers[id] = next++;
        }
        write();
    }

    /// The contents of `.BTF.base`, to stand alone.
    public byte[] base() {
        return base.bytes();
    }

    /// The contents of `.BTF`, which continue those of [#base].
    public byte[] module() {
        return module.bytes();
    }

    /// Marks what the module's types refer to, and what that refers to unless it is known by its name.
    private void mark() {
        var work = new IntList();
        for (int id = first; id < numbers.length; id++) {
            mark(id, work);
        }
        for (int done = 0; done < work.size(); done++) {
            int id = work.get(done);
            if (!(isTagged(id) && types.nameOffset(id) != 0)) {
                mark(id, work);
            }
        }
    }

    private void mark(int id, IntList work) {
        int[] at = references(types.kind(id), types.count(id));
        for (int word : at) {
            int to = types.word(id, word);
            if (to > 0 && to < first && numbers[to] == 0) {
                numbers[to] = -1;
                work.add(to);
            }
        }
    }

    /// A struct, union or enum.
    private boolean isTagged(int id) {
        return switch (types.kind(id)) {
            case BtfReader.KIND_STRUCT, BtfReader.KIND_UNION, BtfReader.KIND_ENUM, BtfReader.KIND_ENUM64 -> true;
            default -> false;
        };
    }

    private boolean isForBase(int id) {
        return switch (types.kind(id)) {
            case BtfReader.KIND_INT, BtfReader.KIND_FLOAT, BtfReader.KIND_FWD -> true;
            default -> isTagged(id) && types.nameOffset(id) != 0;
        };
    }

    /// Words of a record that hold types.
    private static int[] references(int kind, int count) {
        return switch (kind) {
            case BtfReader.KIND_PTR, BtfReader.KIND_TYPEDEF, BtfReader.KIND_VOLATILE, BtfReader.KIND_CONST, BtfReader.KIND_RESTRICT, BtfReader.KIND_FUNC, BtfReader.KIND_VAR,
                    BtfReader.KIND_DECL_TAG, BtfReader.KIND_TYPE_TAG -> new int[] {2};
            case BtfReader.KIND_ARRAY -> new int[] {3, 4};
            case BtfReader.KIND_STRUCT, BtfReader.KIND_UNION -> every(0, 4, 3, count);
            case BtfReader.KIND_DATASEC -> every(0, 3, 3, count);
            case BtfReader.KIND_FUNC_PROTO -> every(1, 4, 2, count);
            default -> new int[0];
        };
    }

    /// Words of a record that hold names of parts.
    private static int[] partNames(int kind, int count) {
        return switch (kind) {
            case BtfReader.KIND_STRUCT, BtfReader.KIND_UNION, BtfReader.KIND_ENUM64 -> every(0, 3, 3, count);
            case BtfReader.KIND_ENUM, BtfReader.KIND_FUNC_PROTO -> every(0, 3, 2, count);
            default -> new int[0];
        };
    }

    /// @param own how many words of the record itself come first: its third one, or none
    private static int[] every(int own, int start, int step, int count) {
        var words = new int[own + count];
        if (own > 0) {
            words[0] = 2;
        }
        for (int i = 0; i < count; i++) {
            words[own + i] = start + step * i;
        }
        return words;
    }

    private void write() {
        for (int id = 1; id < first; id++) {
            if (numbers[id] > 0 && isForBase(id)) {
                if (isTagged(id)) {
                    boolean isEnum = types.kind(id) == BtfReader.KIND_ENUM || types.kind(id) == BtfReader.KIND_ENUM64;
                    base.words.add(base.text(id, types.nameOffset(id)));
                    base.words.add((isEnum ? BtfReader.KIND_ENUM : types.kind(id)) << 24);
                    base.words.add(types.word(id, 2));
                } else {
                    copy(id, base);
                }
            }
        }
        for (int id = 1; id < numbers.length; id++) {
            if (id >= first || numbers[id] > 0 && !isForBase(id)) {
                copy(id, module);
            }
        }
    }

    private void copy(int id, Part to) {
        int n = types.length(id);
        var record = new int[n];
        for (int w = 0; w < n; w++) {
            record[w] = types.word(id, w);
        }
        for (int w : references(types.kind(id), types.count(id))) {
            record[w] = record[w] > 0 && record[w] < numbers.length ? numbers[record[w]] : record[w];
        }
        record[0] = to.text(id, record[0]);
        for (int w : partNames(types.kind(id), types.count(id))) {
            record[w] = to.text(id, record[w]);
        }
        for (int word : record) {
            to.words.add(word);
        }
    }

    /// One of the two sections.
    private final class Part {
        private final Part before;
        private final IntList words = new IntList();
        private final Map<String, Integer> offsets = new HashMap<>();
        private final ByteArrayOutputStream strings = new ByteArrayOutputStream();

        Part(Part before) {
            this.before = before;
            if (before == null) {
                strings.write(0);
            }
        }

        private int text(int id, int offset) {
            if (offset == 0) {
                return 0;
            }
            String name = types.string(id, offset);
            if (before != null && before.offsets.containsKey(name)) {
                return before.offsets.get(name);
            }
            Integer known = offsets.get(name);
            if (known == null) {
                known = (before == null ? 0 : before.strings.size()) + strings.size();
                offsets.put(name, known);
                strings.writeBytes((name + "\0").getBytes(StandardCharsets.ISO_8859_1));
            }
            return known;
        }

        byte[] bytes() {
            int typesSize = 4 * words.size();
            byte[] all = new byte[HEADER_SIZE + typesSize + strings.size()];
            LE.put16(all, 0, MAGIC);
            all[2] = 1;
            LE.put32(all, 4, HEADER_SIZE);
            LE.put32(all, 12, typesSize);
            LE.put32(all, 16, typesSize);
            LE.put32(all, 20, strings.size());
            for (int i = 0; i < words.size(); i++) {
                LE.put32(all, HEADER_SIZE + 4 * i, words.get(i));
            }
            System.arraycopy(strings.toByteArray(), 0, all, HEADER_SIZE + typesSize, strings.size());
            return all;
        }
    }
}
