package klink.veneer;

import klink.arch.Machine;
import klink.layout.Addresses;
import klink.layout.Sizes;
import klink.merge.MergedSections;
import klink.place.Placement;
import klink.resolve.Symbols;

/// The pieces of code that stand in for what an erratum would spoil; none or one in most kernels.
///
/// kallsyms lists them (scripts/kallsyms knows no reason not to), so they are looked for in an early layout, before names are
/// settled. Should the final one show others, names are settled again.
public abstract class Patches {
    static final Patches NONE = new Patches(Erratum.NONE) {
        @Override
        public int count() {
            return 0;
        }

        @Override
        public String name(int i) {
            throw new IndexOutOfBoundsException(i);
        }

        @Override
        public int section(int i) {
            throw new IndexOutOfBoundsException(i);
        }

        @Override
        public long address(int i, Addresses at, Sizes sizes) {
            throw new IndexOutOfBoundsException(i);
        }

        @Override
        void label(Labels labels, Machine machine, Placement place, Addresses at, Sizes sizes) {}
    };

    private final Erratum erratum;

    Patches(Erratum erratum) {
        this.erratum = erratum;
    }

    /// Those that an early layout shows.
    public static Patches foresee(Erratum erratum, Symbols symbols, Placement place, MergedSections merged, Machine machine, Addresses early, Sizes sizes, int dynamic,
            int threads) {
        var scan = ErratumScan.of(erratum, symbols, place, merged, machine, NONE);
        scan.find(early, sizes, threads);
        return scan.patches(dynamic);
    }

    public static Patches none() {
        return NONE;
    }

    public Erratum erratum() {
        return erratum;
    }

    public abstract int count();

    public abstract String name(int i);

    /// The section that patch number `i` stands behind.
    public abstract int section(int i);

    public abstract long address(int i, Addresses at, Sizes sizes);

    /// Adds their symbols.
    abstract void label(Labels labels, Machine machine, Placement place, Addresses at, Sizes sizes);
}
