package dev.verge.control;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.verge.control.acme.AcmeSettings;
import dev.verge.control.api.ApiLimits;
import dev.verge.control.function.FunctionCheck;
import dev.verge.control.kv.KvLimits;
import dev.verge.control.log.LogRetention;
import dev.verge.control.store.StoreSettings;
import dev.verge.control.usage.UsageRetention;
import jakarta.validation.constraints.Size;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Everything one control plane is started with (its {@code control-plane.yaml}). Immutable; a change needs a restart, during which
 * nodes go on serving what they have.
 */
public record ControlPlaneConfig(
        @JsonProperty(defaultValue = "127.0.0.1:8900")
        @JsonPropertyDescription("Address and port of the API (HOST:PORT, [V6]:PORT; port 0 takes a free one).")
        ListenAddress listen,

        @JsonPropertyDescription(
                "Folder that this control plane alone owns: the store, if it is SQLite, and the functions' code.")
        @Size(min = 1, max = 4096)
        String data,

        @JsonProperty(defaultValue = "{}") @JsonPropertyDescription("Where the store is.")
        StoreSettings store,

        @Nullable
        @JsonPropertyDescription(
                "File that receives the operator's token at the first start, mode 600; admin-token in the data folder when"
                        + " absent.")
        @Size(min = 1, max = 4096)
        String adminTokenFile,

        @Nullable
        @JsonPropertyDescription(
                "File with the key that secrets are sealed under at rest: 32 bytes in base64, mode 600, made at the first start;"
                        + " secret-key in the data folder when absent. VERGE_SECRET_KEY in the environment stands above it.")
        @Size(min = 1, max = 4096)
        String secretKeyFile,

        @JsonProperty(defaultValue = "{}") @JsonPropertyDescription("Bounds on what callers may send and hold.")
        ApiLimits limits,

        @JsonProperty(defaultValue = "{}") @JsonPropertyDescription("How much of the log's past is kept.")
        LogRetention log,

        @JsonProperty(defaultValue = "{}") @JsonPropertyDescription("How pushed functions are checked.")
        FunctionCheck functions,

        @JsonProperty(defaultValue = "{}")
        @JsonPropertyDescription("How much an account may keep in key-value storage.")
        KvLimits kv,

        @JsonProperty(defaultValue = "{}") @JsonPropertyDescription("How much of what was used is remembered.")
        UsageRetention usage,

        @JsonProperty(defaultValue = "{}")
        @JsonPropertyDescription("Where certificates of sites with `tls.certificate: auto` come from; off when absent.")
        AcmeSettings acme,

        @JsonProperty(defaultValue = "{}") @JsonPropertyDescription("How the log reaches the nodes.")
        SyncSettings sync,

        @JsonProperty(defaultValue = "{}") @JsonPropertyDescription("TLS on the one port; clear text without it.")
        ServerTls tls) {

    /** The operator's token file, resolved. */
    public Path adminTokenPath() {
        return adminTokenFile == null ? Path.of(data, "admin-token") : Path.of(adminTokenFile);
    }

    /** The file with the key of secrets, resolved. */
    public Path secretKeyPath() {
        return secretKeyFile == null ? Path.of(data, "secret-key") : Path.of(secretKeyFile);
    }

    /** Every other setting at its default. */
    public static ControlPlaneConfig of(ListenAddress listen, Path data) {
        return new ControlPlaneConfig(
                listen,
                data.toString(),
                StoreSettings.defaults(),
                null,
                null,
                ApiLimits.defaults(),
                LogRetention.defaults(),
                FunctionCheck.defaults(),
                KvLimits.defaults(),
                UsageRetention.defaults(),
                AcmeSettings.OFF,
                SyncSettings.direct(),
                ServerTls.NONE);
    }
}
