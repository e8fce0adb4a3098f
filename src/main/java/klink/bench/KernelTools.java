package klink.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The kernel build's own programs, which its link stage runs between links. A compiled tree has them;
/// for bare link inputs they may come from another tree of the same version, or from one directory.
final class KernelTools {
    private final List<Path> places;

    /// @param tree  the object tree
    /// @param other looked at after it; or null
    KernelTools(Path tree, Path other) {
        places = other == null ? List.of(tree, tree.resolve("source")) : List.of(tree, tree.resolve("source"), other, other.resolve("source"));
    }

    /// The program or script `name`, whose place in a tree is `path`.
    Path find(String path) throws IOException {
        String name = path.substring(path.lastIndexOf('/') + 1);
        for (Path place : places) {
            for (Path p : List.of(place.resolve(path), place.resolve(name))) {
                if (Files.isRegularFile(p)) {
                    return p.toAbsolutePath();
                }
            }
        }
        throw new IOException("no " + path + " in " + places.getFirst() + "; --tools=DIR names a compiled tree that has it");
    }
}
