package klink.report;

/// Ends a link after errors that [Report] already holds: carries no message of its own.
public final class LinkFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public LinkFailed() {
        super("link failed", null, false, false);
    }
}
