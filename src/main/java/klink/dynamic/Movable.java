package klink.dynamic;

import klink.input.ObjectFile;
import klink.layout.Addresses;
import klink.par.Par;
import klink.place.Placement;
import klink.resolve.Symbols;

/// Which symbols have an address that moves with the image when it is loaded elsewhere: what is defined in one of
/// its sections, by an object or by the script. Absolute symbols do not move, and an undefined weak one stays 0.
///
/// It follows from names and sections alone, so an early layout gives the same answer as the final one.
public final class Movable {
    private final boolean[] moves;
    private final Symbols symbols;

    private final Placement place;
    private final Addresses at;

    private Movable(Symbols symbols, Placement place, Addresses at) {
        this.symbols = symbols;
        this.place = place;
        this.at = at;
        moves = new boolean[symbols.symbolCount()];
    }

    public static Movable of(Symbols symbols, Placement place, Addresses at, int threads) {
        var m = new Movable(symbols, place, at);
        Par.loop(symbols.fileCount(), threads, (f, _) -> m.file(f));
        return m;
    }

    private void file(int f) {
        ObjectFile file = symbols.file(f);
        int base = symbols.firstSymbol(f);
        for (int i = 1; i < file.symbolCount(); i++) {
            if (i < file.firstGlobal()) {
                moves[base + i] = isPlaced(f, file.symbolSection(i));
            } else {
                moves[base + i] = global(symbols.global(f, i));
            }
        }
    }

    /// Whether a global name has an address that moves.
    public boolean global(int g) {
        return switch (symbols.kind(g)) {
            case Symbols.SCRIPT -> at.scriptSection(g) >= 0;
            case Symbols.DEFINED, Symbols.DEFINED_WEAK -> {
                int d = symbols.definingFile(g);
                yield isPlaced(d, symbols.file(d).symbolSection(symbols.definingSymbol(g)));
            }
            default -> false;
        };
    }

    private boolean isPlaced(int f, int section) {
        return section > 0 && place.isPlaced(symbols.firstSection(f) + section);
    }

    /// @param f   file
    /// @param ndx index in its symbol table
    public boolean moves(int f, int ndx) {
        return moves[symbols.firstSymbol(f) + ndx];
    }

    /// By symbol id.
    public boolean[] table() {
        return moves;
    }
}
