package dev.verge.sync.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class SigningPairTest {
    private static final byte[] MESSAGE = "a commit".getBytes(StandardCharsets.UTF_8);

    @Test
    void signsAsRfc8032Does() {
        // Section 7.1, test 2, the secret in PKCS#8 (RFC 8410).
        SigningPair pair = SigningPair.parse(
                base64("302e020100300506032b657004220420"
                        + "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"),
                base64("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"));
        byte[] message = {0x72};
        String signature = pair.sign(message);
        assertThat(signature)
                .isEqualTo(base64("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                        + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"));
        assertThat(SigningPair.verify(pair.publicKey(), message, signature)).isTrue();
    }

    @Test
    void agreesWithTheJavaPlatform() throws GeneralSecurityException {
        SigningPair pair = SigningPair.generate();
        Signature platform = Signature.getInstance("Ed25519");
        platform.initSign(RawKeys.ED25519.privateKey(pair.privateText()));
        platform.update(MESSAGE);
        assertThat(pair.sign(MESSAGE)).isEqualTo(Base64.getEncoder().encodeToString(platform.sign()));
        SigningPair again = SigningPair.parse(pair.privateText(), pair.publicKey());
        assertThat(again.sign(MESSAGE)).isEqualTo(pair.sign(MESSAGE));
    }

    @Test
    void takesNothingElseForASignature() {
        SigningPair pair = SigningPair.generate();
        String signature = pair.sign(MESSAGE);
        assertThat(SigningPair.verify(pair.publicKey(), MESSAGE, signature)).isTrue();
        assertThat(SigningPair.verify(pair.publicKey(), new byte[0], signature)).isFalse();
        assertThat(SigningPair.verify(SigningPair.generate().publicKey(), MESSAGE, signature))
                .isFalse();
        for (String wrong : new String[] {"", "AAAA", "no base64", base64("00".repeat(64)), base64("ff".repeat(64))}) {
            assertThat(SigningPair.verify(pair.publicKey(), MESSAGE, wrong))
                    .as(wrong)
                    .isFalse();
            assertThat(SigningPair.verify(wrong, MESSAGE, signature)).as(wrong).isFalse();
            assertThat(SigningPair.isPublicKey(wrong)).as(wrong).isFalse();
        }
        assertThat(SigningPair.isPublicKey(pair.publicKey())).isTrue();
    }

    private static String base64(String hex) {
        return Base64.getEncoder().encodeToString(HexFormat.of().parseHex(hex));
    }
}
