package klink.cli;

/// The version of klink.
final class Version {
    static final String NUMBER = "0.1";

    private Version() {}
}
