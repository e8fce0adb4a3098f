package klink.script;

import java.util.List;

/// What may stand inside an output section's braces.
public sealed interface OutputItem
        permits Command.Assign, Command.Assert, OutputItem.InputSections, OutputItem.Data, OutputItem.Text,
                OutputItem.SetFill, OutputItem.Marker {
    Pos pos();

    /// `file(section section ...)`: takes every input section not yet taken whose file and name match.
    ///
    /// @param keep      `KEEP( )`: a root of `--gc-sections`
    /// @param required  SHF_ bits an input section must have (`INPUT_SECTION_FLAGS`), 0 if not written
    /// @param forbidden SHF_ bits it must not have
    /// @param sections  empty for a file name alone, which takes all sections
    record InputSections(boolean keep, long required, long forbidden, FilePattern file,
            List<SectionPattern> sections, Pos pos) implements OutputItem {
        public InputSections {
            sections = List.copyOf(sections);
        }
    }

    /// The file part of an [InputSections].
    ///
    /// @param name    which files
    /// @param sort    order of the files: NONE or BY_NAME
    /// @param exclude the `EXCLUDE_FILE` before the file name: holds for every section pattern inside
    record FilePattern(FileGlob name, Sort sort, boolean reverse, List<FileGlob> exclude) {
        public FilePattern {
            exclude = List.copyOf(exclude);
        }
    }

    /// One section name in an [InputSections].
    ///
    /// @param name    "COMMON" stands for the common symbols and "LARGE_COMMON" for x86's large ones
    /// @param sort    order of what this pattern takes
    /// @param reverse `REVERSE( )` around or inside the sort
    /// @param exclude the `EXCLUDE_FILE` inside the parentheses
    record SectionPattern(Glob name, Sort sort, boolean reverse, List<FileGlob> exclude, Pos pos) {
        public SectionPattern {
            exclude = List.copyOf(exclude);
        }

        public boolean common() {
            return name.text().equals("COMMON");
        }
    }

    /// NONE: input order, unless `--sort-section` says otherwise; UNSORTED (`SORT_NONE`): input order
    /// even then. Of two nested sorts the outer is the first key.
    enum Sort { NONE, BY_NAME, BY_ALIGNMENT, BY_NAME_ALIGNMENT, BY_ALIGNMENT_NAME, BY_INIT_PRIORITY, UNSORTED }

    /// `BYTE(e)` and its like: a number stored at the location counter, in the target's byte order.
    record Data(Size size, Expr value, Pos pos) implements OutputItem {
        public enum Size {
            BYTE(1), SHORT(2), LONG(4), QUAD(8), SQUAD(8);

            private final int bytes;

            Size(int bytes) {
                this.bytes = bytes;
            }

            public int bytes() {
                return bytes;
            }
        }
    }

    /// `ASCIZ "text"` and `ASCII (size) "text"`: bytes stored at the location counter.
    ///
    /// @param size the bytes it takes (cut or filled up with zeros), or null: the text and a zero byte
    record Text(String text, Expr size, Pos pos) implements OutputItem {}

    /// `FILL(e)`: what gaps after this place in the section hold.
    record SetFill(Fill fill, Pos pos) implements OutputItem {}

    /// Words that mark a place: `CONSTRUCTORS` (set elements of formats without .ctors; nothing in ELF),
    /// `CREATE_OBJECT_SYMBOLS` (a symbol for every input file) and `LINKER_VERSION`.
    record Marker(Kind kind, Pos pos) implements OutputItem {
        public enum Kind { CONSTRUCTORS, CREATE_OBJECT_SYMBOLS, LINKER_VERSION }
    }
}
