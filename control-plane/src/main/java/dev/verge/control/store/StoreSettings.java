package dev.verge.control.store;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import org.jspecify.annotations.Nullable;

/** Where the store is: SQLite in the data folder, or a PostgreSQL database that several control planes share. */
public record StoreSettings(
        @JsonPropertyDescription(
                "PostgreSQL database as a JDBC URL, for example jdbc:postgresql://db.internal/verge?sslmode=verify-full."
                        + " Several control planes may share it. SQLite in the data folder when absent.")
        @Pattern(regexp = "jdbc:postgresql:.+", message = "a PostgreSQL URL; write jdbc:postgresql://HOST/DATABASE")
        @Size(max = 2000)
        @Nullable
        String url,

        @JsonPropertyDescription("User of the database; the URL's own when absent.") @Size(min = 1, max = 200) @Nullable
        String user,

        @JsonPropertyDescription(
                "File with the user's password; VERGE_STORE_PASSWORD in the environment stands above it. No password when"
                        + " both are absent.")
        @Size(min = 1, max = 4096)
        @Nullable
        String passwordFile) {

    /** SQLite. */
    public static StoreSettings defaults() {
        return new StoreSettings(null, null, null);
    }
}
