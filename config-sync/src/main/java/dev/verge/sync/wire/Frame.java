package dev.verge.sync.wire;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.verge.sync.binding.Keyed;
import dev.verge.sync.binding.RecordJson;
import dev.verge.sync.compare.StateSums;
import dev.verge.sync.live.LiveRecord;
import dev.verge.sync.log.Refusal;
import dev.verge.sync.log.SigningKeyEntry;
import dev.verge.sync.order.KvUpload;
import dev.verge.sync.order.KvWrite;
import dev.verge.sync.order.Order;
import dev.verge.sync.order.OrderResult;
import dev.verge.sync.usage.QuotaShare;
import dev.verge.sync.usage.UsageInterval;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A message of the stream. */
public sealed interface Frame {

    /** Version of the protocol; both ends must have the same. */
    int PROTOCOL = 2;

    /** Longest message in bytes. */
    int MAX_BYTES = 8 << 20;

    /** Longest part that WebSocket makes of a message; both ends must have the same. */
    int MAX_FRAME_BYTES = 1 << 20;

    /** From the control plane, first of all: what the node signs to show who it is. */
    @Keyed("challenge")
    record Challenge(
            @JsonPropertyDescription("Random text.") @Size(min = 16, max = 100)
            String nonce) implements Frame {}

    /** From the node, first: who it is. */
    @Keyed("intro")
    record Intro(
            @JsonPropertyDescription("Name of the node.") @Size(min = 1, max = 128)
            String node,

            @JsonPropertyDescription("Which of its keys it shows.") @Size(min = 64, max = 64)
            String key,

            @JsonPropertyDescription("Random text, for the control plane to sign.") @Size(min = 16, max = 100)
            String nonce,

            @JsonPropertyDescription("Signature under that key.") @Size(max = 100)
            String signature)
            implements Frame {}

    /** From the control plane: the node is known, and this is who knows it. */
    @Keyed("welcome")
    record Welcome(
            @JsonPropertyDescription("Groups of the node, and its region as region:NAME.") @Size(max = 65)
            List<@Size(max = 80) String> memberships,

            @JsonPropertyDescription(
                    "What blobs are fetched with while the stream stands; over a bus, the key of what follows, sealed.")
            @Size(max = 200)
            String session,

            @JsonPropertyDescription("All keys that the control plane signed with.") @Size(max = 1_000)
            List<SigningKeyEntry> keys,

            @JsonPropertyDescription("Its signature.") Signed proof)
            implements Frame {}

    /** From the control plane: the key that secrets in what follows are sealed under. */
    @Keyed("fleetKey")
    record FleetKeyGiven(
            @JsonPropertyDescription("Its number.") @Min(1) int epoch,

            @JsonPropertyDescription("The key, sealed to the node's own.") @Size(max = 1_000)
            String sealed)
            implements Frame {}

    /** From the node: it has new keys; answered by a {@link KeysChanged}. */
    @Keyed("changeKeys")
    record ChangeKeys(
            @JsonPropertyDescription("New public key of Ed25519.") @Size(max = 100)
            String identity,

            @JsonPropertyDescription("New public key of X25519.") @Size(max = 100)
            String sealing,

            @JsonPropertyDescription("Signature under the new key.") @Size(max = 100)
            String signature)
            implements Frame {}

    /** From the control plane: the new keys count, and the old ones until the new ones are shown first. */
    @Keyed("keysChanged")
    record KeysChanged(
            @JsonPropertyDescription("The new key.") @Size(max = 100)
            String key) implements Frame {}

    /** From the node, after its introduction: where it stands. */
    @Keyed("hello")
    record Hello(
            @JsonPropertyDescription("Version of the protocol.")
            int protocol,

            @JsonPropertyDescription("Log that the node follows; empty at first.") @Size(max = 100)
            String history,

            @JsonPropertyDescription("Last revision taken in.") @Min(0)
            long since,

            @JsonPropertyDescription("Version of the node.") @Size(max = 100)
            String software,

            @JsonProperty(defaultValue = "{}") @JsonPropertyDescription("Keys whose newest value the node refused.")
            Map<String, Refusal> refused,

            @JsonProperty(defaultValue = "false")
            @JsonPropertyDescription("Whether the node runs functions with isolation: shared.")
            boolean allowShared,

            @JsonProperty(defaultValue = "false")
            @JsonPropertyDescription("Whether the node takes several commits in a message.")
            boolean joined,

            @JsonProperty(defaultValue = "false")
            @JsonPropertyDescription("Whether the node tells what its state comes to when a head asks for it.")
            boolean compares)
            implements Frame {}

