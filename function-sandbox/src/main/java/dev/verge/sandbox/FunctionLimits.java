package dev.verge.sandbox;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** What one function may use. The ceilings here are the platform's; operators may lower them. */
public record FunctionLimits(
        @JsonProperty(defaultValue = "50ms")
        @DurationMin(millis = 1)
        @DurationMax(seconds = 2)
        @JsonPropertyDescription("CPU time of one invocation, its waitUntil work included.")
        Duration cpu,

        @JsonProperty(defaultValue = "30s")
        @DurationMin(millis = 1)
        @DurationMax(minutes = 5)
        @JsonPropertyDescription("Time from the call to its end, waiting included.")
        Duration wall,

        @JsonProperty(defaultValue = "128MiB")
        @Min(16 << 20)
        @Max(512 << 20)
        @JsonPropertyDescription(
                "Memory a function may hold. Decides the heap of its account's host (the largest of the account's functions, plus 96 MiB).")
        long memoryBytes,

        @JsonProperty(defaultValue = "1GiB")
        @Min(16 << 20)
        @Max(16L << 30)
        @JsonPropertyDescription(
                "Bytes an invocation may allocate for each second of CPU time it has used, on top of memoryBytes.")
        long allocatedBytes,

        @JsonProperty(defaultValue = "50")
        @Min(0)
        @Max(1000)
        @JsonPropertyDescription("Calls of fetch() in one invocation.")
        int subrequests,

        @JsonProperty(defaultValue = "16")
        @Min(1)
        @Max(100)
        @JsonPropertyDescription(
                "Subrequests of one invocation that wait for their answer at a time; further ones queue.")
        int concurrentSubrequests,

        @JsonProperty(defaultValue = "128KiB")
        @Min(0)
        @Max(1 << 20)
        @JsonPropertyDescription("Log text kept of one invocation; what follows is dropped, and a line says so.")
        long logBytes,

        @JsonProperty(defaultValue = "400ms")
        @DurationMin(millis = 1)
        @DurationMax(seconds = 2)
        @JsonPropertyDescription("CPU time for evaluating the modules of the function, before its first request.")
        Duration startup,

        @JsonProperty(defaultValue = "10MiB")
        @Min(1)
        @Max(10 << 20)
        @JsonPropertyDescription("Size of all modules of the function together.")
        long codeBytes) {

    /** The limits of a function that names none. */
    public static final FunctionLimits DEFAULT = new FunctionLimits(
            Duration.ofMillis(50),
            Duration.ofSeconds(30),
            128L << 20,
            1L << 30,
            50,
            16,
            128L << 10,
            Duration.ofMillis(400),
            10L << 20);

    public FunctionLimits {
        if (cpu.compareTo(wall) > 0) {
            throw new IllegalArgumentException("cpu: is longer than wall; CPU time is part of wall time");
        }
    }

    /** These limits with another {@code cpu}. */
    public FunctionLimits withCpu(Duration value) {
        return with(value, wall, concurrentSubrequests);
    }

    /** These limits with another {@code wall}. */
    public FunctionLimits withWall(Duration value) {
        return with(cpu, value, concurrentSubrequests);
    }

    /** These limits with another {@code concurrentSubrequests}. */
    public FunctionLimits withConcurrentSubrequests(int value) {
        return with(cpu, wall, value);
    }

    private FunctionLimits with(Duration newCpu, Duration newWall, int concurrent) {
        return new FunctionLimits(
                newCpu, newWall, memoryBytes, allocatedBytes, subrequests, concurrent, logBytes, startup, codeBytes);
    }
}
