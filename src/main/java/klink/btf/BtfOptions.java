package klink.btf;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// What the types are made of, as pahole's options say it: those that scripts/pahole-flags.sh (6.1) or scripts/Makefile.btf (6.12) have,
/// and their like. Unknown ones are refused, as a kernel that lacks what was asked for shows it much later.
///
/// @param features what is encoded
/// @param excluded units in these languages (DW_LANG_*) are left out
/// @param isRecent whether it was said by `--btf_features`: then what pahole 1.30 does differently is done as there, else as in 1.24
/// @param skipsUnreadable whether a unit that cannot be read is left out; else it is an error
public record BtfOptions(Set<BtfFeature> features, Set<Integer> excluded, boolean isRecent, boolean skipsUnreadable) {
    static final int DW_LANG_RUST = 0x1c;

    /// What a 6.1 kernel passes to pahole 1.24.
    public static final BtfOptions DEFAULT = new BtfOptions(EnumSet.of(BtfFeature.VAR, BtfFeature.FLOAT, BtfFeature.ENUM64, BtfFeature.DECL_TAG, BtfFeature.TYPE_TAG),
            Set.of(DW_LANG_RUST), false, false);

    public BtfOptions {
        features = Set.copyOf(features);
        excluded = Set.copyOf(excluded);
    }

    /// The same, but for units that cannot be read.
    public BtfOptions skippingUnreadable() {
        return new BtfOptions(features, excluded, isRecent, true);
    }

    boolean has(BtfFeature f) {
        return features.contains(f);
    }

    /// A word that is none of pahole's, or asks for what cannot be done here.
    public static final class Unknown extends Exception {
        private static final long serialVersionUID = 1;

        Unknown(String message) {
            super(message);
        }
    }

    /// Reads options, words apart (PAHOLE_FLAGS).
    public static BtfOptions of(String flags) throws Unknown {
        var words = new ArrayList<String>();
        for (int at = 0; at < flags.length(); ) {
            int end = at;
            while (end < flags.length() && !Character.isWhitespace(flags.charAt(end))) {
                end++;
            }
            if (end > at) {
                words.add(flags.substring(at, end));
            }
            at = end + 1;
        }
        return of(words);
    }

    /// Reads options. Without any it is what pahole does without any.
    public static BtfOptions of(List<String> words) throws Unknown {
        var features = EnumSet.of(BtfFeature.VAR, BtfFeature.ENUM64, BtfFeature.DECL_TAG, BtfFeature.TYPE_TAG);
        var excluded = new TreeSet<Integer>();
        boolean recent = false;
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            int equals = word.indexOf('=');
            String name = equals < 0 ? word : word.substring(0, equals);
            String value = equals < 0 ? null : word.substring(equals + 1);
            switch (name) {
                case "--btf_features", "--btf_features_strict" -> {
                    if (!recent) {
                        features.clear(); // said at all, it is all that is wanted; said again, it adds
                    }
                    recent = true;
                    features.addAll(features(value == null && i + 1 < words.size() ? words.get(++i) : value, name));
                }
                case "--lang_exclude" -> languages(value == null && i + 1 < words.size() ? words.get(++i) : value, excluded);
                case "--btf_gen_floats" -> features.add(BtfFeature.FLOAT);
                case "--btf_gen_all" -> features.add(BtfFeature.FLOAT);
                case "--btf_gen_optimized" -> features.add(BtfFeature.OPTIMIZED_FUNC);
                case "--skip_encoding_btf_inconsistent_proto" -> features.add(BtfFeature.CONSISTENT_FUNC);
                case "--skip_encoding_btf_vars" -> features.remove(BtfFeature.VAR);
                case "--skip_encoding_btf_enum64" -> features.remove(BtfFeature.ENUM64);
                case "--skip_encoding_btf_decl_tag" -> features.remove(BtfFeature.DECL_TAG);
                case "--skip_encoding_btf_type_tag" -> features.remove(BtfFeature.TYPE_TAG);
                case "--btf_encode_force" -> features.add(BtfFeature.ENCODE_FORCE);
                case "--reproducible_build" -> features.add(BtfFeature.REPRODUCIBLE_BUILD);
                case "--btf_encode", "-J", "--jobs" -> { }
                default -> {
                    if (!word.startsWith("-j")) {
                        throw new Unknown("unknown option of pahole: " + word);
                    }
                }
            }
        }
        return new BtfOptions(features, excluded, recent, false);
    }

    /// pahole passes over features that it does not know, unless they are `--btf_features_strict`; so that a new kernel can
    /// ask an old pahole. `attributes`, which 1.30 knows where it is built with a new libbpf, is refused.
    private static EnumSet<BtfFeature> features(String list, String option) throws Unknown {
        var features = EnumSet.noneOf(BtfFeature.class);
        for (String name : (list == null ? "" : list).split(",")) {
            BtfFeature f = BtfFeature.of(name);
            if (name.equals("attributes")) {
                throw new Unknown(name + " in " + option + " is not made by klink");
            }
            if (f != null) {
                features.add(f);
            } else if (name.equals("default")) {
                features.addAll(EnumSet.of(BtfFeature.ENCODE_FORCE, BtfFeature.VAR, BtfFeature.FLOAT, BtfFeature.DECL_TAG, BtfFeature.TYPE_TAG, BtfFeature.ENUM64,
                        BtfFeature.OPTIMIZED_FUNC, BtfFeature.CONSISTENT_FUNC, BtfFeature.DECL_TAG_KFUNCS));
            } else if (option.endsWith("_strict")) {
                throw new Unknown("unknown feature in " + option + ": " + name);
            }
        }
        return features;
    }

    private static void languages(String list, Set<Integer> into) throws Unknown {
        for (String name : (list == null ? "" : list).split(",")) {
            into.add(switch (name) {
                case "rust" -> DW_LANG_RUST;
                case "asm" -> 0x8001;
                case "c" -> 0x02;
                case "c89" -> 0x01;
                case "c99" -> 0x0c;
                case "c11" -> 0x1d;
                case "c++" -> 0x04;
                case "c++03" -> 0x19;
                case "c++11" -> 0x1a;
                case "c++14" -> 0x21;
                case "c++17" -> 0x2b;
                case "go" -> 0x16;
                default -> throw new Unknown("unknown language in --lang_exclude: " + name);
            });
        }
    }
}
