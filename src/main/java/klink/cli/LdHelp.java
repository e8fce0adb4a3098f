package klink.cli;

/// `klink ld --help`. kbuild's `ld-option` probes run the linker rather than read this.
final class LdHelp {
    static final String TEXT = """
            Usage: klink ld [options] file...
              -o FILE, --output=FILE        the image (a.out)
              -T FILE, --script=FILE        the linker script
              -Map=FILE                     write a link map
              -e SYMBOL, --entry=SYMBOL     entry point
              -r, --relocatable             partial link; sections of one name become one
              --unique                      with -r: every loaded input section stays apart
              --whole-archive, --start-group ... and their opposites
              -L DIR, -l NAME               archives libNAME.a
              -u SYMBOL, --defsym=S=EXPR    reference or define a symbol
              -Ttext=ADDR, -Tdata=ADDR, -Tbss=ADDR, -Ttext-segment=ADDR, --section-start=NAME=ADDR
              -M, --print-map               the link map on standard output
              --allow-multiple-definition   the first definition prevails
              --gc-sections, --print-gc-sections
              --orphan-handling=place|warn|error|discard
              --emit-relocs, --no-debug-relocs
              --build-id[=sha1|md5|uuid|0xHEX|none]
              -s, -S, -x, -X, --discard-none
              -z max-page-size=N, -z common-page-size=N, -z [no]execstack, -z [no]separate-code
              --threads=N, --time, --error-limit=N, --fatal-warnings
            klink: supported targets: elf64-x86-64
            klink: supported emulations: elf_x86_64
            """;

    private LdHelp() {}
}
