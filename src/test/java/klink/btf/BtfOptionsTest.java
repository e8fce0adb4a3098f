package klink.btf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.EnumSet;
import java.util.Set;
import klink.kernel.Kernel;
import klink.kernel.PaholeFlag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Options of pahole, as kernels pass them.
class BtfOptionsTest {
    private static final Set<BtfFeature> ALWAYS = EnumSet.of(BtfFeature.VAR, BtfFeature.ENUM64, BtfFeature.DECL_TAG, BtfFeature.TYPE_TAG);
    private static final Set<BtfFeature> MODERN = EnumSet.of(BtfFeature.ENCODE_FORCE, BtfFeature.VAR, BtfFeature.FLOAT, BtfFeature.ENUM64, BtfFeature.DECL_TAG,
            BtfFeature.TYPE_TAG, BtfFeature.OPTIMIZED_FUNC, BtfFeature.CONSISTENT_FUNC, BtfFeature.DECL_TAG_KFUNCS);

    private static Set<BtfFeature> with(BtfFeature... more) {
        var all = EnumSet.copyOf(ALWAYS);
        all.addAll(Set.of(more));
        return all;
    }

    @Test
    void asEachKernelPassesThem() throws BtfOptions.Unknown {
        assertEquals(new BtfOptions(ALWAYS, Set.of(), false, false), BtfOptions.of(""));
        assertEquals(BtfOptions.DEFAULT, BtfOptions.of(PaholeFlag.all(Kernel.V6_1, 124)));
        assertEquals(new BtfOptions(with(BtfFeature.FLOAT, BtfFeature.CONSISTENT_FUNC, BtfFeature.OPTIMIZED_FUNC), Set.of(0x1c), false, false),
                BtfOptions.of(PaholeFlag.all(Kernel.V6_1, 130)));
        assertEquals(BtfOptions.DEFAULT, BtfOptions.of(PaholeFlag.all(Kernel.V6_12, 124)));
        assertEquals(new BtfOptions(MODERN, Set.of(0x1c), true, false), BtfOptions.of(PaholeFlag.all(Kernel.V6_12, 130)));
    }

    /// Said once, features are all that is wanted; said again, they add: so a module's flags follow the kernel's.
    @Test
    void features() throws BtfOptions.Unknown {
        assertEquals(Set.of(BtfFeature.FLOAT), BtfOptions.of("--btf_features=float,some_day").features());
        assertEquals(Set.of(BtfFeature.FLOAT, BtfFeature.DISTILLED_BASE), BtfOptions.of("-J --btf_features=float --btf_features distilled_base -j4").features());
        assertEquals(MODERN, BtfOptions.of("--btf_features=default").features());
        assertEquals(Set.of(), BtfOptions.of("--btf_features=all").features());
        assertEquals(Set.of(BtfFeature.VAR, BtfFeature.GLOBAL_VAR), BtfOptions.of("--btf_features=var,global_var").features());
        assertEquals(Set.of(BtfFeature.VAR, BtfFeature.ENUM64, BtfFeature.DECL_TAG), BtfOptions.of("--skip_encoding_btf_type_tag").features());
        assertEquals(Set.of(0x8001, 0x1c), BtfOptions.of("--lang_exclude=asm,rust").excluded());
    }

    @ParameterizedTest
    @ValueSource(strings = {"--btf_features_strict=float,some_day", "--btf_features_strict=all", "--btf_features=attributes", "--lang_exclude=klingon", "--hashbits=3", "--lang=c"})
    void unknown(String flags) {
        assertThrows(BtfOptions.Unknown.class, () -> BtfOptions.of(flags));
    }
}
