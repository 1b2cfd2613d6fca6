package dev.verge.control.acme;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where the certificates of sites with {@code tls.certificate: auto} come from. Off without a directory. */
public record AcmeSettings(
        @JsonPropertyDescription(
                "Directory of the certificate authority, for example https://acme-v02.api.letsencrypt.org/directory. Without one,"
                        + " documents that say auto are refused.")
        @Pattern(regexp = "https://[^\\s?#]+", message = "an https URL without query")
        @Size(max = 2000)
        @Nullable
        String directory,

        @JsonProperty(defaultValue = "false")
        @JsonPropertyDescription("That you agree to the authority's terms of service; required with a directory.")
        boolean termsAgreed,

        @JsonProperty(defaultValue = "[]")
        @JsonPropertyDescription("Where the authority may reach you, for example mailto:ops@example.com.")
        @Size(max = 10)
        List<@Pattern(regexp = "[a-z]+:[^\\s]+", message = "a URL such as mailto:ops@example.com") String> contacts,

        @JsonPropertyDescription(
                "File with the certificates, PEM, that alone are believed to speak for the directory; those of the Java platform"
                        + " when absent.")
        @Size(min = 1, max = 4096)
        @Nullable
        String caFile,

        @JsonPropertyDescription(
                "Key identifier of an account that the authority knows you by (external account binding).")
        @Size(min = 1, max = 1000)
        @Nullable
        String eabKeyId,

        @JsonPropertyDescription("File with that account's MAC key, base64url; goes with eabKeyId.")
        @Size(min = 1, max = 4096)
        @Nullable
        String eabKeyFile,

        @JsonProperty(defaultValue = "50")
        @Min(1)
        @Max(10_000)
        @JsonPropertyDescription(
                "New orders in any hour, of all accounts; more wait. A site has five at the most, whatever happens to it.")
        int ordersPerHour) {

    /** No certificates by ACME. */
    public static final AcmeSettings OFF = new AcmeSettings(null, false, List.of(), null, null, null, 50);

    public AcmeSettings {
        contacts = List.copyOf(contacts);
        if (directory != null && !termsAgreed) {
            throw new IllegalArgumentException(
                    "termsAgreed: the authority issues only to who agrees to its terms of service; read them, and set true");
        }
        if ((eabKeyId == null) != (eabKeyFile == null)) {
            throw new IllegalArgumentException("eabKeyFile: eabKeyId and eabKeyFile go together; set both or none");
        }
    }

    /** Whether certificates can be had. */
    public boolean on() {
        return directory != null;
    }
}
