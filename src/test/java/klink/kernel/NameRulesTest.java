package klink.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import klink.elf.Elf;
import klink.report.BadInput;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NameRulesTest {
    private static boolean drops(NameRules rules, char letter, String name) {
        byte[] b = ("<" + name + ">").getBytes(StandardCharsets.UTF_8);
        return rules.drops((byte) letter, b, 1, b.length - 2);
    }

    /// The facts of scripts/mksysmap of 6.1 and 6.12, one name each: listed in System.map or not.
    @ParameterizedTest
    @CsvSource({
        "t, $x, no, no", "t, .Lfoo, no, no", "t, .foo, yes, yes", "t, __crc_foo, no, no", "t, ___crc_foo, yes, yes",
        "r, __kstrtab_foo, no, no", "r, __kstrtabns_foo, no, no", "r, __kstrtab, yes, yes", "t, L0, no, no", "t, L01, yes, yes", "t, xL0, yes, yes",
        "a, foo, no, no", "A, foo, yes, yes", "N, foo, no, no", "n, foo, yes, yes", "U, foo, no, no", "w, foo, no, no", "W, foo, yes, yes", "v, foo, yes, yes",
        "t, __efistub_x, yes, no", "t, __pi_.Lx, yes, no", "t, __pi_$x, yes, yes", "t, __pi_x, yes, yes", "t, __kvm_nvhe_$d, yes, no",
        "t, __kvm_nvhe_.L1, yes, no", "t, __kvm_nvhe_f, yes, yes", "t, __kcfi_typeid_f, yes, no", "t, __kvm_nvhe___kcfi_typeid_f, yes, no",
        "t, __pi___kcfi_typeid_f, yes, no", "t, __AArch64ADRPThunk_f, yes, no", "t, __ARMv5LongLdrPcThunk_f, yes, no", "t, __Thunk_, yes, no",
        "t, __a_Thunk_, yes, yes", "t, __ArmThunkx_, yes, yes", "t, _ArmThunk_, yes, yes", "t, __ArmThunk, yes, yes", "d, _SDA_BASE_, yes, no",
        "d, _SDA_BASE_2, yes, yes", "t, foo_veneer, yes, no", "t, foo_from_arm, yes, no", "t, foo_from_thumb, yes, no", "t, foo_veneer2, yes, yes",
        "t, 00000012.long_branch.foo, yes, no", "t, 00000012.plt_branch.foo, yes, no", "t, .long_branch, yes, yes", "t, e843419@0002_00000012_1, yes, yes"})
    void systemMap(char letter, String name, String in61, String in612) {
        assertEquals(in61.equals("no"), drops(Kernel.V6_1.systemMap(), letter, name), "6.1");
        assertEquals(in612.equals("no"), drops(Kernel.V6_12.systemMap(), letter, name), "6.12");
    }

    /// scripts/kallsyms.c on what mksysmap leaves.
    @ParameterizedTest
    @CsvSource({"t, kallsyms_offsets, no, yes", "t, kallsyms_offsets2, yes, yes", "A, foo, no, no", "A, __gp, yes, yes", "a, __kernel_sigtramp, yes, yes",
        "n, foo, no, no", "N, foo, no, yes", "u, foo, no, no", "U, foo, no, yes", "i, foo, yes, yes", "?, foo, yes, yes", "t, foo_veneer, no, yes",
        "t, __microLA25Thunk_f, no, yes", "t, __ARMv5LongLdrPcThunk_f, yes, yes", "t, 1.plt_branch.f, no, yes"})
    void kallsyms(char letter, String name, String in61, String in612) {
        assertEquals(in61.equals("no"), drops(Kernel.V6_1.kallsyms(), letter, name), "6.1");
        assertEquals(in612.equals("no"), drops(Kernel.V6_12.kallsyms(), letter, name), "6.12");
    }

    @Test
    void releases() {
        assertEquals(Optional.of(Kernel.V6_1), Kernel.of("6.1.192"));
        assertEquals(Optional.of(Kernel.V6_1), Kernel.of("6.1"));
        assertEquals(Optional.of(Kernel.V6_12), Kernel.of("6.12.95+deb13-amd64"));
        assertEquals(Optional.empty(), Kernel.of("6.18.1"));
        assertEquals(Optional.empty(), Kernel.of("6.13"));
        assertEquals(Optional.empty(), Kernel.of(""));
    }

    @Test
    void config() {
        byte[] text = "#\n# Automatically generated file; DO NOT EDIT.\n# Linux/x86 6.1.192 Kernel Configuration\n#\nCONFIG_A=y\nCONFIG_B=m\nCONFIG_C=\"a \\\"b\\\"\"\nCONFIG_D=0x10\n\nCONFIG_E=\"\""
            .getBytes(StandardCharsets.UTF_8);
        Config c = Config.parse(text, "auto.conf");
        assertTrue(c.has("CONFIG_A"));
        assertFalse(c.has("CONFIG_B"));
        assertEquals("m", c.get("CONFIG_B"));
        assertEquals("a \"b\"", c.get("CONFIG_C"));
        assertEquals("0x10", c.get("CONFIG_D"));
        assertEquals("", c.get("CONFIG_E"));
        assertEquals(null, c.get("CONFIG_F"));
        assertEquals("6.1.192", c.release());
        assertEquals(5, c.size());
        var e = Assertions.assertThrows(BadInput.class, () -> Config.parse("CONFIG_A=y\n\177ELF\n".getBytes(StandardCharsets.UTF_8), "auto.conf"));
        assertEquals(11, e.fileOffset());
        assertEquals("auto.conf", e.file());
    }

    @Test
    void sortedTablesFollowTheConfiguration() {
        Config all = Config.parse("CONFIG_BUILDTIME_TABLE_SORT=y\nCONFIG_UNWINDER_ORC=y\nCONFIG_BUILDTIME_MCOUNT_SORT=y\n".getBytes(StandardCharsets.UTF_8), "auto.conf");
        assertEquals(3, Kernel.V6_1.sortedTables(Elf.EM_X86_64, all).size());
        assertEquals(1, Kernel.V6_1.sortedTables(Elf.EM_AARCH64, all).size());
        assertEquals(2, Kernel.V6_12.sortedTables(Elf.EM_AARCH64, all).size());
        assertEquals(0, Kernel.V6_1.sortedTables(Elf.EM_X86_64, Config.empty()).size());
    }
}
