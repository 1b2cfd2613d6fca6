package dev.verge.node.compress;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AcceptEncodingTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '#', textBlock = """
                ##                             | IDENTITY | true
                gzip                           | GZIP     | true
                x-gzip                         | GZIP     | true
                GZIP                           | GZIP     | true
                gzip, deflate, br, zstd        | BR       | true
                gzip, zstd                     | ZSTD     | true
                br;q=0.5, zstd;q=0.9, gzip;q=0.8 | ZSTD   | true
                br;q=0, gzip                   | GZIP     | true
                br;q=0.001                     | BR       | true
                br ; q = 0.2 , gzip;Q=0.3      | GZIP     | true
                *                              | BR       | true
                *;q=0.1, gzip                  | GZIP     | true
                *, br;q=0                      | ZSTD     | true
                *;q=0                          | IDENTITY | false
                gzip, *;q=0                    | GZIP     | false
                identity                       | IDENTITY | true
                identity, gzip                 | GZIP     | true
                identity;q=1, gzip;q=0.5       | IDENTITY | true
                identity;q=0, gzip             | GZIP     | false
                identity;q=0                   | IDENTITY | false
                identity;q=0.5, *;q=0          | IDENTITY | true
                deflate, compress              | IDENTITY | true
                br;q=2, gzip                   | GZIP     | true
                br;q=, gzip;q=0.1              | GZIP     | true
                br;q=0.1234, gzip;q=0.1        | GZIP     | true
                br;q=1.001, gzip               | GZIP     | true
                br;x=1, gzip                   | GZIP     | true
                """)
    void takesTheBestThatBothSidesKnow(String field, Coding coding, boolean takesIdentity) {
        assertThat(AcceptEncoding.of(List.of(field))).isEqualTo(new AcceptEncoding(coding, takesIdentity));
    }

    @Test
    void withoutTheFieldNothingIsCoded() {
        assertThat(AcceptEncoding.of(List.of())).isEqualTo(new AcceptEncoding(Coding.IDENTITY, true));
    }

    @Test
    void readsAllLinesUpToABound() {
        assertThat(AcceptEncoding.of(List.of("deflate", "gzip")).coding()).isEqualTo(Coding.GZIP);
        assertThat(AcceptEncoding.of(List.of("x,".repeat(32) + "gzip")).coding())
                .isEqualTo(Coding.IDENTITY);
    }

    @Test
    void allCodingsCanBeMadeHere() {
        assertThat(Coding.makeable()).containsExactly(Coding.BR, Coding.ZSTD, Coding.GZIP);
    }
}
