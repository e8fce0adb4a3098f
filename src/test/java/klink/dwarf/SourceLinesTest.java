package klink.dwarf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.function.IntToLongFunction;
import klink.elf.Elf;
import klink.input.ObjectFile;
import klink.link.Workshop;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Source lines of compiled objects against addr2line, which reads the same objects with other code, at every
/// byte of every section of code; lines of variables against the source itself.
class SourceLinesTest {
    /// Inlined code, code in several sections, a header, variables of all kinds. Each variable stands on the line that
    /// names it in a comment.
    private static final String SOURCE = """
            #include "part.h"
            #define __init __attribute__((section(".init.text")))
            #define __initdata __attribute__((section(".init.data")))
            extern int declared_before;
            extern volatile int sink;
            int __initdata table[16] = {1, 2, 3};          /* table */
            int declared_before = 5;                       /* declared_before */
            static volatile int quiet;                     /* quiet */
            struct ops { int (*run)(int); const char *name; };
            static int __init setup(int n)                 /* setup */
            {
                static int calls;                          /* calls */
                for (int i = 0; i < n; i++)
                    sink += table[i & 15] + twice(i);
                return calls++ + quiet;
            }
            struct ops my_ops = {                          /* my_ops */
                .run = setup,
                .name = "x",
            };
            __attribute__((noinline, cold)) static void unlikely(int n) /* unlikely */
            {
                sink = n;
                sink = n + declared_before;
            }
            int keep(int n)                                /* keep */
            {
                if (__builtin_expect(n == 77, 0))
                    unlikely(n);
                switch (n) {
                case 1: sink++; break;
                case 2: return twice(n);
                case 3: sink--; break;
                case 4: return my_ops.run(n);
                }
            #line 1000 "generated.y"
                quiet = n;
                return sink;
            }
            """;
    private static final String HEADER = """
            extern volatile int sink;
            static inline __attribute__((always_inline)) int twice(int n)
            {
                sink = n;
                return n + n;
            }
            """;

    @TempDir
    Path dir;

    private String run(List<String> command, String input) throws Exception {
        Path in = Files.writeString(dir.resolve("stdin"), input);
        Process p = new ProcessBuilder(command).directory(dir.toFile()).redirectErrorStream(true).redirectInput(in.toFile()).start();
        String out = new String(p.getInputStream().readAllBytes());
        assertEquals(0, p.waitFor(), String.join(" ", command) + ": " + out);
        return out;
    }

