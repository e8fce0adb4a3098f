package klink.findings;

import klink.check.End;
import klink.dwarf.SourceLine;

/// One end of a reference as it is shown: a place in an object, and where that is in the source.
///
/// @param object  the object's name, relative to the build's top
/// @param end     section, offset, symbol
/// @param source  the line that a place in code comes from, or on which a function or variable is declared; null if the
///                object does not tell
/// @param inlined for code of a function that was inlined: the line that calls it in the function that holds it; else null
record Place(String object, End end, SourceLine source, SourceLine inlined) {
    /// `drivers/foo.c:34, drivers/foo.o:(.text+0x1c)`, or `include/foo.h:9 inlined at drivers/foo.c:34, ...`.
    String text() {
        String inside = end.section() == 0 ? object : object + ":(" + end.sectionName() + "+0x" + Long.toHexString(end.offset()) + ")";
        return source == null ? inside : source + (inlined == null ? "" : " inlined at " + inlined) + ", " + inside;
    }

    /// The symbol's name, or empty.
    String symbol() {
        return end.symbolName();
    }
}
