package dev.verge.sync.document;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.verge.sync.expression.Expression;
import dev.verge.sync.expression.Fact;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The conditions of a rule; all that are given must hold. Without any, every request matches. */
public record When(
        @JsonPropertyDescription("Paths, one of which must match: a glob, or ~ and a regular expression.")
        @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
        @NotEmpty
        @Nullable
        List<PathPattern> path,

        @JsonPropertyDescription("Hosts, one of which must match.")
        @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
        @NotEmpty
        @Nullable
        List<HostPattern> host,

        @JsonPropertyDescription("Query arguments and the values they must have.") @NotEmpty @Nullable
        Map<String, ValuePattern> query,

        @JsonPropertyDescription("Request header fields and the values they must have.") @NotEmpty @Nullable
        Map<FieldName, ValuePattern> header,

        @JsonPropertyDescription("Cookies and the values they must have.") @NotEmpty @Nullable
        Map<String, ValuePattern> cookie,

        @JsonPropertyDescription("Methods, one of which must be the request's.")
        @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
        @NotEmpty
        @Nullable
        List<MethodName> method,

        @JsonPropertyDescription("Address ranges, one of which must hold the client.")
        @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
        @NotEmpty
        @Nullable
        List<Cidr> ip,

        @JsonPropertyDescription("How the client reached the node.") @Nullable
        Scheme scheme,

        @JsonPropertyDescription(
                "Countries of the client, two capital letters (ISO 3166-1); never holds on nodes without geo.database.")
        @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
        @NotEmpty
        @Nullable
        List<@Pattern(regexp = "[A-Z]{2}", message = "two capital letters (ISO 3166-1), such as DE") String> country,

        @JsonPropertyDescription("Kinds of clients.")
        @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
        @NotEmpty
        @Nullable
        List<DeviceType> deviceType,

        @JsonPropertyDescription("Status of the response; only in rules whose behaviours are about the response.")
        @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
        @NotEmpty
        @Nullable
        List<StatusRange> status,

        @JsonPropertyDescription("Groups of conditions, one of which must hold.") @Size(min = 1, max = 100) @Nullable
        List<When> any,

        @JsonPropertyDescription("Conditions that must not all hold.") @Nullable
        When not,

        @JsonPropertyDescription("An expression in CEL that must be true.") @Nullable
        Expression expr) {

    /** Conditions that always hold. */
    public static final When ALWAYS =
            new When(null, null, null, null, null, null, null, null, null, null, null, null, null, null);

    /** Whether {@code status} is asked for, here or within. */
    public boolean usesStatus() {
        return status != null
                || (expr != null && expr.usesStatus())
                || (any != null && any.stream().anyMatch(When::usesStatus))
                || (not != null && not.usesStatus());
    }

    /** Whether the client's country is asked for, here or within. */
    public boolean usesCountry() {
        return country != null
                || (expr != null && expr.facts().contains(Fact.COUNTRY))
                || (any != null && any.stream().anyMatch(When::usesCountry))
                || (not != null && not.usesCountry());
    }

    /** The same as a tree, in the order from cheap to costly. */
    public Matcher matcher() {
        return MatcherTree.of(this);
    }
}
