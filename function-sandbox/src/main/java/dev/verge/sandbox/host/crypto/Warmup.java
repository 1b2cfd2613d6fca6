package dev.verge.sandbox.host.crypto;

import dev.verge.sandbox.host.crypto.KeyMaterial.Form;
import java.security.GeneralSecurityException;

/**
 * Loads the providers of the operations that functions use most. Cold, a first signature takes a tenth of a second, which a function would
 * be charged for, and which a host that has locked itself down could not do at all if it needed a file.
 */
public final class Warmup {
    private Warmup() {}

    /**
     * Takes about half a second of CPU in a cold host.
     *
     * @throws IllegalStateException when this JDK cannot do what the API promises
     */
    public static void run() {
        try {
            byte[] data = Randomness.bytes(32);
            for (Hash hash : Hash.values()) {
                var _ = hash.digest(data);
                var _ = hash == Hash.MD5 ? data : Macs.sign(hash, data, data);
            }
            var _ = Macs.pbkdf2(Hash.SHA_256, data, data, 2, 32);
            var _ = Aes.gcm(true, data, new byte[12], new byte[0], 128, data);
            var _ = Aes.cbc(true, data, new byte[16], data);
            var _ = Aes.ctr(data, new byte[16], 64, data);
            var _ = Aes.kw(true, data, data);
            EcKey ec = EcKey.generate(Curve.P_256);
            EcKey again = EcKey.decode(Curve.P_256, Form.PKCS8, ec.encoded(Form.PKCS8));
            var _ = Ec.verify(again, Hash.SHA_256, Ec.sign(ec, Hash.SHA_256, data), data);
            var _ = Ec.agree(ec, again);
            OkpKey ed = OkpKey.generate(OkpKey.Kind.ED25519);
            var _ = Ec.verify(ed, Ec.sign(ed, data), data);
            OkpKey x = OkpKey.generate(OkpKey.Kind.X25519);
            var _ = Ec.agree(x, OkpKey.generate(OkpKey.Kind.X25519));
            // The shortest modulus with room for OAEP's padding: only the classes matter.
            RsaKey rsa = RsaKey.generate(2 * RsaKey.MIN_BITS, new byte[] {1, 0, 1});
            RsaKey rsaAgain = RsaKey.decode(Form.PKCS8, rsa.encoded(Form.PKCS8));
            var _ = Rsa.verify(
                    rsa, Hash.SHA_256, Rsa.NO_SALT, Rsa.sign(rsaAgain, Hash.SHA_256, Rsa.NO_SALT, data), data);
            var _ = Rsa.verify(rsa, Hash.SHA_256, 32, Rsa.sign(rsa, Hash.SHA_256, 32, data), data);
            var _ = Rsa.oaep(true, rsa, Hash.SHA_1, new byte[0], data);
        } catch (GeneralSecurityException | CryptoFailure e) {
            throw new IllegalStateException("This JDK lacks an algorithm of the Web Cryptography API", e);
        }
    }
}
