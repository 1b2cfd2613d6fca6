package dev.verge.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.verge.control.api.OpenApi;
import dev.verge.control.api.Reply;
import dev.verge.control.api.Route;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Clients know what is sent and answered by its name alone. */
final class OpenApiTest {
    private static final class Sites {
        record Summary(String name, int version) {}
    }

    private static final class Functions {
        record Summary(String name, long bytes) {}
    }

    @Test
    void twoAnswersOfOneNameAreRefused() {
        Route.Answer sites = Route.Answer.page(Sites.Summary.class);
        assertThat(OpenApi.describe(List.of(get("/sites", sites), get("/sites/newest", sites)))
                        .at("/components/schemas/Summary/properties/version/type")
                        .textValue())
                .isEqualTo("integer");
        List<Route> both = List.of(get("/sites", sites), get("/functions", Route.Answer.page(Functions.Summary.class)));
        assertThatThrownBy(() -> OpenApi.describe(both))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll("Summary", "Sites", "Functions");
    }

    private static Route get(String path, Route.Answer answer) {
        return Route.get(path, "id" + path.hashCode(), null, "Some.", answer, call -> Reply.empty(204));
    }
}
