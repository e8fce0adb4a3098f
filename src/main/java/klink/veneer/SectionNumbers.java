package klink.veneer;

import klink.input.ObjectFile;
import klink.resolve.Symbols;

/// The numbers by which GNU ld knows sections in the names that it gives to veneers: those of all objects are counted, tables of relocations and
/// symbols not among them.
final class SectionNumbers {
    private SectionNumbers() {}

    /// By section id.
    /// @param first that of the first section of the first object
    /// @param made  how many sections the linker makes behind those of the first object
    static int[] of(Symbols symbols, int first, int made) {
        var numbers = new int[symbols.sectionCount()];
        int next = first;
        boolean isFirst = true;
        for (int f = 0; f < symbols.fileCount(); f++) {
            ObjectFile file = symbols.file(f);
            if (file.isSynthetic()) {
                continue;
            }
            for (int s = 1; s < file.sectionCount(); s++) {
                if (!LoadPatches.isTable(file.type(s))) {
                    numbers[symbols.firstSection(f) + s] = next++;
                }
            }
            next += isFirst ? made : 0;
            isFirst = false;
        }
        return numbers;
    }
}
