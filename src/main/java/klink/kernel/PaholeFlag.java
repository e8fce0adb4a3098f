package klink.kernel;

import java.util.List;

/// What the kernel build passes to pahole, by pahole's version: scripts/pahole-flags.sh of 6.1,
/// scripts/Makefile.btf of 6.12. Needed where the make variable PAHOLE_FLAGS is not at hand, that is, outside
/// of make; a wrong set gives a kernel whose `.BTF` lacks types that its BPF programs ask for.
///
/// @param from  the first version that takes it, as 124 for v1.24
/// @param to    the last one
/// @param words what is added
public record PaholeFlag(int from, int to, String words) {
    private static final int ON = Integer.MAX_VALUE;

    private static final List<PaholeFlag> V6_1 = List.of(
        new PaholeFlag(118, 121, "--skip_encoding_btf_vars"),
        new PaholeFlag(121, ON, "--btf_gen_floats"),
        new PaholeFlag(122, ON, "-j"),
        new PaholeFlag(124, ON, "--lang_exclude=rust"),
        new PaholeFlag(125, ON, "--skip_encoding_btf_inconsistent_proto --btf_gen_optimized"));

    private static final List<PaholeFlag> V6_12 = List.of(
        new PaholeFlag(118, 121, "--skip_encoding_btf_vars"),
        new PaholeFlag(121, 125, "--btf_gen_floats"),
        new PaholeFlag(122, ON, "-j"),
        new PaholeFlag(125, 125, "--skip_encoding_btf_inconsistent_proto --btf_gen_optimized"),
        new PaholeFlag(126, ON, "--btf_features=encode_force,var,float,enum64,decl_tag,type_tag,optimized_func,consistent_func,decl_tag_kfuncs"),
        new PaholeFlag(124, ON, "--lang_exclude=rust"));

    /// PAHOLE_FLAGS as `kernel` would set it for this version of pahole.
    public static String all(Kernel kernel, int version) {
        var words = new StringBuilder();
        for (PaholeFlag f : kernel == Kernel.V6_1 ? V6_1 : V6_12) {
            if (version >= f.from && version <= f.to) {
                words.append(words.isEmpty() ? "" : " ").append(f.words);
            }
        }
        return words.toString();
    }
}
