package klink;

import java.nio.file.Path;
import java.util.List;

/// What a kernel's link does with the kernel's exports.
///
/// @param tree           top of the build: modules and the objects of archives are named from there
/// @param made           make the table of exports; otherwise it is an input like others, or the kernel has none
/// @param before         the input before which the made table is linked, as kbuild has `.vmlinux.export.o`: its path
/// @param mergedFrom     where a merged object is linked: the archives it was made of, beside whose members checksums are
/// @param symvers        where `vmlinux.symvers` goes, or null
/// @param moduleSymvers  where `Module.symvers` goes, exports of modules included, or null
/// @param source         where `.vmlinux.export.c` goes, or null
public record ExportPlan(Path tree, boolean made, String before, List<Path> mergedFrom, Path symvers, Path moduleSymvers, Path source) {
    public ExportPlan {
        mergedFrom = List.copyOf(mergedFrom);
    }

    /// The same without the files that list exports.
    ExportPlan withoutFiles() {
        return new ExportPlan(tree, made, before, mergedFrom, null, null, null);
    }
}
