package klink.btf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import klink.cli.CommandLine;
import klink.link.Workshop;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Types of big-endian objects: bpftool, which reads both orders, must find the same ones as in a little-endian object of the same source; bit-fields
/// among them, which DWARF 4 counts from the highest bit.
class BigEndianTypesTest {
    private static final String SOURCE = """
            enum color { RED, GREEN = 5, BLUE = -3 };
            enum wide { W = 0x123456789abcdefULL };
            typedef unsigned int u32; typedef unsigned long long u64;
            struct list { struct list *next, **prev; };
            struct bits { unsigned a : 3, b : 5; int c : 7; u64 d : 33; _Bool e : 1; enum color col : 4; };
            union un { int i; char c[13]; float f; };
            struct big { struct list l; union un u; const volatile char *s; int (*fn)(struct big *, u32, ...); u32 arr[3][70000]; struct bits b; enum wide w; };
            struct big gbig;
            static struct bits gb;
            __attribute__((section(".data..percpu"))) struct list percpu;
            __attribute__((section(".data..percpu"))) int percpu_too = 3;
            int func(struct big *b, enum color c) { return b->fn(b, c) + gb.c + percpu_too; }
            u64 other(u32 x, ...) { return x; }
            """;

    @TempDir
    Path dir;

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void areThoseOfLittleEndianOnes(int dwarf) throws Exception {
        assumeTrue(Workshop.has("arm-linux-gnueabihf-gcc"), "needs the package gcc-arm-linux-gnueabihf");
        assumeTrue(Workshop.has("bpftool"), "needs the package bpftool");
        var shop = new Workshop(dir);
        shop.write("a.c", SOURCE);
        String big = types(shop, "big", dwarf);
        assertTrue(big.contains("bitfield_size=33") && big.contains("DATASEC '.data..percpu'"), big);
        assertEquals(types(shop, "little", dwarf), big);
        byte[] bytes = Files.readAllBytes(shop.path("big.btf"));
        assertEquals(List.of((byte) 0xeb, (byte) 0x9f), List.of(bytes[0], bytes[1]), "the magic number of big-endian types");
    }

    private static String types(Workshop shop, String order, int dwarf) {
        shop.run("arm-linux-gnueabihf-gcc", "-m" + order + "-endian", "-O2", "-gdwarf-" + dwarf, "-c", "-o", order + ".o", "a.c");
        var r = CommandLine.run(List.of("btf", "-o", shop.path(order + ".btf").toString(), shop.path(order + ".o").toString()));
        assertEquals(0, r.status(), r.err());
        return shop.run("bpftool", "btf", "dump", "file", order + ".btf");
    }
}
