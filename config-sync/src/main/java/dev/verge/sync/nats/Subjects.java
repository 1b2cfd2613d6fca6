package dev.verge.sync.nats;

import dev.verge.sync.trust.Introduction;
import io.nats.client.support.NatsObjectStoreUtil;

/**
 * Names on NATS, all of which begin with an installation's prefix.
 *
 * @param prefix one token
 */
record Subjects(String prefix) {

    /** Of the stream. */
    String stream() {
        return prefix + "-log";
    }

    /** Of the object store. */
    String bucket() {
        return prefix + "-objects";
    }

    /** Of the stream that holds the store's objects. */
    String objects() {
        return NatsObjectStoreUtil.toStreamName(bucket());
    }

    /** Where the pieces of an object lie, in order. */
    String pieces(String object) {
        return NatsObjectStoreUtil.toChunkPrefix(bucket()) + object;
    }

    /** Where commits are published. */
    String log() {
        return prefix + ".log";
    }

    /** Where nodes ask for a session; one control plane answers. */
    String door() {
        return prefix + ".door";
    }

    /** Where one node hears, in one session. */
    String down() {
        return prefix + ".down." + Introduction.nonce();
    }

    /** Where a control plane hears, in all its sessions. */
    String ups(String replica) {
        return prefix + ".up." + replica + ".*";
    }

    /** Where it hears in one of them. */
    String up(String replica, String session) {
        return prefix + ".up." + replica + "." + session;
    }

    /** Whether a text is a subject that {@link #down} made. */
    boolean isDown(String subject) {
        String start = prefix + ".down.";
        return subject.length() < 200
                && subject.startsWith(start)
                && subject.substring(start.length()).matches("[A-Za-z0-9_-]{16,64}");
    }
}
