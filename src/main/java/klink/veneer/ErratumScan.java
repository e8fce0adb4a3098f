package klink.veneer;

import klink.arch.Machine;
import klink.layout.Addresses;
import klink.layout.Sizes;
import klink.merge.MergedSections;
import klink.place.Placement;
import klink.report.Report;
import klink.resolve.Symbols;

/// Finds the places in code that meet an erratum, and knows where what stands in for them goes. Addresses decide which they are, and each
/// patch moves what lies behind it: this is one more thing that [Plan] settles.
abstract class ErratumScan {
    /// @param known patches that there are already
    static ErratumScan of(Erratum erratum, Symbols symbols, Placement place, MergedSections merged, Machine machine, Patches known) {
        return switch (erratum) {
            case NONE -> new Nothing();
            case CORTEX_A53_843419 -> new Erratum843419(symbols, place, merged, known);
            case CORTEX_A8_657417 -> new Erratum657417(symbols, place, merged, machine);
        };
    }

    /// Finds the sites at these addresses.
    abstract Fixes find(Addresses at, Sizes sizes, int threads);

    /// Whether no patch has room so far.
    abstract boolean isEmpty();

    /// Adds the bytes of all patches to those of veneers behind each section.
    abstract void reserve(Sizes sizes, int[] bytes);

    /// All that have room.
    /// @param dynamic sections that GNU ld makes for an image of this kind behind those of the first object
    abstract Patches patches(int dynamic);

    /// What is changed, for one set of addresses.
    interface Fixes {
        /// No change at all.
        Fixes NONE = new Fixes() {
            @Override
            public boolean needMore() {
                return false;
            }

            @Override
            public boolean isEmpty() {
                return true;
            }

            @Override
            public void apply(int section, byte[] out, int to, int extent) {}
        };

        /// Whether room must be made before these can be applied.
        boolean needMore();

        boolean isEmpty();

        /// Reports patches that cannot do their work.
        default void check(Report report) {}

        /// Changes a relocated section, and writes the patches that stand behind it.
        /// @param out    holds the section at `to`
        /// @param extent bytes from the start of the section to the end of all that stands behind it
        void apply(int section, byte[] out, int to, int extent);
    }

    private static final class Nothing extends ErratumScan {
        @Override
        Fixes find(Addresses at, Sizes sizes, int threads) {
            return Fixes.NONE;
        }

        @Override
        boolean isEmpty() {
            return true;
        }

        @Override
        void reserve(Sizes sizes, int[] bytes) {}

        @Override
        Patches patches(int dynamic) {
            return Patches.NONE;
        }
    }
}