    /** From the node: everything up to here is taken in. */
    @Keyed("ack")
    record Ack(
            @JsonPropertyDescription("Last revision taken in.") @Min(0)
            long revision) implements Frame {}

    /** From the node: a commit was refused, by key. An {@link Ack} follows. */
    @Keyed("nack")
    record Nack(
            @JsonPropertyDescription("The commit.") @Min(0) long revision,

            @JsonPropertyDescription("Key to reason.") @Size(max = 200_000)
            Map<String, String> reasons)
            implements Frame {}

    /** From the node: it is there. */
    @Keyed("alive")
    record Alive() implements Frame {}

    /** From the control plane: its log and how far it goes. First, and repeated as a sign of life. */
    @Keyed("head")
    record Head(
            @JsonPropertyDescription("Identity of the log.") @Size(max = 100)
            String history,

            @JsonPropertyDescription("Newest revision.") @Min(0)
            long revision,

            @JsonPropertyDescription("True: the node is to tell what its state comes to. Absent else.") @Nullable
            Boolean compare)
            implements Frame {}

    /** From the node: what its state comes to. */
    @Keyed("compared")
    record Compared(
            @JsonPropertyDescription("The state after this commit.") @Min(0)
            long revision,

            @JsonPropertyDescription("Its sums.") @Size(max = StateSums.CHARACTERS)
            String sums)
            implements Frame {}

    /** From the control plane: the next commit. */
    @Keyed("commit")
    record CommitFrame(
            @JsonPropertyDescription("Its revision.") @Min(1)
            long revision,

            @JsonPropertyDescription("What changes.") @Size(min = 1, max = 1_000)
            List<Change> changes,

            @JsonPropertyDescription("The control plane's signature.")
            Signed proof)
            implements Frame {}

    /** From the control plane, to nodes that take it: the next commits, one after the other. */
    @Keyed("commits")
    record CommitFrames(
            @JsonPropertyDescription("Commits in the order of the log.") @Size(min = 1, max = 1_000)
            List<CommitFrame> commits)
            implements Frame {}

    /** From the control plane: the whole state follows in pieces. */
    @Keyed("snapshotBegin")
    record SnapshotBegin(
            @JsonPropertyDescription("Identity of the log.") @Size(max = 100)
            String history,

            @JsonPropertyDescription("The state after this commit.") @Min(0)
            long revision,

            @JsonPropertyDescription("Purges above it are all included.") @Min(0)
            long purgeFloor,

            @JsonPropertyDescription("Number of entries at most.") @Min(0) @Max(10_000_000)
            long entries)
            implements Frame {}

    /** From the control plane: a piece of the state. */
    @Keyed("snapshotPart")
    record SnapshotPart(@JsonPropertyDescription("Entries.") List<Item> entries) implements Frame {}

    /** From the control plane: the state is complete. */
    @Keyed("snapshotEnd")
    record SnapshotEnd(
            @JsonPropertyDescription("As at its beginning.") @Min(0)
            long revision,

            @JsonPropertyDescription("Number of entries.") @Min(0)
            long entries,

            @JsonPropertyDescription("The control plane's signature.")
            Signed proof)
            implements Frame {}

    /** From the control plane: a snapshot lies on the bus that the node reads, as {@code SnapshotBegin} to {@code SnapshotEnd}. */
    @Keyed("snapshotStored")
    record SnapshotStored(
            @JsonPropertyDescription("Its name there.") @Size(min = 1, max = 200)
            String name) implements Frame {}

    /** From a node that reads a bus: commits that it misses there. */
    @Keyed("wanted")
    record Wanted(
            @JsonPropertyDescription("Last revision that it has.") @Min(0)
            long after,

            @JsonPropertyDescription("Last revision that it misses.") @Min(1)
            long upTo)
            implements Frame {}

    /** From a node that reads a bus: a blob that is not there; answered by a {@link BlobStored}. */
    @Keyed("blobWanted")
    record BlobWanted(
            @JsonPropertyDescription("SHA-256 in hex.") @Size(min = 64, max = 64)
            String sha256) implements Frame {}

    /** From the control plane: the blob is on the bus, or cannot be had. */
    @Keyed("blobStored")
    record BlobStored(
            @JsonPropertyDescription("SHA-256 in hex.") @Size(min = 64, max = 64)
            String sha256,

            @JsonProperty(defaultValue = "")
            @JsonPropertyDescription("Why it cannot be had; empty when it is there.")
            @Size(max = 500)
            String refusal)
            implements Frame {}