    private ObjectFile compile(String command) throws Exception {
        Files.createDirectories(dir.resolve("src/inc"));
        Files.writeString(dir.resolve("src/a.c"), SOURCE);
        Files.writeString(dir.resolve("src/inc/part.h"), HEADER);
        var words = new ArrayList<>(List.of(command.split(" ")));
        assumeTrue(Workshop.has(words.getFirst()), "needs " + words.getFirst());
        words.addAll(List.of("-I./src/inc", "-c", "-o", "a.o", "src/a.c"));
        run(words, "");
        return new ObjectFile("a.o", MemorySegment.ofArray(Files.readAllBytes(dir.resolve("a.o"))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gcc -O2 -gdwarf-2 -gstrict-dwarf", "gcc -O2 -gdwarf-3 -gstrict-dwarf", "gcc -O2 -gdwarf-4", "gcc -O2 -gdwarf-5", "gcc -O0 -gdwarf-5",
        "gcc -O2 -gdwarf-5 -ffunction-sections -fdata-sections", "gcc -O2 -gdwarf-5 -gz=zlib", "gcc -O2 -gdwarf-4 -gz=zlib",
        "gcc -O2 -gdwarf-5 -fdebug-types-section", "gcc -O2 -gdwarf-5 -gno-as-loc-support", "clang-19 -O2 -gdwarf-4", "clang-19 -O2 -gdwarf-5",
        "clang-19 -O2 -gdwarf-5 -ffunction-sections", "clang-19 -O2 -gdwarf-5 -gz=zlib"})
    void sameAsAddr2lineForEveryByteOfCode(String command) throws Exception {
        ObjectFile file = compile(command);
        compare(file, command, s -> List.of("addr2line", "-e", "a.o", "-j", file.sectionName(s)), _ -> 0);
        // binutils 2.40 knows no inlined code of clang's DWARF 5 and of objects with type units; strict DWARF 2 has no call lines
        if (command.startsWith("gcc -O2") && !command.contains("types") && !command.contains("strict") || command.equals("clang-19 -O2 -gdwarf-4")) {
            compareInlined(file, command, s -> List.of("addr2line", "-i", "-a", "-e", "a.o", "-j", file.sectionName(s)), _ -> 0);
        }
    }

    /// What binutils 2.40 cannot read: 64-bit DWARF of version 5, zstd, other machines. LLVM's reader has no option for a
    /// section, so each is linked to an address of its own.
    @ParameterizedTest
    @ValueSource(strings = {"gcc -O2 -gdwarf-5", "gcc -O2 -gdwarf-5 -gdwarf64", "gcc -O2 -gdwarf-4 -gdwarf64", "clang-19 -O2 -gdwarf-5", "clang-19 -O2 -gdwarf-5 -gdwarf64",
        "clang-19 -O2 -gdwarf-5 -gz=zstd", "gcc -O2 -gdwarf-5 -fdebug-types-section", "clang-19 -O2 -gdwarf-5 -ffunction-sections",
        "clang-19 -O2 -gdwarf-5 --target=aarch64-linux-gnu", "clang-19 -O2 -gdwarf-4 --target=powerpc64le-linux-gnu"})
    void sameAsLlvmAddr2lineForEveryByteOfCode(String command) throws Exception {
        assumeTrue(Workshop.has("llvm-addr2line-19"), "needs the package llvm-19");
        ObjectFile file = compile(command);
        var script = new StringBuilder("SECTIONS {\n");
        for (int s = 1; s < file.sectionCount(); s++) {
            if ((file.flags(s) & Elf.SHF_EXECINSTR) != 0) {
                script.append(file.sectionName(s)).append(" 0x").append(Integer.toHexString(s << 16)).append(" : { *(").append(file.sectionName(s)).append(") }\n");
            }
        }
        Files.writeString(dir.resolve("apart.lds"), script.append("}\n"));
        run(List.of("ld.lld-19", "--unresolved-symbols=ignore-all", "-T", "apart.lds", "-o", "a.elf", "a.o"), "");
        compare(file, command, _ -> List.of("llvm-addr2line-19", "-e", "a.elf"), s -> (long) s << 16);
        compareInlined(file, command, _ -> List.of("llvm-addr2line-19", "-i", "-a", "-e", "a.elf"), s -> (long) s << 16);
    }

    /// Of inlined code the readers print a line for each call, the outermost last.
    private void compareInlined(ObjectFile file, String command, IntFunction<List<String>> reader, IntToLongFunction addressOf) throws Exception {
        SourceLines lines = SourceLines.of(file);
        int inlined = 0;
        for (int s = 1; s < file.sectionCount(); s++) {
            if ((file.flags(s) & Elf.SHF_EXECINSTR) == 0 || file.size(s) == 0) {
                continue;
            }
            for (String block : run(reader.apply(s), addresses(file, s, addressOf)).substring(2).split("(^|\n)0x")) {
                String[] chain = block.split("\n");
                long at = Long.parseUnsignedLong(chain[0], 16) - addressOf.applyAsLong(s);
                SourceLine ours = lines.inlinedAt(s, at);
                String last = chain[chain.length - 1].replaceAll(" \\(discriminator \\d+\\)", "");
                if (chain.length > 2) {
                    assertNotNull(ours, () -> command + ": not inlined: " + block + "; " + lines.defect());
                    assertEquals(dir.resolve(last).normalize().toString(), dir.resolve(ours.toString()).toString(), command + ": " + file.sectionName(s) + "+" + at);
                    inlined++;
                } else {
                    assertNull(ours, () -> command + ": " + file.sectionName(0) + block);
                }
            }
        }
        assertTrue(inlined > 10, inlined + " bytes of inlined code");
    }

    private static String addresses(ObjectFile file, int s, IntToLongFunction addressOf) {
        var addresses = new StringBuilder();
        for (long at = 0; at < file.size(s); at++) {
            addresses.append("0x").append(Long.toHexString(addressOf.applyAsLong(s) + at)).append('\n');
        }
        return addresses.toString();
    }

    private void compare(ObjectFile file, String command, IntFunction<List<String>> reader, IntToLongFunction addressOf) throws Exception {
        SourceLines lines = SourceLines.of(file);
        int compared = 0;
        for (int s = 1; s < file.sectionCount(); s++) {
            if ((file.flags(s) & Elf.SHF_EXECINSTR) == 0 || file.size(s) == 0) {
                continue;
            }
            String[] theirs = run(reader.apply(s), addresses(file, s, addressOf)).split("\n");
            assertEquals(file.size(s), theirs.length, String.join("\n", theirs));
            for (int at = 0; at < theirs.length; at++) {
                String expected = theirs[at].replaceAll(" \\(discriminator \\d+\\)", "");
                if (expected.endsWith(":?") || expected.endsWith(":0")) {
                    continue; // code with no line of its own
                }
                SourceLine ours = lines.at(s, at);
                assertNotNull(ours, () -> "no line for " + expected + "; " + lines.defect());
                assertEquals(dir.resolve(expected).normalize().toString(), dir.resolve(ours.toString()).toString(), command + ": " + file.sectionName(s) + "+" + at);
                compared++;
            }
        }
        assertTrue(compared > 100, compared + " bytes compared");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gcc -O2 -gdwarf-2 -gstrict-dwarf", "gcc -O2 -gdwarf-4", "gcc -O2 -gdwarf-5", "gcc -O2 -gdwarf-5 -fdata-sections -gz=zlib",
        "gcc -O0 -gdwarf-5 -gdwarf64", "gcc -O2 -gdwarf-5 -fdebug-types-section", "clang-19 -O2 -gdwarf-4", "clang-19 -O2 -gdwarf-5", "clang-19 -O0 -gdwarf-5 -gz=zstd",
        "clang-19 -O2 -gdwarf-5 --target=aarch64-linux-gnu", "clang-19 -O2 -gdwarf-4 --target=powerpc64le-linux-gnu"})
    void symbolsAreFoundOnTheLineThatDeclaresThem(String command) throws Exception {
        ObjectFile file = compile(command);
        SourceLines lines = SourceLines.of(file);
        var found = new ArrayList<String>();
        for (int i = 1; i < file.symbolCount(); i++) {
            int type = Elf.type(file.symbolInfo(i));
            if ((type == Elf.STT_OBJECT || type == Elf.STT_FUNC) && file.symbolSection(i) > 0) {
                String name = file.symbolName(i).replaceAll("(\\.constprop|\\.isra)?\\.\\d+$|^setup\\.|\\.cold$", "");
                SourceLine l = lines.declaration(file.symbolSection(i), file.symbolValue(i));
                if (l != null) { // a compiler's own tables have no line
                    found.add(name);
                    assertEquals("src/a.c:" + lineOf("/* " + name + " */"), l.toString());
                }
            }
        }
        assertTrue(found.containsAll(List.of("table", "declared_before", "quiet", "calls", "my_ops", "setup", "unlikely", "keep")), "found " + found + "; " + lines.defect());
    }

