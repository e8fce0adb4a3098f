package klink.btf;

import klink.mem.IntList;

/// The variables that get types, and the sections of the image that they are in: of those that the units have, the ones that pahole
/// would take.
final class ChosenVariables {
    private static final int LINKAGE_STATIC = 0;
    private static final int LINKAGE_GLOBAL = 1;

    private final UnitShapes[] workers;
    private final MergedShapes shapes;
    private final BtfBuilder builder;
    private final VariableSymbols symbols;
    private final BtfEncoder.Places places;
    private final boolean isRecent;
    private final boolean isWanted;
    /// With variables of all sections: the places that have one already.
    private final LongMap taken;

    /// By variable: who read it, as which; its type; name and bytes; the section it is in.
    private final IntList worker = new IntList();
    private final IntList index = new IntList();
    private final IntList type = new IntList();
    private final IntList name = new IntList();
    private final IntList size = new IntList();
    private final IntList section = new IntList();

    ChosenVariables(UnitShapes[] workers, MergedShapes shapes, BtfBuilder builder, VariableSymbols symbols, BtfEncoder.Places places, BtfOptions options) {
        this.workers = workers;
        this.shapes = shapes;
        this.builder = builder;
        this.symbols = symbols;
        this.places = places;
        isRecent = options.isRecent();
        taken = options.has(BtfFeature.GLOBAL_VAR) ? new LongMap(1 << 14) : null;
        isWanted = options.has(BtfFeature.VAR) || options.has(BtfFeature.GLOBAL_VAR);
    }

    /// Looks at a variable of the unit that `builder` looks from.
    void take(int w, int i) {
        Variables own = workers[w].variables;
        int file = own.file.get(i);
        long address = own.address.get(i);
        long its = own.type.get(i);
        int in = isWanted && its != Shapes.VOID ? places.section(file, address) : 0;
        if (in == 0) {
            return;
        }
        if (isRecent) {
            long offset = places.offset(file, address);
            // What is at the start of a section may have been discarded instead: then it has no symbol there.
            if (offset == 0 && !symbols.hasNamed(in, own.nameHash.get(i), places)) {
                return;
            }
            if (taken != null && !isAlone(in, offset, own.size.get(i), file, address)) {
                return;
            }
            name.add(shapes.mergedName[w][own.name.get(i)]);
            size.add(own.size.get(i));
        } else {
            int symbol = symbols.find(file, address);
            if (symbol < 0 || symbols.isZero(symbol) && own.nameHash.get(i) != symbols.hash(symbol)) {
                return;
            }
            name.add(symbols.name(symbol, shapes.names));
            size.add(symbols.size(symbol));
        }
        worker.add(w);
        index.add(i);
        type.add(builder.number(shapes.merged[w][workers[w].shapes.find(its)]));
        section.add(in);
    }

    /// Whether nothing else is where a variable would be. pahole 1.30 has variables there that overlap, and the kernel then refuses all types
    /// (btf_datasec_resolve): a weak one beside the one that replaced it; and with Clang constants with the same contents, and numbers that are only
    /// ever 0 or 1 and got a single byte.
    private boolean isAlone(int in, long offset, int bytes, int file, long address) {
        long key = (offset << Short.SIZE | in) * 0x9e37_79b9_7f4a_7c15L;
        if (taken.get(key) >= 0 || !symbols.isRoomFor(bytes & 0xffff_ffffL, file, address)) {
            return false;
        }
        taken.put(key, in);
        return true;
    }

    /// Adds them, with their tags, and writes all types.
    ///
    /// @param types      number of the last type that is not added
    /// @param arrayIndex number of the type that array indices have
    BtfEncoder.Btf write(int types, int arrayIndex) {
        int n = name.size();
        var sections = new IntList();
        var sectionNames = new IntList();
        var counts = new IntList();
        var ndx = new LongMap(16);
        var file = new int[n];
        var address = new long[n];
        var number = new int[n];
        var in = new int[n];
        for (int i = 0; i < n; i++) {
            Variables own = workers[worker.get(i)].variables;
            int at = index.get(i);
            number[i] = types + 1 + builder.add(BtfReader.KIND_VAR, name.get(i), type.get(i), own.external.get(at) != 0 ? LINKAGE_GLOBAL : LINKAGE_STATIC);
            file[i] = own.file.get(at);
            address[i] = own.address.get(at);
            builder.tags(workers[worker.get(i)].variableTags, at, shapes.mergedName[worker.get(i)], number[i]);
            int s = section.get(i);
            if (ndx.get(s) < 0) {
                ndx.put(s, sections.size());
                sections.add(s);
                byte[] text = (places.name(s) + "\0").getBytes(java.nio.charset.StandardCharsets.UTF_8);
                sectionNames.add(shapes.names.intern(klink.dwarf.TypeReader.hash(text, 0), text, 0));
                counts.add(0);
            }
            in[i] = ndx.get(s);
            counts.set(in[i], counts.get(in[i]) + 1);
        }
        int[] starts = new int[sections.size()];
        byte[] bytes = builder.write(arrayIndex, sectionNames.toArray(), counts.toArray(), starts);
        return new BtfEncoder.Btf(bytes, starts, in, file, address, number, size.toArray());
    }
}
