package dev.verge.deploy.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PortPlanTest {
    private static UpOptions options(int http, int https, int api, int admin, int origins, int nodes) {
        return new UpOptions(Path.of("unused"), http, https, api, admin, origins, nodes, true, true, false);
    }

    @Test
    void defaultPortsDoNotMeet() throws StartFailure {
        assertThat(PortPlan.of(options(8080, 8443, 8900, 9100, 9001, 20))).isNotNull();
    }

    @ParameterizedTest
    @CsvSource({
        "8080, 8080, 8900, 9100, 9001, 1, 8080",
        "8080, 8443, 9002, 9100, 9001, 1, 9002",
        "8080, 8090, 8900, 9100, 9001, 2, 8090",
        "65530, 8443, 8900, 9100, 9001, 2, 65540",
    })
    void clashesAreWrongUsageAndNameThePort(
            int http, int https, int api, int admin, int origins, int nodes, String port) {
        assertThatThrownBy(() -> PortPlan.of(options(http, https, api, admin, origins, nodes)))
                .isInstanceOfSatisfying(
                        StartFailure.class,
                        failure -> assertThat(failure.exitCode()).isEqualTo(2))
                .hasMessageContaining(port);
    }

    @Test
    void aTakenPortNamesItsHolderAndTheOptionThatMovesIt() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            int port = taken.getLocalPort();
            PortPlan plan = PortPlan.of(options(port, port > 60_000 ? port - 1 : port + 1, 1025, 1026, 1027, 1));
            assertThatThrownBy(() -> requireOnly(plan, port))
                    .isInstanceOfSatisfying(
                            StartFailure.class,
                            failure -> assertThat(failure.exitCode()).isEqualTo(1))
                    .hasMessageContaining("port " + port)
                    .hasMessageContaining("pid " + ProcessHandle.current().pid())
                    .hasMessageContaining("--http");
        }
    }

    /** Ports of the plan that other programs of this machine may have are not this test's matter. */
    private static void requireOnly(PortPlan plan, int port) throws StartFailure {
        try {
            plan.requireFree();
        } catch (StartFailure failure) {
            if (failure.line().contains("port " + port)) {
                throw failure;
            }
            throw new AssertionError("another port was in the way: " + failure.line(), failure);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'  0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  0  0 4711 1 0', 8080, 4711",
        "'  0: 0100007F:1F90 00000000:0000 01 00000000:00000000 00:00000000 00000000  0  0 4711 1 0', 8080, ''",
        "'  0: 0100007F:1F91 00000000:0000 0A 00000000:00000000 00:00000000 00000000  0  0 4711 1 0', 8080, ''",
        "'  sl  local_address rem_address   st tx_queue', 8080, ''",
    })
    void listeningSocketsAreReadFromTheKernelsTable(String line, int port, String inode) {
        assertThat(PortHolder.listeningInode(line, port).orElse("")).isEqualTo(inode);
    }
}
