package dev.verge.sandbox;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** What one function may use. The ceilings here are the platform's; operators may lower them by {@link FunctionCeilings}. */
public record FunctionLimits(
        @JsonProperty(defaultValue = "50ms")
        @DurationMin(millis = 1)
        @DurationMax(seconds = MAX_CPU_SECONDS)
        @JsonPropertyDescription(
                "CPU time of one invocation, its waitUntil work included. The first ones after a start may also use what that left of startup.")
        Duration cpu,

        @JsonProperty(defaultValue = "30s")
        @DurationMin(millis = 1)
        @DurationMax(minutes = MAX_WALL_MINUTES)
        @JsonPropertyDescription("Time from the call to its end, waiting included.")
        Duration wall,

        @JsonProperty(defaultValue = "128MiB")
        @Min(MIN_MEMORY_BYTES)
        @Max(MAX_MEMORY_BYTES)
        @JsonPropertyDescription(
                "Memory a function may hold. Decides the heap of its account's host (the largest of the account's functions, plus 96 MiB).")
        long memoryBytes,

        @JsonProperty(defaultValue = "1GiB")
        @Min(MIN_MEMORY_BYTES)
        @Max(MAX_ALLOCATED_BYTES)
        @JsonPropertyDescription(
                "Bytes an invocation may allocate for each second of CPU time it has used, on top of memoryBytes.")
        long allocatedBytes,

        @JsonProperty(defaultValue = "50")
        @Min(0)
        @Max(MAX_SUBREQUESTS)
        @JsonPropertyDescription("Calls of fetch() in one invocation.")
        int subrequests,

        @JsonProperty(defaultValue = "16")
        @Min(1)
        @Max(MAX_CONCURRENT_SUBREQUESTS)
        @JsonPropertyDescription(
                "Subrequests of one invocation that wait for their answer at a time; further ones queue.")
        int concurrentSubrequests,

        @JsonProperty(defaultValue = "128KiB")
        @Min(0)
        @Max(MAX_LOG_BYTES)
        @JsonPropertyDescription("Log text kept of one invocation; what follows is dropped, and a line says so.")
        long logBytes,

        @JsonProperty(defaultValue = "400ms")
        @DurationMin(millis = 1)
        @DurationMax(seconds = MAX_STARTUP_SECONDS)
        @JsonPropertyDescription(
                "CPU time for evaluating the modules of the function, before its first request. Calls of a function that is new in its process may each use what is left of it beyond cpu, five times startup together.")
        Duration startup,

        @JsonProperty(defaultValue = "10MiB")
        @Min(1)
        @Max(MAX_CODE_BYTES)
        @JsonPropertyDescription("Size of all modules of the function together.")
        long codeBytes) {

    /** The platform's ceilings, and the least that makes sense. */
    static final int MAX_CPU_SECONDS = 2;

    static final int MAX_WALL_MINUTES = 5;
    static final long MIN_MEMORY_BYTES = 16L << 20;
    static final long MAX_MEMORY_BYTES = 512L << 20;
    static final long MAX_ALLOCATED_BYTES = 16L << 30;
    static final long MAX_SUBREQUESTS = 1000;
    static final long MAX_CONCURRENT_SUBREQUESTS = 100;
    static final long MAX_LOG_BYTES = 1L << 20;
    static final int MAX_STARTUP_SECONDS = 2;
    static final long MAX_CODE_BYTES = 10L << 20;

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
        return with(value, wall, allocatedBytes, concurrentSubrequests);
    }

    /** These limits with another {@code wall}. */
    public FunctionLimits withWall(Duration value) {
        return with(cpu, value, allocatedBytes, concurrentSubrequests);
    }

    /** These limits with another {@code allocatedBytes}. */
    public FunctionLimits withAllocatedBytes(long value) {
        return with(cpu, wall, value, concurrentSubrequests);
    }

    /** These limits with another {@code concurrentSubrequests}. */
    public FunctionLimits withConcurrentSubrequests(int value) {
        return with(cpu, wall, allocatedBytes, value);
    }

    private FunctionLimits with(Duration newCpu, Duration newWall, long newAllocatedBytes, int concurrent) {
        return new FunctionLimits(
                newCpu, newWall, memoryBytes, newAllocatedBytes, subrequests, concurrent, logBytes, startup, codeBytes);
    }
}
