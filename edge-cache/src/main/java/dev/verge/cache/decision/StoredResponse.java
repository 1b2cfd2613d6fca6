package dev.verge.cache.decision;

import dev.verge.cache.http.ContentRange;
import dev.verge.cache.http.FieldLists;
import dev.verge.cache.http.HttpFields;
import dev.verge.cache.http.ResponseHead;
import dev.verge.cache.options.CacheOptions;
import dev.verge.cache.options.CacheOptions.EdgeTtl;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A stored response without its body, everything that decisions ask for parsed once. Immutable. What the origin said is kept
 * apart from what the site says, so a change of {@link CacheOptions} takes effect on what is already stored.
 */
public final class StoredResponse {
    /** Body length while the response is still being received without Content-Length. */
    public static final long UNKNOWN_LENGTH = -1;

    private static final int PARTIAL = 206;

    private final long id;
    private final ResponseHead head;
    private final HttpFields clientFields;
    private final HttpFields selecting;
    private final Instant requestedAt;
    private final Instant receivedAt;
    private final long bodyBytes;
    private final boolean softPurged;
    private final ResponsePolicy policy;
    private final Freshness freshness;
    private final Vary vary;
    private final List<String> tags;
    private final @Nullable EntityTag etag;
    private final SearchVariance searchVariance;
    private final List<String> groups;
    private final @Nullable ContentRange range;

    /**
     * A response to be stored or read back.
     *
     * @param id the store's name for this response and its body; 0 before it is stored
     * @param head with only those fields that may be stored
     * @param selecting the request fields named by Vary, as they were
     * @param bodyBytes length of the body, or {@link #UNKNOWN_LENGTH}
     */
    public StoredResponse(
            long id,
            ResponseHead head,
            HttpFields selecting,
            Instant requestedAt,
            Instant receivedAt,
            long bodyBytes,
            boolean softPurged) {
        this.id = id;
        HttpFields fields = head.fields().shared();
        this.head = head.withFields(fields);
        this.selecting = selecting.shared();
        this.requestedAt = requestedAt;
        this.receivedAt = receivedAt;
        this.bodyBytes = bodyBytes;
        this.softPurged = softPurged;
        this.clientFields = StoredFields.forClient(fields);
        this.policy = ResponsePolicy.of(fields).shared();
        this.freshness = Freshness.of(head.status(), fields, policy, requestedAt, receivedAt);
        this.vary = Vary.of(fields, this.selecting);
        this.tags = CacheTags.of(fields);
        this.etag = EntityTag.of(fields);
        this.searchVariance = SearchVariance.of(fields);
        this.groups = CacheGroups.of(fields);
        this.range = head.status() == PARTIAL ? ContentRange.of(fields) : null;
    }

    private StoredResponse(StoredResponse base, long id, long bodyBytes, boolean softPurged) {
        this.id = id;
        this.bodyBytes = bodyBytes;
        this.softPurged = softPurged;
        this.head = base.head;
        this.clientFields = base.clientFields;
        this.selecting = base.selecting;
        this.requestedAt = base.requestedAt;
        this.receivedAt = base.receivedAt;
        this.policy = base.policy;
        this.freshness = base.freshness;
        this.vary = base.vary;
        this.tags = base.tags;
        this.etag = base.etag;
        this.searchVariance = base.searchVariance;
        this.groups = base.groups;
        this.range = base.range;
    }

    public StoredResponse withId(long assigned) {
        return new StoredResponse(this, assigned, bodyBytes, softPurged);
    }

    public StoredResponse withBodyBytes(long length) {
        return new StoredResponse(this, id, length, softPurged);
    }

    /** The same response, stale from now on (soft purge). */
    public StoredResponse softPurged() {
        return softPurged ? this : new StoredResponse(this, id, bodyBytes, true);
    }

    public long id() {
        return id;
    }

    /** Status and all stored fields, those for this node alone included. */
    public ResponseHead head() {
        return head;
    }

    public int status() {
        return head.status();
    }

    /** False for a part of a representation, and for an outline. */
    public boolean isComplete() {
        return head.status() != PARTIAL;
    }

    /**
     * What a stored 206 holds. Without bytes it is an outline: head and length of a representation whose bytes are stored in slices.
     * Null for a complete response.
     */
    public @Nullable ContentRange range() {
        return range;
    }

    /** Whether this is head and length of a representation that is stored in slices. */
    public boolean isOutline() {
        return range != null && !range.hasBytes();
    }