    private static int lineOf(String text) {
        return (int) SOURCE.substring(0, SOURCE.indexOf(text)).lines().count();
    }

    @Test
    void withoutDebugInformationThereAreNoLines() throws Exception {
        assertNull(SourceLines.of(compile("gcc -O2")).at(1, 0), "an object without debug information has no lines");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gcc -O2 -gdwarf-4", "gcc -O2 -gdwarf-5", "clang-19 -O2 -gdwarf-5", "gcc -O2 -gdwarf-5 -gz=zlib"})
    void damagedDebugInformationGivesNoLineAndNoException(String command) throws Exception {
        ObjectFile whole = compile(command);
        byte[] bytes = Files.readAllBytes(dir.resolve("a.o"));
        var debug = new ArrayList<Integer>();
        for (int s = 1; s < whole.sectionCount(); s++) {
            if (whole.sectionName(s).contains("debug_") && whole.size(s) > 0) {
                debug.add(s);
            }
        }
        var random = new Random(7);
        int refused = 0;
        for (int n = 0; n < 3000; n++) {
            int s = debug.get(random.nextInt(debug.size()));
            var damaged = bytes.clone();
            for (int k = random.nextInt(4); k >= 0; k--) {
                damaged[(int) (whole.fileOffset(s) + random.nextLong(whole.size(s)))] = (byte) (random.nextBoolean() ? 0xff : random.nextInt());
            }
            SourceLines lines = SourceLines.of(new ObjectFile("a.o", MemorySegment.ofArray(damaged)));
            for (int i = 1; i < whole.symbolCount(); i++) {
                lines.at(Math.max(0, whole.symbolSection(i)), whole.symbolValue(i));
                lines.declaration(Math.max(0, whole.symbolSection(i)), whole.symbolValue(i));
                lines.inlinedAt(Math.max(0, whole.symbolSection(i)), whole.symbolValue(i));
            }
            lines.directory();
            refused += lines.defect() == null ? 0 : 1;
        }
        assertTrue(refused > 300, "only " + refused + " of 3000 damaged objects were seen to be damaged");
    }

    @Test
    void whatIsWrongIsKnownWithFileAndOffset() throws Exception {
        ObjectFile whole = compile("gcc -O2 -gdwarf-5");
        byte[] bytes = Files.readAllBytes(dir.resolve("a.o"));
        int line = 1;
        while (!whole.sectionName(line).equals(".debug_line")) {
            line++;
        }
        bytes[(int) whole.fileOffset(line) + 4] = 99;
        SourceLines lines = SourceLines.of(new ObjectFile("a.o", MemorySegment.ofArray(bytes)));
        assertNull(lines.at(1, 0));
        assertEquals("a.o", lines.defect().file());
        assertEquals(".debug_line+0x6: line table of DWARF version 99", lines.defect().getMessage());
        assertEquals(whole.fileOffset(line) + 6, lines.defect().fileOffset());
    }
}
