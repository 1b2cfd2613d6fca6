package dev.verge.deploy.demo;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The conditional headers of a GET or HEAD, evaluated in the order of RFC 9110 §13.2.2. */
record Conditions(
        @Nullable String ifMatch,
        @Nullable String ifUnmodifiedSince,
        @Nullable String ifNoneMatch,
        @Nullable String ifModifiedSince,
        @Nullable String range,
        @Nullable String ifRange) {
    /** What to answer. */
    sealed interface Verdict {
        /** 412 (§13.1.1, §13.1.4). */
        record Failed() implements Verdict {}

        /** 304 (§15.4.5). */
        record NotModified() implements Verdict {}

        /** 200, 206 or 416, by the range. */
        record Send(ByteRange range) implements Verdict {}
    }

    Verdict against(Asset asset, Asset.Representation chosen) {
        String etag = chosen.etag();
        if (ifMatch != null) {
            if (!lists(ifMatch, etag, false)) {
                return new Verdict.Failed();
            }
        } else if (date(ifUnmodifiedSince).filter(asset.lastModified()::isAfter).isPresent()) {
            return new Verdict.Failed();
        }
        if (ifNoneMatch != null) {
            if (lists(ifNoneMatch, etag, true)) {
                return new Verdict.NotModified();
            }
        } else if (date(ifModifiedSince)
                .filter(since -> !asset.lastModified().isAfter(since))
                .isPresent()) {
            return new Verdict.NotModified();
        }
        return new Verdict.Send(
                range != null && rangeApplies(asset, etag)
                        ? ByteRange.parse(range, chosen.body().length())
                        : new ByteRange.Whole());
    }

    /** §13.1.5: a strong tag, or the exact date. */
    private boolean rangeApplies(Asset asset, String etag) {
        if (ifRange == null) {
            return true;
        }
        String validator = ifRange.strip();
        if (validator.startsWith("\"") || validator.startsWith("W/")) {
            return validator.equals(etag);
        }
        return date(validator).filter(asset.lastModified()::equals).isPresent();
    }

    /** Whether a list of tags, or {@code *}, has {@code etag}; the weak comparison drops {@code W/} (§8.8.3.2). */
    private static boolean lists(String header, String etag, boolean weak) {
        for (String element : header.split(",", -1)) {
            String tag = element.strip();
            if (weak && tag.startsWith("W/")) {
                tag = tag.substring(2);
            }
            if (tag.equals("*") || tag.equals(etag)) {
                return true;
            }
        }
        return false;
    }

    /** A malformed date makes its condition absent (§13.1.3). */
    private static Optional<Instant> date(@Nullable String header) {
        if (header == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(header.strip())));
        } catch (DateTimeException malformed) {
            return Optional.empty();
        }
    }
}
