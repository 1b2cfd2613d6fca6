package dev.verge.sync.log;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.verge.sync.document.SiteDocument;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;

/**
 * What a certificate authority must find under {@code /.well-known/acme-challenge/TOKEN} of a host to believe that it is ours (RFC 8555
 * §8.3). No secret: everyone may read it who asks for it.
 *
 * @param account owner of the site
 * @param site that the certificate is for
 * @param host canonical
 * @param token base64url, chosen by the authority
 * @param keyAuthorization the token, a dot, and the thumbprint of the account's key
 */
public record ChallengeEntry(
        @JsonPropertyDescription("Owner of the site.") @NotEmpty @Size(max = 100)
        String account,

        @JsonPropertyDescription("Site that the certificate is for.")
        @Pattern(regexp = SiteDocument.NAME, message = SiteDocument.NAME_RULE)
        String site,

        @JsonPropertyDescription("Host that is asked.") @NotEmpty @Size(max = 300)
        String host,

        @JsonPropertyDescription("Token of the authority.")
        @Pattern(regexp = ChallengeEntry.TOKEN, message = "a token of base64url characters")
        String token,

        @JsonPropertyDescription("What is answered.")
        @Pattern(regexp = "[A-Za-z0-9_.-]{1,600}", message = "a key authorization of base64url characters and a dot")
        String keyAuthorization)
        implements Entry {

    /** What tokens look like. */
    public static final String TOKEN = "[A-Za-z0-9_-]{16,500}";

    @Override
    public String key() {
        return Keys.challenge(account, site, token);
    }
}
