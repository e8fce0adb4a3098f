package klink.findings;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import klink.Check;
import klink.check.Checks;
import klink.input.InputSpec;
import klink.kernel.Kernel;
import klink.report.Report;

/// C sources compiled by the real compiler, and what klink finds in the objects.
public record Compiled(Path dir) {
    /// Every kind of place: code and data that refer, code and data referred to, several references between the same two,
    /// a function reached through another, across two objects. (The assembler leaves no relocation of a call of a static
    /// function in the same section: then nothing tells who calls it.)
    public static final String DRIVER = """
            #define __init __attribute__((section(".init.text")))
            #define __exit __attribute__((section(".exit.text")))
            extern int setup(int);
            extern int limit;
            __attribute__((noinline)) int probe(int n)
            {
            	return setup(n) + 1; /* probe -> setup */
            }
            __attribute__((noinline)) int start(int n)
            {
            	return probe(n) * 3; /* start -> probe */
            }
            int (*entry)(int) = start; /* entry */
            int many(int n)
            {
            	int a = setup(n); /* many 1 */
            	int b = setup(a + 2); /* many 2 */
            	int c = setup(b + 3); /* many 3 */
            	int d = setup(c + 4); /* many 4 */
            	return setup(a + b + c + d) * 2; /* many 5 */
            }
            struct table { int *limit; } my_table = { &limit }; /* my_table */
            """;
    public static final String CORE = """
            #define __init __attribute__((section(".init.text")))
            #define __initdata __attribute__((section(".init.data")))
            int limit __initdata = 7; /* limit */
            int __init setup(int n) /* setup */
            {
            	return n * limit;
            }
            """;

    /// Compiles a source file; the object stands beside it.
    public Path compile(String name, String text, String... options) throws Exception {
        Path source = dir.resolve(name);
        Files.createDirectories(source.getParent());
        Files.writeString(source, text);
        String object = name.substring(0, name.lastIndexOf('.')) + ".o";
        var command = new ArrayList<>(List.of("gcc", "-O2", "-fno-pic", "-fno-pie", "-mcmodel=kernel", "-fno-asynchronous-unwind-tables"));
        command.addAll(List.of(options));
        command.addAll(List.of("-c", "-o", object, name));
        run(command);
        return dir.resolve(object);
    }

    public String run(List<String> command) throws Exception {
        Process p = new ProcessBuilder(command).directory(dir.toFile()).redirectErrorStream(true).start();
        String out = new String(p.getInputStream().readAllBytes());
        if (p.waitFor() != 0) {
            throw new AssertionError(String.join(" ", command) + ": " + out);
        }
        return out;
    }

    /// Compiles both sources.
    public List<Path> driver(String... options) throws Exception {
        return List.of(compile("drivers/a.c", DRIVER, options), compile("core/b.c", CORE, options));
    }

    /// What klink finds, objects named relative to the directory.
    Findings findings(List<Path> objects, Kernel kernel) throws IOException {
        var specs = new ArrayList<InputSpec>();
        for (Path o : objects) {
            specs.add(new InputSpec(o.toString(), true, 0));
        }
        var report = new Report(new PrintStream(java.io.OutputStream.nullOutputStream()), 0);
        return Findings.of(Check.run(specs, kernel, new Checks.Options(false, true), 2, report).violations(), dir, dir.toRealPath());
    }

    static RunFacts facts(Kernel kernel, boolean errors, Path top) {
        return new RunFacts("0.1", kernel.version(), false, errors, 2, 100, top, top);
    }

    /// The number of the line that has this in it.
    static int line(String source, String text) {
        return (int) source.substring(0, source.indexOf("/* " + text + " */")).lines().count();
    }
}
