package klink.link;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import klink.cli.CommandLine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// PT_GNU_STACK is there, and executable, exactly when GNU ld has it so: by option, by the objects' notes, or not.
class StackHeaderTest {
    private static final String CODE = ".globl _start\n_start: ret\n";
    private static final String NOTE = ".section .note.GNU-stack,\"\",@progbits\n";
    private static final String EXECUTABLE = ".section .note.GNU-stack,\"x\",@progbits\n";

    @TempDir
    Path work;

    @Test
    void agreesWithGnuLd() {
        var shop = new Workshop(work);
        var sources = List.of(CODE, CODE + NOTE, CODE + EXECUTABLE);
        int headers = 0;
        for (String first : sources) {
            for (String second : sources) {
                for (String option : List.of("", "execstack", "noexecstack")) {
                    headers += compare(shop, first, second.replace("_start", "other"), option);
                }
            }
        }
        assertEquals(26, headers, "only the link without any note or option has no header");
    }

    private static int compare(Workshop shop, String first, String second, String option) {
        Path script = Path.of("src/test/link/plain.lds").toAbsolutePath();
        var args = new ArrayList<>(List.of("-T", script.toString(), "--no-warn-rwx-segments",
                shop.assemble("a.o", "", first).toString(), shop.assemble("b.o", "", second).toString()));
        if (!option.isEmpty()) {
            args.addAll(0, List.of("-z", option));
        }
        var reference = shop.link("ld", args);
        assertEquals(0, reference.status(), reference.out());
        var words = new ArrayList<>(List.of("ld", "-o", shop.path("klink.out").toString()));
        words.addAll(args);
        var result = CommandLine.run(words);
        assertEquals(0, result.status(), result.err());
        String want = stack(shop, "ld.out");
        assertEquals(want, stack(shop, "klink.out"), first + second + option);
        return want.isEmpty() ? 0 : 1;
    }

    private static String stack(Workshop shop, String image) {
        return shop.run("sh", "-c", "readelf -lW " + image + " | grep GNU_STACK || true").strip();
    }
}
