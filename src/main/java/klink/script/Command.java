package klink.script;

import java.util.List;

/// What may stand at the top level of a script. The permits list is the grammar.
public sealed interface Command {
    Pos pos();

    /// `ENTRY(symbol)`: the ELF entry point. Also allowed inside `SECTIONS`.
    record Entry(String symbol, Pos pos) implements Command, SectionsItem {}

    /// `OUTPUT_FORMAT(name)` or `OUTPUT_FORMAT(default, big, little)`; with one name all three are it.
    record OutputFormat(String name, String big, String little, Pos pos) implements Command {}

    /// `OUTPUT_ARCH(i386:x86-64)`.
    record OutputArch(String arch, Pos pos) implements Command {}

    /// `TARGET(name)`: the BFD format of the inputs that follow.
    record Target(String name, Pos pos) implements Command {}

    /// `SEARCH_DIR(path)`: as `-L`.
    record SearchDir(String path, Pos pos) implements Command {}

    /// `OUTPUT(file)`: as `-o`.
    record Output(String file, Pos pos) implements Command {}

    /// `STARTUP(file)`: an input that is first, wherever this stands.
    record Startup(String file, Pos pos) implements Command {}

    /// `INPUT(...)`, or `GROUP(...)` whose archives are searched until nothing new resolves.
    record Input(boolean group, List<InputFile> files, Pos pos) implements Command {
        public Input {
            files = List.copyOf(files);
        }
    }

    /// A file of an [Input].
    ///
    /// @param isLibrary written `-lname`; `name` is without the `-l`
    /// @param asNeeded inside `AS_NEEDED( )`
    record InputFile(String name, boolean isLibrary, boolean asNeeded, Pos pos) {}

    /// `PHDRS { ... }`; one without entries is legal.
    record Phdrs(List<Phdr> entries, Pos pos) implements Command {
        public Phdrs {
            entries = List.copyOf(entries);
        }
    }

    /// One program header.
    ///
    /// @param type    an expression; `PT_LOAD` and its like have become numbers
    /// @param filehdr covers the ELF header
    /// @param phdrs   covers the program headers
    /// @param at      p_paddr, or null
    /// @param flags   p_flags, or null: derived from the sections
    record Phdr(String name, Expr type, boolean filehdr, boolean phdrs, Expr at, Expr flags, Pos pos) {}

    /// `MEMORY { ... }`.
    record Memory(List<Region> regions, Pos pos) implements Command {
        public Memory {
            regions = List.copyOf(regions);
        }
    }

    /// One memory region: `name (attributes) : ORIGIN = origin, LENGTH = length`.
    ///
    /// @param attributes the letters as written, `!` included ("rx!w"); empty if none
    record Region(String name, String attributes, Expr origin, Expr length, Pos pos) {}

    /// `REGION_ALIAS(alias, region)`.
    record RegionAlias(String alias, String region, Pos pos) implements Command {}

    /// `SECTIONS { ... }`. A script may have several; they act as one.
    record Sections(List<SectionsItem> items, Pos pos) implements Command {
        public Sections {
            items = List.copyOf(items);
        }
    }

    /// `INSERT AFTER section` or `INSERT BEFORE section`: the `SECTIONS` before it in this script go there.
    record Insert(boolean after, String section, Pos pos) implements Command {}

    /// `EXTERN(symbol ...)`: as `-u`.
    record Extern(List<String> symbols, Pos pos) implements Command {
        public Extern {
            symbols = List.copyOf(symbols);
        }
    }

    /// `NOCROSSREFS(sections)`: none may refer to another of them; with `to` (`NOCROSSREFS_TO`): none of
    /// the others may refer to the first.
    record NoCrossRefs(boolean to, List<String> sections, Pos pos) implements Command {
        public NoCrossRefs {
            sections = List.copyOf(sections);
        }
    }

    /// A command that is a single word or feature name: `FORCE_COMMON_ALLOCATION` and its like.
    record Switch(Kind kind, String argument, Pos pos) implements Command {
        public enum Kind {
            FORCE_COMMON_ALLOCATION, INHIBIT_COMMON_ALLOCATION, FORCE_GROUP_ALLOCATION, LD_FEATURE, MAP
        }
    }

    /// `VERSION { ... }`: recognised and skipped; a kernel image has no symbol versions (the vDSO has,
    /// but is linked before).
    record VersionScript(Pos pos) implements Command {}

    /// `symbol = expression;` or `. = expression;`, and with the words around it. Allowed at the top
    /// level, in `SECTIONS` and in an output section.
    ///
    /// @param target a symbol, or "." for the location counter
    /// @param op     as written: "=", "+=", "-=", "*=", "/=", "<<=", ">>=", "&=", "|=", "^="
    /// @param value  the whole value: for `a += 2` it is `a + 2`, which is what GNU ld makes of it
    record Assign(String target, String op, Expr value, Kind kind, Pos pos)
            implements Command, SectionsItem, OutputItem {
        /// PLAIN defines; HIDDEN defines with STV_HIDDEN; the two PROVIDEs define only what is
        /// referenced and defined nowhere else.
        public enum Kind { PLAIN, HIDDEN, PROVIDE, PROVIDE_HIDDEN }

        public boolean toDot() {
            return target.equals(".");
        }

        public boolean provide() {
            return kind == Kind.PROVIDE || kind == Kind.PROVIDE_HIDDEN;
        }

        public boolean hidden() {
            return kind == Kind.HIDDEN || kind == Kind.PROVIDE_HIDDEN;
        }
    }

    /// `ASSERT(condition, "message")` as a statement. Kernel scripts also write `. = ASSERT(...)`: that
    /// is an [Assign] of an [Expr.Assertion].
    record Assert(Expr condition, String message, Pos pos) implements Command, SectionsItem, OutputItem {}
}
