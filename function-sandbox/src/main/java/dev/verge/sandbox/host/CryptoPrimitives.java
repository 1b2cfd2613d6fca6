package dev.verge.sandbox.host;

import dev.verge.sandbox.host.crypto.Aes;
import dev.verge.sandbox.host.crypto.CryptoFailure;
import dev.verge.sandbox.host.crypto.Curve;
import dev.verge.sandbox.host.crypto.Ec;
import dev.verge.sandbox.host.crypto.EcKey;
import dev.verge.sandbox.host.crypto.Hash;
import dev.verge.sandbox.host.crypto.KeyMaterial;
import dev.verge.sandbox.host.crypto.KeyMaterial.Form;
import dev.verge.sandbox.host.crypto.Macs;
import dev.verge.sandbox.host.crypto.OkpKey;
import dev.verge.sandbox.host.crypto.Randomness;
import dev.verge.sandbox.host.crypto.Rsa;
import dev.verge.sandbox.host.crypto.RsaKey;
import dev.verge.sandbox.host.crypto.SecretBytes;
import dev.verge.sandbox.host.crypto.Stop;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.proxy.ProxyExecutable;
import org.graalvm.polyglot.proxy.ProxyObject;
import org.jspecify.annotations.Nullable;

/**
 * The host's functions for cryptography and randomness. Data crosses as (buffer, offset, length), parameters as whole buffers; an
 * operation that fails gives the name of its exception behind an exclamation mark.
 *
 * <p>Keys stay on this side. A script's web API holds a {@link Held} for each, which can only be given back, and which is freed with the
 * CryptoKey or the context.
 */
final class CryptoPrimitives {
    /** Most bytes that an operation takes: work on so much ends before a host has to. */
    private static final int MAX_BYTES = 64 << 20;

    private static final int MAX_RANDOM_BYTES = 65536;

    private static final String OPERATION_ERROR = "!" + CryptoFailure.Kind.OPERATION.domName();

    /** What a script's side cannot look into. */
    private record Held<T>(T content) implements ProxyExecutable {
        @Override
        public @Nullable Object execute(Value... arguments) {
            return null;
        }

        @Override
        public String toString() {
            return "held by the host";
        }
    }

    private interface Operation {
        Object apply(Value... a) throws GeneralSecurityException, CryptoFailure;
    }

    /** Adds them under the names the scripts of the web API know; and base64, in which modules of bytes are written. */
    void addTo(Map<String, Object> host) {
        Bindings.add(host, "uuid", a -> UUID.randomUUID().toString());
        Bindings.add(host, "random", a -> random(a[0]));
        add(host, "fromBase64", a -> Base64.getMimeDecoder().decode(text(a[0])));
        add(host, "toBase64", a -> Base64.getEncoder().encodeToString(data(a, 0)));
        Bindings.add(host, "subtle", a -> ProxyObject.fromMap(operations()));
    }

    private static ByteBuffer random(Value count) {
        return ByteBuffer.wrap(Randomness.bytes(Math.min(count.asInt(), MAX_RANDOM_BYTES)));
    }

    private static void add(Map<String, Object> to, String name, Operation operation) {
        Bindings.add(to, name, a -> {
            try {
                Object result = operation.apply(a);
                return switch (result) {
                    case byte[] bytes -> ByteBuffer.wrap(bytes);
                    case KeyMaterial key -> new Held<>(key);
                    default -> result;
                };
            } catch (CryptoFailure e) {
                return "!" + e.kind().domName();
            } catch (GeneralSecurityException e) {
                return OPERATION_ERROR;
            } catch (Stop | PolyglotException e) {
                throw e;
            } catch (RuntimeException e) {
                // A provider's way to refuse odd parameters; nothing of it is for a script.
                return OPERATION_ERROR;
            }
        });
    }

    private static Map<String, Object> operations() {
        Map<String, Object> to = new HashMap<>();
        add(to, "digest", a -> Hash.of(text(a[0])).digest(data(a, 1)));
        add(to, "digester", a -> new Held<>(Hash.of(text(a[0])).begin()));
        add(to, "feed", a -> {
            Hash.update(held(a[0], MessageDigest.class), data(a, 1));
            return true;
        });
        add(to, "finish", a -> held(a[0], MessageDigest.class).digest());
        add(to, "equal", a -> MessageDigest.isEqual(data(a, 0), data(a, 3)));
        // (hash, key, data)
        add(to, "hmac", a -> Macs.sign(Hash.of(text(a[0])), secret(a[1]), data(a, 2)));
        // (hash, key, code, data)
        add(to, "hmacVerify", a -> Macs.verify(Hash.of(text(a[0])), secret(a[1]), whole(a[2]), data(a, 3)));
        // (hash, key, salt, info, bytes)
        add(to, "hkdf", a -> Macs.hkdf(Hash.of(text(a[0])), secret(a[1]), whole(a[2]), whole(a[3]), a[4].asInt()));
        // (hash, key, salt, iterations, bytes)
        add(
                to,
                "pbkdf2",
                a -> Macs.pbkdf2(Hash.of(text(a[0])), secret(a[1]), whole(a[2]), a[3].asLong(), a[4].asInt()));
        // (encrypt, key, iv, data)
        add(to, "cbc", a -> Aes.cbc(a[0].asBoolean(), secret(a[1]), whole(a[2]), data(a, 3)));
        // (encrypt, key, counter, bits, data)
        add(to, "ctr", a -> Aes.ctr(secret(a[1]), whole(a[2]), a[3].asInt(), data(a, 4)));
        // (encrypt, key, iv, additional data, bits of the tag, data)
        add(
                to,
                "gcm",
                a -> Aes.gcm(a[0].asBoolean(), secret(a[1]), whole(a[2]), whole(a[3]), a[4].asInt(), data(a, 5)));
        // (wrap, key, data)
        add(to, "kw", a -> Aes.kw(a[0].asBoolean(), secret(a[1]), data(a, 2)));
        keys(to);
        pairs(to);
        return to;
    }