    /** The complete response that a 206 is a part of, to be asked what a client gets: 200, without a body of its own. */
    public StoredResponse asWhole() {
        ContentRange known = range;
        if (known == null) {
            return this;
        }
        HttpFields fields = head.fields().toBuilder()
                .remove("Content-Range")
                .set("Content-Length", Long.toString(known.complete()))
                .build();
        return new StoredResponse(
                id, new ResponseHead(200, fields), selecting, requestedAt, receivedAt, known.complete(), softPurged);
    }

    /**
     * Whether storing this one ends the other: both were selected by the same request fields, and this is no lesser thing. A
     * part never ends a complete response or an outline.
     */
    public boolean replaces(StoredResponse other) {
        boolean sameKind = isComplete() == other.isComplete() && isOutline() == other.isOutline();
        return (isComplete() || sameKind) && vary.sameSelection(other.vary);
    }

    /** The fields a client may see; Age, Via and Cache-Status are added for each answer. */
    public HttpFields clientFields() {
        return clientFields;
    }

    public HttpFields selecting() {
        return selecting;
    }

    public Instant requestedAt() {
        return requestedAt;
    }

    public Instant receivedAt() {
        return receivedAt;
    }

    public long bodyBytes() {
        return bodyBytes;
    }

    public boolean isSoftPurged() {
        return softPurged;
    }

    public Vary vary() {
        return vary;
    }

    /** Tags from Cache-Tag and Surrogate-Key, for purging. */
    public List<String> tags() {
        return tags;
    }

    /** Groups of its origin (RFC 9875). */
    public List<String> groups() {
        return groups;
    }

    public @Nullable EntityTag etag() {
        return etag;
    }

    /** For which queries besides its own this response stands as well. */
    public SearchVariance searchVariance() {
        return searchVariance;
    }

    /** The text of Last-Modified, null when absent. */
    public @Nullable String lastModified() {
        @Nullable String value = head.fields().first("Last-Modified");
        return value == null ? null : FieldLists.trim(value);
    }

    public boolean hasValidator() {
        return etag != null || lastModified() != null;
    }

    /** The directives this cache obeys: those of a targeted field when there is one, else of Cache-Control. */
    public CacheControl control() {
        return policy.control();
    }

    /** Current age in whole seconds (RFC 9111 §4.2.3). */
    public long ageSeconds(Instant now) {
        long residentMillis = Math.max(0, now.toEpochMilli() - receivedAt.toEpochMilli());
        return freshness.initialAgeSeconds() + residentMillis / 1000;
    }

    /** Time of origination in milliseconds, which ranks variants (§4.1). */
    long dateMillis() {
        return freshness.dateMillis();
    }

    /** Freshness lifetime in seconds (§4.2.1, §4.2.2) under the site's policy. */
    public long lifetimeSeconds(CacheOptions options) {
        EdgeTtl edge = options.edgeTtl();
        @Nullable Duration configured = StatusRules.configured(edge, siteStatus());
        if (edge.mode() == EdgeTtl.EdgeMode.OVERRIDE && configured != null) {
            return configured.toSeconds();
        }
        if (freshness.explicitSeconds() >= 0) {
            return freshness.explicitSeconds();
        }
        return configured != null ? configured.toSeconds() : Math.max(0, freshness.heuristicSeconds());
    }

    /** What the site says of 200 counts for its parts. */
    private int siteStatus() {
        return isComplete() ? head.status() : 200;
    }

    /** Whether something other than the site's options gives this response a lifetime or allows to assume one. */
    boolean statesLifetime() {
        return freshness.explicitSeconds() >= 0;
    }

    /** What the origin itself states (§4.2.1), in seconds; -1 when it states nothing. */
    long explicitLifetimeSeconds() {
        return freshness.explicitSeconds();
    }

    /** True when this response must be validated before every reuse (§5.2.2.4); a site's override replaces that too. */
    boolean alwaysValidate(CacheOptions options) {
        return control().noCache() && !overridden(options);
    }

    boolean overridden(CacheOptions options) {
        return options.edgeTtl().mode() == EdgeTtl.EdgeMode.OVERRIDE
                && StatusRules.configured(options.edgeTtl(), siteStatus()) != null;
    }

    @Override
    public String toString() {
        return "StoredResponse[id=" + id + ", status=" + head.status() + ", bodyBytes=" + bodyBytes + "]";
    }
}
