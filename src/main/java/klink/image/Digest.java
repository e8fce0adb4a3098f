package klink.image;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// The hash behind `--build-id`: SHA-1 of the SHA-1 of every written range, each taken by the thread that
/// has just written it. Ranges do not depend on the number of threads, so neither does the hash.
final class Digest {
    private byte[][] parts = new byte[0][];

    void parts(int n) {
        parts = new byte[n][];
    }

    void add(int number, byte[] bytes, int length) {
        MessageDigest d = sha1();
        d.update(bytes, 0, length);
        parts[number] = d.digest();
    }

    byte[] finish(byte[]... more) {
        MessageDigest d = sha1();
        for (byte[] p : parts) {
            if (p != null) {
                d.update(p);
            }
        }
        for (byte[] m : more) {
            d.update(m);
        }
        return d.digest();
    }

    private static MessageDigest sha1() {
        try {
            return MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
