package dev.verge.sync.trust;

import dev.verge.sync.crypto.Statement;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;

/** What node and control plane sign to show each other who they are. Each signs a random text of the other, so nothing can be replayed. */
public final class Introduction {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int NONCE_BYTES = 24;

    private Introduction() {}

    /** A text that was never used before. */
    public static String nonce() {
        byte[] nonce = new byte[NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        return Base64.getUrlEncoder().encodeToString(nonce);
    }

    /** What a node signs when it exchanges its token. */
    public static byte[] enrolment(String token, String identity, String sealing) {
        return Statement.of("verge enrolment 1")
                .text(token)
                .text(identity)
                .text(sealing)
                .toBytes();
    }

    /** What a node signs with its new key when it changes its keys. */
    public static byte[] change(String challenge, String node, String identity, String sealing) {
        return Statement.of("verge key change 1")
                .text(challenge)
                .text(node)
                .text(identity)
                .text(sealing)
                .toBytes();
    }

    /** What a node signs on a stream. */
    public static byte[] hello(String challenge, String nonce, String node, String key) {
        return Statement.of("verge hello 1")
                .text(challenge)
                .text(nonce)
                .text(node)
                .text(key)
                .toBytes();
    }

    /** What a control plane signs on a stream. */
    public static byte[] welcome(String nonce, String node, List<String> memberships, String session) {
        return Statement.of("verge welcome 1")
                .text(nonce)
                .text(node)
                .texts(memberships)
                .text(session)
                .toBytes();
    }
}
