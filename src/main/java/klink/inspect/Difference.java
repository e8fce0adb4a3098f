package klink.inspect;

/// One thing in which two images differ, under a dotted key such as `section..text.size` or
/// `symbol.foo.value`, so that it can be named exactly in an [IgnoreList].
///
/// @param a what the first image has, as text; `-` for nothing
/// @param b what the second image has
public record Difference(String key, String a, String b) {
    public String text() {
        return key + ": " + a + " | " + b;
    }

    /// The key without its middle, the name: `symbol.value`. Differences are counted by kind.
    public String kind() {
        int first = key.indexOf('.');
        int last = key.lastIndexOf('.');
        return first < 0 || key.startsWith("content.") ? key.substring(0, Math.max(0, first < 0 ? key.length() : first))
                : first == last ? key : key.substring(0, first) + key.substring(last);
    }
}
