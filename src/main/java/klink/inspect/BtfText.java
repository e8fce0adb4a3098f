package klink.inspect;

import java.io.PrintStream;
import java.nio.file.Path;

/// Prints types, each with its number: one line for a type and one for each of its parts, or C declarations.
public final class BtfText {
    private static final int SIGNED = 1;
    private static final int BOOL = 4;

    private final BtfTypes types;
    private final PrintStream out;

    private BtfText(BtfTypes types, PrintStream out) {
        this.types = types;
        this.out = out;
    }

    /// Prints the `.BTF` of a file.
    ///
    /// @param base         the file whose types these continue, which are not printed; null for none
    /// @param declarations as C: structs, unions, enums and typedefs that have names
    public static int run(Path file, Path base, boolean declarations, PrintStream out) {
        var text = new BtfText(BtfTypes.open(file, base == null ? null : BtfTypes.open(base)), out);
        for (int id = text.types.first(); id < text.types.count(); id++) {
            if (declarations) {
                text.declare(id);
            } else {
                text.raw(id);
            }
        }
        return 0;
    }

    private void raw(int id) {
        int kind = types.kind(id);
        var line = new StringBuilder("[").append(id).append("] ").append(BtfTypes.KINDS[kind]).append(' ').append(name(id));
        switch (kind) {
            case BtfTypes.INT -> line.append(" size=").append(types.sizeOrType(id)).append(" bits=").append(types.word(id, 0) & 0xff).append(encoding(types.word(id, 0) >>> 24));
            case BtfTypes.FLOAT, BtfTypes.STRUCT, BtfTypes.UNION, BtfTypes.ENUM, BtfTypes.ENUM64, BtfTypes.DATASEC -> line.append(" size=").append(types.sizeOrType(id));
            case BtfTypes.ARRAY -> line.append(" type=").append(types.word(id, 0)).append(" index=").append(types.word(id, 1)).append(" elements=").append(types.word(id, 2));
            case BtfTypes.FWD -> line.append(isFlagged(id) ? " union" : " struct");
            case BtfTypes.VAR -> line.append(" type=").append(types.sizeOrType(id)).append(types.word(id, 0) == 0 ? " static" : " global");
            case BtfTypes.DECL_TAG -> line.append(" type=").append(types.sizeOrType(id)).append(" part=").append((int) types.word(id, 0));
            default -> line.append(" type=").append(types.sizeOrType(id));
        }
        out.println(line);
        for (int i = 0, n = parts(kind, id); i < n; i++) {
            out.println(part(id, kind, i));
        }
    }

    private int parts(int kind, int id) {
        return switch (kind) {
            case BtfTypes.STRUCT, BtfTypes.UNION, BtfTypes.ENUM, BtfTypes.ENUM64, BtfTypes.FUNC_PROTO, BtfTypes.DATASEC -> types.vlen(id);
            default -> 0;
        };
    }

    private String part(int id, int kind, int i) {
        return "\t" + switch (kind) {
            case BtfTypes.STRUCT, BtfTypes.UNION -> text(types.word(id, 3L * i)) + " type=" + types.word(id, 3L * i + 1) + " bit=" + bit(id, i)
                    + (bits(id, i) == 0 ? "" : " bits=" + bits(id, i));
            case BtfTypes.ENUM -> text(types.word(id, 2L * i)) + " = " + value(id, i);
            case BtfTypes.ENUM64 -> text(types.word(id, 3L * i)) + " = " + value(id, i);
            case BtfTypes.FUNC_PROTO -> text(types.word(id, 2L * i)) + " type=" + types.word(id, 2L * i + 1);
            default -> "type=" + types.word(id, 3L * i) + " offset=" + types.word(id, 3L * i + 1) + " size=" + types.word(id, 3L * i + 2);
        };
    }

    private String value(int id, int i) {
        if (types.kind(id) == BtfTypes.ENUM64) {
            long v = types.word(id, 3L * i + 1) | types.word(id, 3L * i + 2) << 32;
            return isFlagged(id) ? Long.toString(v) : Long.toUnsignedString(v);
        }
        long v = types.word(id, 2L * i + 1);
        return Long.toString(isFlagged(id) ? (int) v : v);
    }

    private boolean isFlagged(int id) {
        return types.info(id) >>> 31 != 0;
    }

    private long bit(int id, int i) {
        long word = types.word(id, 3L * i + 2);
        return isFlagged(id) ? word & 0xff_ffff : word;
    }

    private long bits(int id, int i) {
        return isFlagged(id) ? types.word(id, 3L * i + 2) >>> 24 : 0;
    }

    private static String encoding(long e) {
        return e == SIGNED ? " signed" : e == BOOL ? " bool" : "";
    }

    private String name(int id) {
        return text(types.nameOffset(id));
    }

    private String text(long offset) {
        if (!types.isString(offset)) {
            return "?";
        }
        String s = types.string(offset);
        return s.isEmpty() ? "(anon)" : s;
    }

