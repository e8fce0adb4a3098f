package klink.check;

import klink.elf.Elf;
import klink.input.ObjectFile;

/// One end of a reference: the place that refers, or the place referred to.
///
/// @param file    the object that holds it
/// @param section its input section there; 0 if it is in none
/// @param offset  bytes from the start of that section
/// @param symbol  index in the object's symbol table of the symbol it belongs to; 0 if none does
public record End(ObjectFile file, int section, long offset, int symbol) {
    public String object() {
        return file.name();
    }

    /// The input section's name, or empty.
    public String sectionName() {
        return section == 0 ? "" : file.sectionName(section);
    }

    /// The symbol's name, or empty.
    public String symbolName() {
        return symbol == 0 ? "" : file.symbolName(symbol);
    }

    /// Bytes from the symbol to this place; negative where the nearest symbol lies behind it.
    public long symbolOffset() {
        return symbol == 0 ? 0 : offset - file.rawValue(symbol);
    }

    /// st_size of the symbol; 0 if there is none, or it is a label.
    public long symbolSize() {
        return symbol == 0 ? 0 : file.symbolSize(symbol);
    }

    public boolean isFunction() {
        return symbol != 0 && Elf.type(file.symbolInfo(symbol)) == Elf.STT_FUNC;
    }

    /// `drivers/a.o:(.text+0x12)`.
    public String place() {
        return section == 0 ? object() : object() + ":(" + sectionName() + "+0x" + Long.toHexString(offset) + ")";
    }
}