    /** From the control plane, last: why it closes the stream. */
    @Keyed("bye")
    record Bye(
            @JsonPropertyDescription("One line.") @Size(max = 500)
            String reason) implements Frame {}

    /** From the control plane: something to be done now, answered by an {@link OrderDone}. */
    @Keyed("order")
    record OrderGiven(
            @JsonPropertyDescription("Number of the order on this stream.") @Min(1)
            long number,

            @JsonPropertyDescription("What to do.") Order order)
            implements Frame {}

    /** From the node: what came of an order. */
    @Keyed("orderDone")
    record OrderDone(
            @JsonPropertyDescription("Number of the order on this stream.") @Min(1)
            long number,

            @JsonPropertyDescription("What came of it.") OrderResult result)
            implements Frame {}

    /** From the node: a function changes a key of a namespace; answered by a {@link KvWritten}. */
    @Keyed("kvWrite")
    record KvAsked(
            @JsonPropertyDescription("Number of the question on this stream.") @Min(1)
            long number,

            @JsonPropertyDescription("The change.") KvWrite write)
            implements Frame {}

    /** From the node: the same with a value that comes in pieces, as they are asked for; answered by a {@link KvWritten}. */
    @Keyed("kvUpload")
    record KvUploadAsked(
            @JsonPropertyDescription("Number of the question on this stream.") @Min(1)
            long number,

            @JsonPropertyDescription("The change, without its value.")
            KvWrite write)
            implements Frame {}

    /** From the control plane: how much of a value the node may send. */
    @Keyed("kvMore")
    record KvMore(
            @JsonPropertyDescription("Number of the question on this stream.") @Min(1)
            long number,

            @JsonPropertyDescription("Pieces, those that it has sent included.") @Min(1)
            int pieces)
            implements Frame {}

    /** From the node: the next piece of a value. */
    @Keyed("kvPiece")
    record KvPiece(
            @JsonPropertyDescription("Number of the question on this stream.") @Min(1)
            long number,

            @JsonPropertyDescription("Piece in base64; empty after the last one; absent when no more will come.")
            @Size(max = KvUpload.MAX_PIECE_CHARACTERS)
            @Nullable
            String data)
            implements Frame {}

    /** From the control plane: the change is in the log, or was refused. */
    @Keyed("kvWritten")
    record KvWritten(
            @JsonPropertyDescription("Number of the question on this stream.") @Min(1)
            long number,

            @JsonProperty(defaultValue = "")
            @JsonPropertyDescription("Why it was refused; empty when it was not.")
            @Size(max = 1_000)
            String refusal)
            implements Frame {}

    /** From the control plane: the functions whose runs somebody watches from now on, as {@code ACCOUNT/FUNCTION}. */
    @Keyed("tail")
    record Tail(
            @JsonPropertyDescription("Functions that are watched.") @Size(max = 1_000)
            List<String> functions) implements Frame {}

    /** From the node: runs of watched functions. */
    @Keyed("records")
    record Records(
            @JsonPropertyDescription("Runs that were not handed on since the last message.") @Min(0)
            long dropped,

            @JsonPropertyDescription("Runs.") @Size(max = 10_000)
            List<LiveRecord> records)
            implements Frame {}

    /** From the node: closed intervals of what was used, in order; answered by a {@link UsageTaken}. */
    @Keyed("usage")
    record Usage(
            @JsonPropertyDescription("The run of the node's process, unique over all of them.")
            @Size(min = 1, max = UsageInterval.MAX_BOOT)
            String boot,

            @JsonProperty(defaultValue = "0")
            @JsonPropertyDescription(
                    "Number of the last interval of the run that went before on this stream; 0 for the oldest that the node has.")
            @Min(0)
            long previous,

            @JsonPropertyDescription("Intervals.") @Size(min = 1, max = 1_000)
            List<UsageInterval> intervals)
            implements Frame {}

    /** From the control plane: all intervals of a run up to this one are stored. */
    @Keyed("usageTaken")
    record UsageTaken(
            @JsonPropertyDescription("The run.") @Size(min = 1, max = UsageInterval.MAX_BOOT)
            String boot,

            @JsonPropertyDescription("Number of the last interval.") @Min(1)
            long sequence,

            @JsonProperty(defaultValue = "{}") @JsonPropertyDescription("The node's parts of quotas, by account.")
            Map<String, QuotaShare> shares)
            implements Frame {}

    /** As text. */
    default String encode() {
        return RecordJson.write(this, Frame.class).toString();
    }

    /**
     * Reads a message.
     *
     * @throws IllegalArgumentException when it is none
     */
    static Frame decode(String text) {
        return Frames.decode(text);
    }
}