    private void declare(int id) {
        int kind = types.kind(id);
        if (types.name(id).isEmpty()) {
            return;
        }
        switch (kind) {
            case BtfTypes.STRUCT, BtfTypes.UNION, BtfTypes.ENUM, BtfTypes.ENUM64 -> out.println(body(id, "", 0) + ";\n");
            case BtfTypes.FWD -> out.println((isFlagged(id) ? "union " : "struct ") + name(id) + ";\n");
            case BtfTypes.TYPEDEF -> out.println("typedef " + declaration(types.sizeOrType(id), name(id), "", 0) + ";\n");
            default -> { }
        }
    }

    /// How deep types without names may be nested in what is printed.
    private static final int DEEPEST = 64;

    private String body(int id, String indent, int depth) {
        int kind = types.kind(id);
        String word = kind == BtfTypes.STRUCT ? "struct" : kind == BtfTypes.UNION ? "union" : "enum";
        var text = new StringBuilder(word).append(types.name(id).isEmpty() ? "" : " " + name(id)).append(" {\n");
        for (int i = 0; i < types.vlen(id); i++) {
            text.append(indent).append('\t');
            if (word.equals("enum")) {
                text.append(text(types.word(id, (kind == BtfTypes.ENUM ? 2L : 3L) * i))).append(" = ").append(value(id, i)).append(",\n");
            } else {
                String member = types.isString(types.word(id, 3L * i)) ? types.string(types.word(id, 3L * i)) : "?";
                text.append(declaration(types.word(id, 3L * i + 1), member, indent + "\t", depth + 1));
                text.append(bits(id, i) == 0 ? "" : ": " + bits(id, i)).append(";\n");
            }
        }
        return text.append(indent).append('}').toString();
    }

    /// C's way to declare `name`, inside out.
    private String declaration(long type, String name, String indent, int depth) {
        if (type == 0) {
            return space("void", name);
        }
        if (type >= types.count() || depth > DEEPEST) {
            return space("?", name);
        }
        int id = (int) type;
        return switch (types.kind(id)) {
            case BtfTypes.PTR -> {
                int to = (int) Math.min(types.sizeOrType(id), types.count());
                int kind = to < types.count() ? types.kind(to) : 0;
                yield declaration(to, kind == BtfTypes.ARRAY || kind == BtfTypes.FUNC_PROTO ? "(*" + name + ")" : "*" + name, indent, depth + 1);
            }
            case BtfTypes.CONST -> qualified("const", id, name, indent, depth);
            case BtfTypes.VOLATILE -> qualified("volatile", id, name, indent, depth);
            case BtfTypes.RESTRICT -> qualified("restrict", id, name, indent, depth);
            case BtfTypes.TYPE_TAG -> declaration(types.sizeOrType(id), name, indent, depth + 1);
            case BtfTypes.ARRAY -> declaration(types.word(id, 0), name + "[" + (types.word(id, 2) == 0 ? "" : types.word(id, 2)) + "]", indent, depth + 1);
            case BtfTypes.FUNC_PROTO -> declaration(types.sizeOrType(id), name + parameters(id, depth), indent, depth + 1);
            case BtfTypes.STRUCT, BtfTypes.UNION, BtfTypes.ENUM, BtfTypes.ENUM64 -> space(types.name(id).isEmpty() ? body(id, indent, depth) : tag(id), name);
            case BtfTypes.FWD -> space((isFlagged(id) ? "union " : "struct ") + name(id), name);
            default -> space(name(id), name);
        };
    }

    /// A qualifier stands behind the star of the pointer it is about, before anything else.
    private String qualified(String word, int id, String name, String indent, int depth) {
        long to = types.sizeOrType(id);
        boolean pointer = to != 0 && to < types.count() && types.kind((int) to) == BtfTypes.PTR;
        return pointer ? declaration(to, space(word, name), indent, depth + 1) : word + " " + declaration(to, name, indent, depth + 1);
    }

    private String tag(int id) {
        int kind = types.kind(id);
        return (kind == BtfTypes.STRUCT ? "struct " : kind == BtfTypes.UNION ? "union " : "enum ") + name(id);
    }

    private String parameters(int id, int depth) {
        var text = new StringBuilder("(");
        for (int i = 0; i < types.vlen(id); i++) {
            long type = types.word(id, 2L * i + 1);
            String name = types.isString(types.word(id, 2L * i)) ? types.string(types.word(id, 2L * i)) : "?";
            text.append(i > 0 ? ", " : "").append(type == 0 && name.isEmpty() ? "..." : declaration(type, name, "", depth + 1));
        }
        return text.append(types.vlen(id) == 0 ? "void)" : ")").toString();
    }

    private static String space(String type, String name) {
        return name.isEmpty() ? type : name.startsWith("[") ? type + name : type + " " + name;
    }
}
