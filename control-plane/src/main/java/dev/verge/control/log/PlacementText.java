package dev.verge.control.log;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.verge.control.resource.WireJson;
import dev.verge.sync.document.Placement;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Placements as columns hold them: JSON, or null for all nodes. */
public final class PlacementText {
    private static final TypeReference<Placement> PLACEMENT = new TypeReference<>() {};

    private PlacementText() {}

    /** What is stored of it. */
    public static @Nullable String of(Placement placement) {
        return placement.everywhere() ? null : WireJson.text(placement);
    }

    /** What was stored. */
    public static Placement read(@Nullable String stored) {
        return stored == null
                ? Placement.EVERYWHERE
                : WireJson.read(stored.getBytes(StandardCharsets.UTF_8), PLACEMENT);
    }
}