    private static void keys(Map<String, Object> to) {
        add(to, "secret", a -> new SecretBytes(data(a, 0)));
        add(to, "secretFromJwk", a -> SecretBytes.fromJwk(text(a[0])));
        add(to, "secretBytes", a -> secret(a[0]).length);
        add(to, "publicHalf", a -> held(a[0], KeyMaterial.class).publicHalf());
        add(to, "encoded", a -> held(a[0], KeyMaterial.class).encoded(Form.valueOf(text(a[1]))));
        add(to, "jwk", a -> held(a[0], KeyMaterial.class).jwk());
        // (bits, exponent)
        add(to, "rsa", a -> RsaKey.generate(a[0].asInt(), whole(a[1])));
        // (form, data)
        add(to, "rsaDecode", a -> RsaKey.decode(Form.valueOf(text(a[0])), data(a, 1)));
        add(to, "rsaFromJwk", a -> RsaKey.fromJwk(lines(a[0])));
        add(to, "rsaBits", a -> held(a[0], RsaKey.class).bits());
        add(to, "rsaExponent", a -> held(a[0], RsaKey.class).exponent());
        // (curve), (curve, form, data), (curve, members)
        add(to, "ec", a -> EcKey.generate(Curve.of(text(a[0]))));
        add(to, "ecDecode", a -> EcKey.decode(Curve.of(text(a[0])), Form.valueOf(text(a[1])), data(a, 2)));
        add(to, "ecFromJwk", a -> EcKey.fromJwk(Curve.of(text(a[0])), lines(a[1])));
        add(to, "okp", a -> OkpKey.generate(OkpKey.Kind.of(text(a[0]))));
        add(to, "okpDecode", a -> OkpKey.decode(OkpKey.Kind.of(text(a[0])), Form.valueOf(text(a[1])), data(a, 2)));
        add(to, "okpFromJwk", a -> OkpKey.fromJwk(OkpKey.Kind.of(text(a[0])), lines(a[1])));
    }

    private static void pairs(Map<String, Object> to) {
        // (key, hash, bytes of salt or -1, data), (key, hash, bytes of salt or -1, signature, data)
        add(to, "rsaSign", a -> Rsa.sign(held(a[0], RsaKey.class), Hash.of(text(a[1])), a[2].asInt(), data(a, 3)));
        add(
                to,
                "rsaVerify",
                a -> Rsa.verify(held(a[0], RsaKey.class), Hash.of(text(a[1])), a[2].asInt(), whole(a[3]), data(a, 4)));
        // (encrypt, key, hash, label, data)
        add(
                to,
                "oaep",
                a -> Rsa.oaep(
                        a[0].asBoolean(), held(a[1], RsaKey.class), Hash.of(text(a[2])), whole(a[3]), data(a, 4)));
        // (key, hash, data), (key, hash, signature, data)
        add(to, "ecSign", a -> Ec.sign(held(a[0], EcKey.class), Hash.of(text(a[1])), data(a, 2)));
        add(to, "ecVerify", a -> Ec.verify(held(a[0], EcKey.class), Hash.of(text(a[1])), whole(a[2]), data(a, 3)));
        add(to, "edSign", a -> Ec.sign(held(a[0], OkpKey.class), data(a, 1)));
        add(to, "edVerify", a -> Ec.verify(held(a[0], OkpKey.class), whole(a[1]), data(a, 2)));
        // (own, other)
        add(to, "ecAgree", a -> Ec.agree(held(a[0], EcKey.class), held(a[1], EcKey.class)));
        add(to, "okpAgree", a -> Ec.agree(held(a[0], OkpKey.class), held(a[1], OkpKey.class)));
    }

    private static String text(Value value) {
        return value.asString();
    }

    private static List<String> lines(Value value) {
        return List.of(value.asString().split("\n", -1));
    }

    private static byte[] data(Value[] a, int at) throws CryptoFailure {
        if (a[at + 2].asLong() > MAX_BYTES) {
            throw CryptoFailure.tooLarge(MAX_BYTES);
        }
        return Bindings.bytes(a[at], a[at + 1], a[at + 2]);
    }

    private static byte[] whole(Value buffer) throws CryptoFailure {
        if (buffer.getBufferSize() > MAX_BYTES) {
            throw CryptoFailure.tooLarge(MAX_BYTES);
        }
        byte[] bytes = new byte[(int) buffer.getBufferSize()];
        buffer.readBuffer(0, bytes, 0, bytes.length);
        return bytes;
    }

    private static byte[] secret(Value held) {
        return held(held, SecretBytes.class).bytes();
    }

    private static <T> T held(Value value, Class<T> kind) {
        if (value.isProxyObject() && value.asProxyObject() instanceof Held<?> held && kind.isInstance(held.content())) {
            return kind.cast(held.content());
        }
        throw new IllegalArgumentException("not what the host holds for this operation");
    }
}
