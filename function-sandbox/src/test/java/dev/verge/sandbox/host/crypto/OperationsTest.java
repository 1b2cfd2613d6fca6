package dev.verge.sandbox.host.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.verge.sandbox.host.crypto.KeyMaterial.Form;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class OperationsTest {
    private interface Work {
        void run() throws GeneralSecurityException, CryptoFailure;
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }

    /** Runs work that would take minutes, interrupts it, and gives what it ended with. */
    private static @Nullable Throwable interrupted(Work work) throws InterruptedException {
        AtomicReference<@Nullable Throwable> end = new AtomicReference<>();
        CountDownLatch begun = new CountDownLatch(1);
        Thread worker = Thread.ofPlatform().start(() -> {
            begun.countDown();
            try {
                work.run();
            } catch (GeneralSecurityException | CryptoFailure | RuntimeException e) {
                end.set(e);
            }
        });
        begun.await();
        worker.interrupt();
        assertThat(worker.join(Duration.ofSeconds(10))).isTrue();
        return end.get();
    }

    @Test
    void everyOperationThatIsWarmedWorks() {
        Warmup.run();
    }

    @Test
    void aDerivationCanBeStopped() throws InterruptedException {
        assertThat(interrupted(() -> Macs.pbkdf2(Hash.SHA_512, new byte[8], new byte[8], 4_000_000_000L, 64)))
                .isInstanceOf(Stop.class);
    }

    @Test
    void theSearchForPrimesCanBeStopped() throws InterruptedException {
        assertThat(interrupted(() -> {
                    for (int i = 0; i < 100; i++) {
                        var _ = RsaKey.generate(RsaKey.MAX_GENERATED_BITS, new byte[] {1, 0, 1});
                    }
                }))
                .isInstanceOf(Stop.class);
    }

    @Test
    void theCounterOfCtrWrapsWithinItsBits() throws GeneralSecurityException, CryptoFailure {
        byte[] key = new byte[16];
        byte[] counter = hex("00000000000000000000000000ffffff");
        byte[] both = Aes.ctr(key, counter, 24, new byte[48]);
        byte[] start = Aes.ctr(key, new byte[16], 24, new byte[32]);
        assertThat(HexFormat.of().formatHex(both)).endsWith(HexFormat.of().formatHex(start));
        assertThatThrownBy(() -> Aes.ctr(key, counter, 1, new byte[33])).isInstanceOf(CryptoFailure.class);
    }

    @ParameterizedTest
    @EnumSource
    void keysOfCurvesSurviveTheirEncodings(Curve curve) throws GeneralSecurityException, CryptoFailure {
        EcKey key = EcKey.generate(curve);
        EcKey decoded = EcKey.decode(curve, Form.PKCS8, key.encoded(Form.PKCS8));
        EcKey parsed = EcKey.fromJwk(curve, List.of(key.jwk().split("\n")));
        assertThat(decoded.encoded(Form.PKCS8)).isEqualTo(parsed.encoded(Form.PKCS8));
        assertThat(EcKey.decode(curve, Form.SPKI, key.encoded(Form.SPKI)).encoded(Form.RAW))
                .isEqualTo(EcKey.decode(curve, Form.RAW, key.encoded(Form.RAW)).encoded(Form.RAW));
    }

    @ParameterizedTest
    @EnumSource
    void octetKeyPairsSurviveTheirEncodings(OkpKey.Kind kind) throws GeneralSecurityException, CryptoFailure {
        OkpKey key = OkpKey.generate(kind);
        OkpKey decoded = OkpKey.decode(kind, Form.PKCS8, key.encoded(Form.PKCS8));
        assertThat(decoded.encoded(Form.RAW)).isEqualTo(key.encoded(Form.RAW));
        assertThat(OkpKey.decode(kind, Form.SPKI, key.encoded(Form.SPKI)).encoded(Form.RAW))
                .isEqualTo(key.encoded(Form.RAW));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "30",
                "3080",
                "3084ffffffff",
                "30820000",
                "3003020100",
                "308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b0201010420",
                "3059301306072a8648ce3d020106082a8648ce3d03010703420004",
            })
    void brokenEncodingsAreRefusedAsData(String encoded) {
        for (Form form : List.of(Form.SPKI, Form.PKCS8)) {
            assertThatThrownBy(() -> EcKey.decode(Curve.P_256, form, hex(encoded)))
                    .satisfies(OperationsTest::isData);
            assertThatThrownBy(() -> OkpKey.decode(OkpKey.Kind.ED25519, form, hex(encoded)))
                    .satisfies(OperationsTest::isData);
            assertThatThrownBy(() -> RsaKey.decode(form, hex(encoded))).satisfies(OperationsTest::isData);
        }
    }

    private static void isData(Throwable failure) {
        assertThat(failure).isInstanceOf(CryptoFailure.class);
        assertThat(((CryptoFailure) failure).kind()).isEqualTo(CryptoFailure.Kind.DATA);
    }

    @Test
    void keysDoNotShowThemselves() throws GeneralSecurityException, CryptoFailure {
        for (KeyMaterial key : List.of(
                new SecretBytes(hex("c0ffee")),
                EcKey.generate(Curve.P_256),
                OkpKey.generate(OkpKey.Kind.ED25519),
                RsaKey.generate(1024, new byte[] {3}))) {
            assertThat(key.toString()).matches(key.getClass().getName().replace(".", "\\.") + "@[0-9a-f]+");
        }
    }
}
