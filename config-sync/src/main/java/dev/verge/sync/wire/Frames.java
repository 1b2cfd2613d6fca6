package dev.verge.sync.wire;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.verge.sync.binding.Binder;
import dev.verge.sync.binding.BindingException;
import dev.verge.sync.binding.DocumentText;
import dev.verge.sync.log.LogEntry;
import dev.verge.sync.trust.Proof;
import dev.verge.sync.trust.SignedCommit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Between frames and the log's own types. */
public final class Frames {
    static final ObjectMapper JSON = DocumentText.mapper(Frame.MAX_BYTES);

    private static final String ACK_BEGIN = "{\"ack\":{\"revision\":";
    private static final String ACK_END = "}}";
    /** No more than a long holds in any case. */
    private static final int MOST_DIGITS = 18;

    private Frames() {}

    /** A commit as a frame. */
    public static Frame.CommitFrame of(SignedCommit commit) {
        List<Change> changes = new ArrayList<>(commit.parts().size());
        for (SignedCommit.Part part : commit.parts()) {
            changes.add(new Change(part.key(), part.value(), part.placement(), part.salt(), part.withheld()));
        }
        return new Frame.CommitFrame(commit.revision(), changes, of(commit.proof()));
    }

    /** The commit of a frame, whatever its signature is worth. */
    public static SignedCommit commit(Frame.CommitFrame frame) {
        return new SignedCommit(
                frame.revision(),
                frame.changes().stream()
                        .map(change -> new SignedCommit.Part(
                                change.key(), change.placement(), change.salt(), change.value(), change.withheld()))
                        .toList(),
                proof(frame.proof()));
    }

    /** The commits of a frame. */
    public static List<SignedCommit> commits(Frame.CommitFrames frame) {
        return frame.commits().stream().map(Frames::commit).toList();
    }

    /** Reads a message, as {@link Frame#decode} says. */
    static Frame decode(String text) {
        Frame.Ack plain = plainAck(text);
        if (plain != null) {
            return plain;
        }
        try {
            return Binder.standard().bind(JSON.readTree(text), Frame.class).orThrow();
        } catch (JsonProcessingException wrong) {
            throw new IllegalArgumentException("a message that is no JSON: " + wrong.getOriginalMessage(), wrong);
        } catch (BindingException wrong) {
            throw new IllegalArgumentException("a message that is no frame: " + wrong.getMessage(), wrong);
        }
    }

    /** An ack just as nodes write it, which is most of what they write; null for every other text. */
    static Frame.@Nullable Ack plainAck(String text) {
        int digits = text.length() - ACK_BEGIN.length() - ACK_END.length();
        if (digits < 1 || digits > MOST_DIGITS || !text.startsWith(ACK_BEGIN) || !text.endsWith(ACK_END)) {
            return null;
        }
        long revision = 0;
        for (int i = 0; i < digits; i++) {
            int digit = text.charAt(ACK_BEGIN.length() + i) - '0';
            if (digit < 0 || digit > 9 || (digit == 0 && i == 0 && digits > 1)) {
                return null;
            }
            revision = 10 * revision + digit;
        }
        return new Frame.Ack(revision);
    }

    /** A signature as it stands in frames. */
    public static Signed of(Proof proof) {
        return new Signed(proof.key(), proof.signature());
    }

    /** The signature of a frame. */
    public static Proof proof(Signed signed) {
        return new Proof(signed.key(), signed.signature());
    }

    /** Entries of a snapshot as a frame. */
    public static Frame.SnapshotPart part(List<LogEntry> entries) {
        List<Item> items = new ArrayList<>(entries.size());
        for (LogEntry entry : entries) {
            String value = entry.value();
            if (value == null) {
                throw new IllegalArgumentException("a tombstone in a snapshot: " + entry.key());
            }
            items.add(new Item(entry.revision(), entry.key(), value));
        }
        return new Frame.SnapshotPart(items);
    }

    /** The entries of a piece of a snapshot. */
    public static List<LogEntry> entries(Frame.SnapshotPart part) {
        return part.entries().stream()
                .map(item -> new LogEntry(item.revision(), item.key(), item.value()))
                .toList();
    }
}
