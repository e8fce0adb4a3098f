package klink.layout;

import klink.elf.ElfClass;
import klink.mem.Endian;

/// What layout needs of the command line and the target.
///
/// @param maxPageSize    `-z max-page-size`
/// @param commonPageSize `-z common-page-size`
/// @param keepsEmpty     an output section of input sections that are all empty stays (`--emit-relocs`, as
///                       GNU ld has it)
/// @param separateCode   `-z separate-code`: text shares no page with data
/// @param execStack      `-z execstack`
/// @param stackHeader    make a PT_GNU_STACK header where the script has no PHDRS
/// @param relocatable    `-r`: no addresses, no segments
/// @param endian         of the data that the script itself has
/// @param elfClass       whose headers stand before the sections
/// @param starts         addresses of sections (`-Ttext`, `--section-start`) and of SEGMENT_START's segments
public record Options(long maxPageSize, long commonPageSize, boolean keepsEmpty, boolean separateCode, boolean execStack,
        boolean stackHeader, boolean relocatable, ElfClass elfClass, Endian endian, java.util.Map<String, Long> starts) {}
