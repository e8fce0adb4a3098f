package klink.veneer;

/// The errata of processors that the linker works around; a link has one at most.
public enum Erratum {
    NONE(""),
    /// `--fix-cortex-a53-843419`; see [Erratum843419].
    CORTEX_A53_843419("Cortex-A53 erratum 843419"),
    /// `--fix-cortex-a8`, which is on where nothing is said and the objects are for v7-A; see [Erratum657417].
    CORTEX_A8_657417("Cortex-A8 erratum 657417");

    private final String title;

    Erratum(String title) {
        this.title = title;
    }

    /// What it is called in messages.
    String title() {
        return title;
    }
}
