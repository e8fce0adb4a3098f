package klink.kbuild;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import klink.kernel.Config;
import klink.kernel.Kernel;
import klink.report.BadInput;

/// A built kernel tree's own account of itself: its configuration and which kernel it is.
///
/// @param objtree top of the build
/// @param config  include/config/auto.conf
/// @param release `6.1.192`, from include/config/kernel.release or else the configuration's header
/// @param kernel  the facts of that version
public record TreeConfig(Path objtree, Config config, String release, Kernel kernel) {
    public static TreeConfig read(Path objtree) throws IOException {
        Path file = objtree.resolve("include/config/auto.conf");
        Config config = Config.read(file);
        String release = release(objtree, config);
        Kernel kernel = Kernel.of(release).orElseThrow(() -> new BadInput(file.toString(), 0,
            release.isEmpty() ? "cannot tell the kernel version: no include/config/kernel.release and no version in the header"
                : "no facts for kernel " + release + "; klink knows " + known()));
        return new TreeConfig(objtree, config, release, kernel);
    }

    private static String known() {
        var sb = new StringBuilder();
        for (Kernel k : Kernel.all()) {
            sb.append(sb.isEmpty() ? "" : ", ").append(k.version());
        }
        return sb.toString();
    }

    private static String release(Path objtree, Config config) throws IOException {
        try {
            return Files.readString(objtree.resolve("include/config/kernel.release"), StandardCharsets.UTF_8).strip();
        } catch (NoSuchFileException e) {
            return config.release();
        }
    }
}
