package dev.verge.node.geo;

import com.maxmind.db.CHMCache;
import com.maxmind.db.MaxMindDbConstructor;
import com.maxmind.db.MaxMindDbParameter;
import com.maxmind.db.Reader;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Countries of addresses, from a file in the MaxMind DB format that is read whole: a file that is replaced, or cut short, while it is in
 * use does no harm. {@link #look} takes a new one in. Lookups are for any thread and do not block.
 */
public final class Countries {
    /** Nothing is known. */
    public static final Countries NONE = new Countries(null);

    /** Larger files are refused. Databases of countries have some 10 MiB, those of cities 60 MiB. */
    public static final long MAX_BYTES = 256L << 20;

    private static final Logger LOG = LoggerFactory.getLogger(Countries.class);

    private final @Nullable Path file;
    private volatile @Nullable Loaded loaded;
    private @Nullable Mark seen;

    /** What tells files apart that have the same name one after the other. */
    private record Mark(
            long bytes, FileTime changed, @Nullable Object key) {}

    private record Loaded(Reader reader, Instant built) {}

    private Countries(@Nullable Path file) {
        this.file = file;
    }

    /** Countries by a setting: a file, or null for none. */
    public static Countries of(@Nullable String database) {
        return database == null ? NONE : by(Path.of(database));
    }

    /**
     * Countries by a file.
     *
     * @throws IllegalArgumentException naming the setting, when the file cannot be read as such a database
     */
    public static Countries by(Path file) {
        Countries countries = new Countries(file);
        try {
            Mark now = mark(file);
            countries.loaded = load(file, now);
            countries.seen = now;
        } catch (IOException | RuntimeException wrong) {
            throw new IllegalArgumentException(
                    "geo.database: " + file + " cannot be read as a database in the MaxMind DB format ("
                            + wrong.getMessage() + "); name such a file, as GeoLite2-Country.mmdb, or leave geo out",
                    wrong);
        }
        return countries;
    }

    private static Mark mark(Path file) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        return new Mark(attributes.size(), attributes.lastModifiedTime(), attributes.fileKey());
    }

    private static Loaded load(Path file, Mark mark) throws IOException {
        if (mark.bytes > MAX_BYTES) {
            throw new IOException("it has " + mark.bytes + " bytes, more than " + MAX_BYTES);
        }
        try (InputStream content = new BufferedInputStream(Files.newInputStream(file))) {
            Reader reader = new Reader(content, new CHMCache());
            return new Loaded(reader, reader.getMetadata().buildTime());
        }
    }

    /** Takes in a file that is new under its name; keeps the last good one when it cannot be read. Reads the disk. */
    public synchronized void look() {
        Path path = file;
        if (path == null) {
            return;
        }
        try {
            Mark now = mark(path);
            if (now.equals(seen)) {
                return;
            }
            seen = now;
            Loaded fresh = load(path, now);
            loaded = fresh;
            LOG.info("geo database {} is taken in, built {}", path, fresh.built);
        } catch (IOException | RuntimeException wrong) {
            LOG.warn("geo database {} cannot be read, the one before stays: {}", path, wrong.getMessage());
        }
    }

    /** Two capital letters (ISO 3166-1), or empty when it is not known. */
    public String of(InetAddress address) {
        Loaded now = loaded;
        if (now == null) {
            return "";
        }
        try {
            Network found = now.reader.get(address, Network.class);
            return found == null ? "" : found.code();
        } catch (IOException | RuntimeException broken) {
            // A database that is broken within: its other addresses may be of use.
            LOG.debug("geo database: {}", broken.getMessage());
            return "";
        }
    }

    /** For {@code /readyz}: {@code none}, or when the database was built. */
    public String summary() {
        Loaded now = loaded;
        return now == null ? "none" : "built " + now.built;
    }

    /** What is read of an entry: where the address is used, else where it is registered. */
    public static final class Network {
        private final String code;

        @MaxMindDbConstructor
        public Network(
                @MaxMindDbParameter(name = "country") @Nullable Place country,
                @MaxMindDbParameter(name = "registered_country") @Nullable Place registered) {
            Place place = country != null && country.code != null ? country : registered;
            String written = place == null || place.code == null ? "" : place.code.toUpperCase(Locale.ROOT);
            code = written.matches("[A-Z]{2}") ? written : "";
        }

        String code() {
            return code;
        }
    }

    /** A country. */
    public static final class Place {
        private final @Nullable String code;

        @MaxMindDbConstructor
        public Place(@MaxMindDbParameter(name = "iso_code") @Nullable String code) {
            this.code = code;
        }
    }
}
