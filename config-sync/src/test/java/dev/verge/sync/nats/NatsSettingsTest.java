package dev.verge.sync.nats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.verge.sync.binding.Binder;
import dev.verge.sync.binding.Bound;
import dev.verge.sync.binding.Problem;
import java.util.List;
import org.junit.jupiter.api.Test;

class NatsSettingsTest {

    private static List<String> problems(String yaml) {
        return Binder.standard().bindText(yaml, NatsSettings.class)
                        instanceof Bound.Invalid<NatsSettings>(List<Problem> problems)
                ? problems.stream().map(Problem::message).toList()
                : List.of();
    }

    @Test
    void serversAreReachedWithTlsAndInTheClearOnLoopbackOnly() {
        assertThat(problems("servers: [tls://nats.example:4222, nats://127.0.0.1:4222]"))
                .isEmpty();
        assertThat(problems("{}")).isEmpty();
        assertThat(problems("servers: [nats://nats.example:4222]").toString())
                .contains("nats://nats.example:4222", "use tls://");
        assertThat(problems("servers: [http://nats.example]").toString()).contains("write tls://HOST:PORT");
        assertThat(problems("servers: [tls://me:secret@nats.example]").toString())
                .contains("credentials")
                .contains("***");
        assertThat(problems("subjectPrefix: Two.Tokens").toString()).contains("subjectPrefix", "lower-case letters");
    }
}
