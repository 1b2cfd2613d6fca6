package dev.verge.sync.usage;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One number of a {@link UsageRow}; every number is a sum, so rows are added field by field. */
public enum UsageField {
    /** Requests to a site by class of status; 0 stands for those whose client went away before a head was sent. */
    STATUS_0("status0"),
    STATUS_1XX("status1xx"),
    STATUS_2XX("status2xx"),
    STATUS_3XX("status3xx"),
    STATUS_4XX("status4xx"),
    STATUS_5XX("status5xx"),
    /** Requests answered out of the cache, stale and revalidated ones included. */
    HITS("hits"),
    /** Requests that the cache was asked for in vain. */
    MISSES("misses"),
    /** Runs of a function by outcome. */
    RUN_OK("ok"),
    RUN_THREW("threw"),
    RUN_OVER_CPU("over-cpu"),
    RUN_OVER_MEMORY("over-memory"),
    RUN_OVER_WALL("over-wall"),
    RUN_OVER_SUBREQUESTS("over-subrequests"),
    RUN_BAD_RESPONSE("bad-response"),
    RUN_CANCELLED("cancelled"),
    RUN_KILLED("killed"),
    /** CPU time of runs in microseconds. */
    CPU_MICROS("cpuMicros"),
    /** Time from a host's taking a call to the end of its run, in microseconds. */
    WALL_MICROS("wallMicros"),
    /** The same time weighed with the memory that the function may have: mebibytes × milliseconds. */
    MEBIBYTE_MILLIS("mebibyteMillis"),
    SUBREQUESTS("subrequests"),
    /** Runs that had to wait for the evaluation of the function's modules. */
    COLD_STARTS("coldStarts"),
    /** Content bytes that came in. */
    BYTES_IN("bytesIn"),
    /** Content bytes that went out. */
    BYTES_OUT("bytesOut");

    /** How a function's run may end, in the order of the contract. */
    public static final List<UsageField> OUTCOMES = List.of(
            RUN_OK,
            RUN_THREW,
            RUN_OVER_CPU,
            RUN_OVER_MEMORY,
            RUN_OVER_WALL,
            RUN_OVER_SUBREQUESTS,
            RUN_BAD_RESPONSE,
            RUN_CANCELLED,
            RUN_KILLED);

    /** Classes of status, 0 first. */
    public static final List<UsageField> STATUSES =
            List.of(STATUS_0, STATUS_1XX, STATUS_2XX, STATUS_3XX, STATUS_4XX, STATUS_5XX);

    private static final Map<String, UsageField> BY_WORD =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(UsageField::word, Function.identity()));

    private final String word;

    UsageField(String word) {
        this.word = word;
    }

    /** Its name on the wire; an outcome's is the contract's word for it. */
    public String word() {
        return word;
    }

    /** The field of a word, null when there is none. */
    public static @Nullable UsageField of(String word) {
        return BY_WORD.get(word);
    }
}
