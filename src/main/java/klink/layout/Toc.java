package klink.layout;

import klink.arch.Machine;
import klink.merge.MergedSections;
import klink.resolve.Symbols;

/// The base of the table of contents: what r2 holds in all code of a powerpc image, from which it reaches its data
/// (Power Architecture 64-Bit ELF V2 ABI, "TOC"). It lies 32 KiB behind the start of the table, so that
/// signed 16-bit displacements cover 64 KiB of it.
public final class Toc {
    /// The linker defines it; a function's global entry computes r2 from it.
    public static final String NAME = ".TOC.";
    /// From the start of the table to its base.
    public static final int BIAS = 0x8000;
    /// Of the start of the table.
    static final int ALIGNMENT = 256;

    private Toc() {}

    /// The base; 0 for a machine that has none.
    public static long base(Symbols symbols, Machine machine, Addresses at, MergedSections merged) {
        int g = machine.hasContents() ? symbols.find(NAME) : -1;
        return g < 0 ? 0 : at.globalAddress(g, merged);
    }
}
