package dev.verge.node.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.verge.sandbox.FunctionCeilings;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** What functions may use of the machine a node runs on. */
public record Functions(
        @JsonProperty(defaultValue = "2GiB")
        @JsonPropertyDescription("Memory that all function host processes together may be given.")
        @Min(256 << 20)
        @Max(1L << 42)
        long memoryBytes,

        @JsonProperty(defaultValue = "1")
        @JsonPropertyDescription(
                "Function host processes kept booted without an account, ready for the next one that calls.")
        @Min(0)
        @Max(64)
        int spareHosts,

        @JsonProperty(defaultValue = "256MiB")
        @JsonPropertyDescription("Memory for the keys and short values of all key-value namespaces; more is refused.")
        @Min(1 << 20)
        @Max(1L << 36)
        long kvBytes,

        @JsonProperty(defaultValue = "false")
        @JsonPropertyDescription(
                "Whether functions with isolation: shared may run here, those of all accounts in one host process.")
        boolean allowShared,

        @JsonProperty(defaultValue = "false")
        @JsonPropertyDescription(
                "Whether to run no functions at all where the kernel refuses a part of the hosts' lock-down (seccomp, Landlock,"
                        + " resource limits…). When false, they run, and /readyz, metrics and the log say what is missing.")
        boolean requireLockdown,

        @JsonProperty(defaultValue = "512")
        @JsonPropertyDescription("Calls of one account's functions that run at a time; more wait for their turn.")
        @Min(1)
        @Max(1000)
        int callsPerAccount,

        @JsonProperty(defaultValue = "256")
        @JsonPropertyDescription("Calls of one function that run at a time; more wait for their turn.")
        @Min(1)
        @Max(1000)
        int callsPerFunction,

        @JsonProperty(defaultValue = "512")
        @JsonPropertyDescription("Calls of one account that may wait for their turn; one more is answered 429 at once.")
        @Min(0)
        @Max(100_000)
        int waitingPerAccount,

        @JsonProperty(defaultValue = "2s")
        @JsonPropertyDescription("How long a call waits for its turn before it is answered 429.")
        @DurationMin(millis = 1)
        @DurationMax(minutes = 1)
        Duration patience,

        @JsonProperty(defaultValue = "{}")
        @JsonPropertyDescription(
                "Ceilings of single limits of functions on this node, below the platform's; higher limits are lowered to them.")
        FunctionCeilings ceilings) {}
