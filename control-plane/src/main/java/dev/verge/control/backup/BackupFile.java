package dev.verge.control.backup;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * The form of a backup: a ZIP file with {@value #MANIFEST} first, then {@code tables/NAME.jsonl} with a row as a JSON object on each line,
 * then {@code blobs/SHA256}. The same whatever database the store is in, so a backup of one may be restored into the other.
 */
final class BackupFile {
    /** The form that this version writes and reads. */
    static final int FORM = 1;

    static final String MANIFEST = "verge-backup.json";
    static final String TABLES = "tables/";
    static final String LINES = ".jsonl";
    static final String BLOBS = "blobs/";

    /** Every table that is part of the state, each after those that it refers to. */
    static final List<String> ORDER = List.of(
            "setting",
            "counter",
            "log_head",
            "log",
            "account",
            "account_limits",
            "token",
            "site",
            "site_version",
            "site_host",
            "function",
            "function_version",
            "function_share",
            "function_secret",
            "function_schedule",
            "schedule_run",
            "site_function",
            "certificate",
            "site_certificate",
            "acme_site",
            "acme_account",
            "kv",
            "kv_usage",
            "namespace_reach",
            "purge",
            "node",
            "node_token",
            "function_rollout",
            "site_rollout",
            "usage_minute",
            "usage_run",
            "usage_gap",
            "node_key",
            "signing_key",
            "fleet_key",
            "audit");

    /** Tables that are not: what holds for a moment, for one database only, or follows from others. */
    static final List<String> LEFT_OUT = List.of(
            "replay",
            "console_session",
            "replica",
            "relay",
            "rollout_count",
            "acme_attempt",
            "quota_use",
            "function_use",
            "node_load",
            "origin_outage",
            "blob",
            "flyway_schema_history");

    private BackupFile() {}

    /**
     * What stands first in a backup.
     *
     * @param history identity of the log that it was taken of
     * @param revision the log's head
     * @param rows of each table
     */
    record Manifest(
            int form,
            String software,
            Instant madeAt,
            String history,
            long revision,
            Map<String, Long> rows,
            long blobs) {}
}
