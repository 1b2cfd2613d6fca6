package dev.verge.sandbox;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An attack of the folder {@code hostile}: a function whose first line, a comment, says in JSON what must come of it.
 *
 * @param name area and name, as its file is called
 * @param outcomes how the run may end
 * @param body what it must answer, or null for anything
 * @param within from the call to its end (milliseconds, 3 s unless said)
 * @param cpu limit (milliseconds); by default 50 ms, or 2 s where it may answer, or 10 s where it must not run out of it
 * @param wall limit (milliseconds)
 * @param repeat how often it is called, at most, until it ends other than ok
 * @param fresh whether it may end its host, and so gets one of its own
 * @param slow whether it runs in the profile {@code hostile} only
 */
record HostileCase(
        String name,
        String source,
        Set<FunctionOutcome> outcomes,
        @Nullable String body,
        Duration within,
        Duration cpu,
        Duration wall,
        int repeat,
        boolean fresh,
        boolean slow) {

    private static final Set<FunctionOutcome> CPU_ALONE = EnumSet.of(FunctionOutcome.OVER_CPU);

    /** All of the folder, sorted by name. */
    static List<HostileCase> all() {
        try {
            Path folder = Path.of(Objects.requireNonNull(HostileCase.class.getResource("/hostile"), "hostile")
                    .toURI());
            try (Stream<Path> files = Files.walk(folder)) {
                return files.filter(Files::isRegularFile)
                        .sorted()
                        .map(file -> read(folder, file))
                        .toList();
            }
        } catch (IOException | URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    private static HostileCase read(Path folder, Path file) {
        try {
            String source = Files.readString(file);
            JsonObject says = new JsonObject(source.substring(3, source.indexOf('\n')));
            Set<FunctionOutcome> outcomes = EnumSet.noneOf(FunctionOutcome.class);
            JsonArray words = says.getJsonArray("outcomes");
            words.forEach(word -> outcomes.add(FunctionOutcome.valueOf(
                    word.toString().toUpperCase(Locale.ROOT).replace('-', '_'))));
            // One that is not to be stopped for its CPU time has enough of it, on slow machines too.
            boolean mayRunOut = outcomes.contains(FunctionOutcome.OVER_CPU);
            long cpuMillis = !mayRunOut ? 10_000 : outcomes.contains(FunctionOutcome.OK) ? 2_000 : 50;
            return new HostileCase(
                    folder.relativize(file).toString().replace(".js", ""),
                    source,
                    outcomes,
                    says.getString("body"),
                    Duration.ofMillis(says.getLong("withinMs", 3000L)),
                    Duration.ofMillis(says.getLong("cpuMs", cpuMillis)),
                    Duration.ofMillis(says.getLong("wallMs", 30_000L)),
                    says.getInteger("repeat", 1),
                    says.getBoolean("fresh", false),
                    says.getBoolean("slow", false));
        } catch (IOException | RuntimeException e) {
            throw new AssertionError(file.toString(), e);
        }
    }

    FunctionLimits limits() {
        FunctionLimits limits = FunctionLimits.DEFAULT
                .withCpu(cpu.compareTo(wall) < 0 ? cpu : wall)
                .withWall(wall);
        // A loop that makes promises allocates more than a gibibyte a second on fast machines.
        return outcomes.equals(CPU_ALONE) ? limits.withAllocatedBytes(FunctionLimits.MAX_ALLOCATED_BYTES) : limits;
    }

    @Override
    public String toString() {
        return name;
    }
}
