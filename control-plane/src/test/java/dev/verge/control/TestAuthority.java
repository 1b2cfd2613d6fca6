package dev.verge.control;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** An authority of certificates for a test. */
final class TestAuthority {
    private static final AtomicLong SERIALS = new AtomicLong(1000);

    private final X500Name name;
    private final KeyPair pair;
    final String certificate;

    TestAuthority(String commonName) {
        try {
            name = new X500Name("CN=" + commonName);
            pair = pair("EC", 256);
            certificate = pem(new JcaX509v3CertificateBuilder(
                            name,
                            BigInteger.valueOf(SERIALS.incrementAndGet()),
                            Date.from(Instant.now().minus(Duration.ofDays(1))),
                            Date.from(Instant.now().plus(Duration.ofDays(365))),
                            name,
                            pair.getPublic())
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(true))
                    .build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate())));
        } catch (IOException | OperatorException e) {
            throw new AssertionError(e);
        }
    }

    /** A certificate with its key, both PEM. */
    record Issued(String chain, String key, String traditionalKey) {
        String json() {
            return "{\"chain\": " + quoted(chain) + ", \"key\": " + quoted(key) + "}";
        }

        static String quoted(String text) {
            return '"' + text.replace("\r", "").replace("\n", "\\n") + '"';
        }
    }

    Issued issue(String... names) {
        return issue(pair("EC", 256), Duration.ofDays(90), names);
    }

    Issued issue(KeyPair of, Duration validFor, String... names) {
        try {
            GeneralName[] all = List.of(names).stream()
                    .map(each -> new GeneralName(GeneralName.dNSName, each))
                    .toArray(GeneralName[]::new);
            X509CertificateHolder leaf = new JcaX509v3CertificateBuilder(
                            name,
                            BigInteger.valueOf(SERIALS.incrementAndGet()),
                            Date.from(Instant.now().minus(Duration.ofDays(10))),
                            Date.from(Instant.now().plus(validFor)),
                            new X500Name("CN=" + names[0]),
                            of.getPublic())
                    .addExtension(Extension.subjectAlternativeName, false, new GeneralNames(all))
                    .build(new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate()));
            return new Issued(pem(leaf), pem(new JcaPKCS8Generator(of.getPrivate(), null)), pem(of.getPrivate()));
        } catch (IOException | OperatorException e) {
            throw new AssertionError(e);
        }
    }

    static KeyPair pair(String algorithm, int bits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            if (bits > 0) {
                generator.initialize(bits);
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static String pem(Object value) throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(value);
        }
        return text.toString();
    }
}
