package klink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Who may see whom, read from the compiled classes.
///
/// A pass that could reach a later one's package could ask for what is not settled yet; `inspect`, which
/// judges finished images, must share nothing with the code that made them. What runs in a link lives a
/// second, mostly cold: there streams, regular expressions and reflection cost more than they save.
class PackageRulesTest {
    /// Low to high. A package sees those of earlier lines, none of its own line and none of later ones.
    private static final List<Set<String>> ORDER = List.of(
            Set.of("mem", "par", "report"),
            Set.of("elf"),
            Set.of("kernel", "script", "arch", "input", "inspect"),
            Set.of("resolve", "dwarf"),
            Set.of("place"),
            Set.of("merge", "check"),
            Set.of("layout", "findings"),
            Set.of("symtab", "dynamic"),
            Set.of("got", "kallsyms", "btf", "symvers", "map", "veneer"),
            Set.of("image", "kbuild"),
            Set.of(""),
            Set.of("bench"),
            Set.of("cli"));

    /// Those that must not even see all of the earlier lines.
    private static final Map<String, Set<String>> NARROW = Map.of(
            "elf", Set.of(),
            "arch", Set.of("elf", "mem"),
            "script", Set.of("report"),
            "kernel", Set.of("elf", "report"),
            "inspect", Set.of("elf", "mem", "par", "report", "kernel"),
            "input", Set.of("elf", "mem", "par", "report"),
            "dwarf", Set.of("elf", "mem", "par", "report", "input"),
            "findings", Set.of("elf", "mem", "par", "report", "kernel", "input", "check", "dwarf"),
            "btf", Set.of("elf", "mem", "par", "report", "kernel", "input", "dwarf"));

    /// What runs between the first and the last pass of every link.
    private static final Set<String> IN_A_LINK = Set.of("mem", "par", "elf", "kernel", "script", "arch", "input", "resolve", "place", "merge", "layout",
            "check", "symtab", "dynamic", "got", "kallsyms", "btf", "symvers", "veneer", "image", "");

    private static final List<ClassModel> CLASSES = new ArrayList<>();

    @BeforeAll
    static void read() throws Exception {
        Path root = Path.of(Link.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        try (Stream<Path> files = Files.walk(root)) {
            for (Path f : files.filter(p -> p.toString().endsWith(".class")).sorted().toList()) {
                CLASSES.add(parse(f));
            }
        }
        assertTrue(CLASSES.size() > 100, "the classes are elsewhere: " + root);
    }

    private static ClassModel parse(Path file) {
        try {
            return ClassFile.of().parse(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void everyPackageHasItsPlace() {
        var unknown = new TreeSet<String>();
        for (ClassModel c : CLASSES) {
            if (rank(packageOf(name(c))) < 0) {
                unknown.add(packageOf(name(c)));
            }
        }
        assertEquals(Set.of(), unknown, "give the package a line in the order");
    }

    @Test
    void aPackageSeesOnlyWhatIsBelowIt() {
        var wrong = new TreeSet<String>();
        for (ClassModel c : CLASSES) {
            String from = packageOf(name(c));
            for (String seen : klinkClasses(c)) {
                String to = packageOf(seen);
                if (!to.equals(from) && rank(to) >= rank(from)) {
                    wrong.add(name(c) + " sees " + seen);
                }
            }
        }
        assertEquals(Set.of(), wrong);
    }

    @Test
    void someSeeEvenLess() {
        var wrong = new TreeSet<String>();
        for (ClassModel c : CLASSES) {
            String from = packageOf(name(c));
            for (String seen : klinkClasses(c)) {
                String to = packageOf(seen);
                if (!to.equals(from) && NARROW.containsKey(from) && !NARROW.get(from).contains(to)) {
                    wrong.add(name(c) + " sees " + seen);
                }
            }
        }
        assertEquals(Set.of(), wrong);
    }

    @Test
    void aLinkNeedsNoStreamsRegexOrReflection() {
        assertEquals(Set.of(), uses(IN_A_LINK, "java/util/stream/", "java/util/regex/", "java/lang/reflect/"));
    }

    /// A link's start-up time has no room for a library that only some reports need.
    @Test
    void jsonIsLoadedOnlyWhereItIsAskedFor() {
        var users = new TreeSet<String>();
        for (ClassModel c : CLASSES) {
            for (PoolEntry e : c.constantPool()) {
                if (e instanceof ClassEntry k && k.asInternalName().startsWith("tools/jackson/")) {
                    users.add(packageOf(name(c)));
                }
            }
        }
        assertTrue(Set.of("findings", "inspect").containsAll(users), "seen in " + users);
        assertEquals(Set.of(), uses(IN_A_LINK, "klink/findings/JsonReport", "klink/findings/SarifReport"));
    }

    @Test
    void nothingIsNative() {
        var all = new TreeSet<String>();
        ORDER.forEach(all::addAll);
        assertEquals(Set.of(), uses(all, "java/lang/foreign/Linker", "java/lang/foreign/SymbolLookup", "sun/misc/Unsafe", "jdk/internal/"));
    }

    @Test
    void relocationArithmeticBoxesNothing() {
        var wrong = new TreeSet<String>();
        for (ClassModel c : CLASSES) {
            for (PoolEntry e : c.constantPool()) {
                if (packageOf(name(c)).equals("arch") && e instanceof MemberRefEntry m && m.name().equalsString("valueOf")
                        && m.owner().asInternalName().startsWith("java/lang/")) {
                    wrong.add(name(c) + " calls " + m.owner().asInternalName() + ".valueOf");
                }
            }
        }
        assertEquals(Set.of(), wrong);
    }

    private static Set<String> uses(Set<String> packages, String... forbidden) {
        var wrong = new TreeSet<String>();
        for (ClassModel c : CLASSES) {
            if (!packages.contains(packageOf(name(c)))) {
                continue;
            }
            for (PoolEntry e : c.constantPool()) {
                for (String f : forbidden) {
                    if (e instanceof ClassEntry k && k.asInternalName().startsWith(f)) {
                        wrong.add(name(c) + " uses " + k.asInternalName());
                    }
                }
            }
        }
        return wrong;
    }

    /// Classes of klink that a class names: in code, and in the types of fields and methods.
    private static Set<String> klinkClasses(ClassModel c) {
        var seen = new TreeSet<String>();
        for (PoolEntry e : c.constantPool()) {
            if (e instanceof ClassEntry k && k.asInternalName().startsWith("klink/")) {
                seen.add(k.asInternalName());
            } else if (e instanceof Utf8Entry u) {
                String text = u.stringValue();
                for (int at = text.indexOf("Lklink/"); at >= 0; at = text.indexOf("Lklink/", at + 1)) {
                    int end = at + 1;
                    while (end < text.length() && (Character.isJavaIdentifierPart(text.charAt(end)) || text.charAt(end) == '/')) {
                        end++;
                    }
                    seen.add(text.substring(at + 1, end));
                }
            }
        }
        return seen;
    }

    private static String name(ClassModel c) {
        return c.thisClass().asInternalName();
    }

    /// `klink/mem/LE` is in `mem`, `klink/Link` in the nameless package on top.
    private static String packageOf(String internalName) {
        int slash = internalName.lastIndexOf('/');
        return slash <= "klink".length() ? "" : internalName.substring("klink/".length(), slash);
    }

    private static final Map<String, Integer> RANKS = new HashMap<>();

    private static int rank(String name) {
        return RANKS.computeIfAbsent(name, n -> {
            for (int i = 0; i < ORDER.size(); i++) {
                if (ORDER.get(i).contains(n)) {
                    return i;
                }
            }
            return -1;
        });
    }
}
