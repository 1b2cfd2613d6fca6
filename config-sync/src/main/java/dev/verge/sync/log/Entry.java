package dev.verge.sync.log;

import dev.verge.sync.binding.Binder;
import dev.verge.sync.binding.BindingException;
import dev.verge.sync.binding.RecordJson;
import java.util.Set;

/** The typed value behind a key of the log. */
public sealed interface Entry
        permits SiteEntry,
                FunctionEntry,
                PurgeEntry,
                NodeOrder,
                KvEntry,
                CertificateEntry,
                AccountEntry,
                SigningKeyEntry,
                ChallengeEntry {

    /** Where this entry stands in the log. */
    String key();

    /** Hashes of the blobs that a node needs to put it into force. */
    default Set<String> blobs() {
        return Set.of();
    }

    /** The value as compact JSON text. */
    default String toJson() {
        return RecordJson.write(this).toString();
    }

    /**
     * Reads a value back.
     *
     * @throws IllegalArgumentException when the key is of no known kind, the JSON does not fit its kind, or key and value disagree
     */
    static Entry decode(String key, String json) {
        Class<? extends Entry> type;
        if (key.startsWith(Keys.SITE_PREFIX)) {
            type = SiteEntry.class;
        } else if (key.startsWith(Keys.FUNCTION_PREFIX)) {
            type = FunctionEntry.class;
        } else if (key.startsWith(Keys.PURGE_PREFIX)) {
            type = PurgeEntry.class;
        } else if (key.startsWith(Keys.ORDER_PREFIX)) {
            type = NodeOrder.class;
        } else if (key.startsWith(Keys.KV_PREFIX)) {
            type = KvEntry.class;
        } else if (key.startsWith(Keys.CERTIFICATE_PREFIX)) {
            type = CertificateEntry.class;
        } else if (key.startsWith(Keys.ACCOUNT_PREFIX)) {
            type = AccountEntry.class;
        } else if (key.startsWith(Keys.SIGNING_PREFIX)) {
            type = SigningKeyEntry.class;
        } else if (key.startsWith(Keys.CHALLENGE_PREFIX)) {
            type = ChallengeEntry.class;
        } else {
            throw new IllegalArgumentException("log key of an unknown kind: " + key);
        }
        Entry entry;
        try {
            entry = Binder.standard().bindJson(json, type).orThrow();
        } catch (BindingException mistakes) {
            throw new IllegalArgumentException("log entry " + key + ": " + mistakes.getMessage(), mistakes);
        }
        if (!entry.key().equals(key)) {
            throw new IllegalArgumentException("log entry " + key + " says that it is " + entry.key());
        }
        return entry;
    }
}
