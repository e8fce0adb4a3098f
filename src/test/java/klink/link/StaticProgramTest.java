package klink.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import klink.cli.CommandLine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Links a static glibc program by the compiler's own command line, and runs it: IFUNC, thread-local storage,
/// section bounds, commons, constructors, unwinding. Nothing of it is in a kernel, all of it is in a linker.
class StaticProgramTest {
    private static final String PROGRAM = """
            #include <cstdio>
            #include <cstring>
            #include <stdexcept>
            #include <string>
            #include <thread>
            #include <vector>
            #include <atomic>
            thread_local int tl = 7;
            thread_local std::string ts = "tls";
            extern thread_local int tb[10];
            thread_local int tb[10];
            static int thrower(int x) { if (x > 2) throw std::runtime_error("thrown " + std::to_string(x)); return x; }
            struct Init { Init() { puts("constructed"); } ~Init() { puts("destroyed"); } } init;
            std::atomic<int> sum{0};
            int main() {
              std::vector<std::thread> v;
              for (int i = 0; i < 4; i++) v.emplace_back([i] {
                tl += i; tb[3] = tl;
                try { thrower(i); } catch (std::exception &e) { sum += 100; }
                sum += tb[3]; ts += "x"; sum += ts.size();
              });
              for (auto &t : v) t.join();
              printf("sum %d tl %d %s\\n", sum.load(), tl, ts.c_str());
              try { thrower(9); } catch (std::exception &e) { printf("caught %s\\n", e.what()); }
              char buf[64];
              memset(buf, 'a', sizeof buf);
              buf[63] = 0;
              printf("%zu %s\\n", strlen(buf), strchr("hello", 'l'));
            }
            """;

    @TempDir
    Path dir;

    @Test
    void runsAsWithGnuLd() throws IOException {
        List<String> args = arguments("-O1");
        assertEquals(reference(), run(args, "plain"));
        args.addFirst("--gc-sections");
        assertEquals(reference(), run(args, "collected"));
    }

    @Test
    void runsFromARelocatableLink() throws IOException {
        List<String> args = arguments("-O0", "-ffunction-sections");
        String object = args.stream().filter(a -> a.endsWith("main.o")).findFirst().orElseThrow();
        for (String way : List.of("-r", "--unique")) {
            String merged = dir.resolve("merged" + way + ".o").toString();
            var r = CommandLine.run(List.of("ld", "-r", way, "-o", merged, object));
            assertEquals(0, r.status(), r.err());
            var again = new ArrayList<>(args);
            again.replaceAll(a -> a.equals(object) ? merged : a);
            assertEquals(reference(), run(again, "from" + way));
        }
    }

    private String reference() {
        return new Workshop(dir).run("./reference");
    }

    private String run(List<String> args, String output) throws IOException {
        Path program = dir.resolve(output);
        var command = new ArrayList<>(List.of("ld", "-o", program.toString()));
        command.addAll(args);
        var r = CommandLine.run(command);
        assertEquals(0, r.status(), r.err());
        assertTrue(Files.isExecutable(program));
        return new Workshop(dir).run(program.toString());
    }

    /// Compiles the program, links the reference, and takes down the words that the compiler gives the linker.
    private List<String> arguments(String... options) throws IOException {
        var shop = new Workshop(dir);
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/g++")), "no g++ here");
        shop.write("main.cc", PROGRAM);
        var compile = new ArrayList<>(List.of("g++", "-c", "-o", "main.o", "main.cc"));
        compile.addAll(List.of(options));
        shop.run(compile.toArray(String[]::new));
        Path spy = Files.createDirectories(dir.resolve("bin")).resolve("ld");
        Files.writeString(spy, "#!/bin/sh\nprintf '%s\\n' \"$@\" > " + dir.resolve("words") + "\nexec /usr/bin/ld \"$@\"\n");
        Files.setPosixFilePermissions(spy, PosixFilePermissions.fromString("rwxr-xr-x"));
        shop.run("g++", "-static", "-B" + spy.getParent(), "-o", "reference", dir.resolve("main.o").toString(), "-lpthread");
        var words = new ArrayList<>(Files.readAllLines(dir.resolve("words")));
        int o = words.indexOf("-o");
        words.remove(o + 1);
        words.remove(o);
        return words;
    }
}
