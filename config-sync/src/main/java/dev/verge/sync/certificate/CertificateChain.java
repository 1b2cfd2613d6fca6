package dev.verge.sync.certificate;

import io.netty.util.NetUtil;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A server's or client's certificate with those that lead from it to an authority, its own first (RFC 8446 §4.4.2).
 *
 * @param certificates one to {@link #MAX_CERTIFICATES}, each signed by the next
 */
public record CertificateChain(List<X509Certificate> certificates) {

    /** Most certificates of a chain. */
    public static final int MAX_CERTIFICATES = 10;

    /** Longest chain as PEM, in characters. */
    public static final int MAX_PEM_LENGTH = 64 << 10;

    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]{1,40})-----([A-Za-z0-9+/=\\s]*)-----END \\1-----");
    private static final int DNS_NAME = 2;
    private static final int ADDRESS = 7;

    public CertificateChain {
        certificates = List.copyOf(certificates);
    }

    /**
     * Reads PEM (RFC 7468) and checks that each certificate is signed by the one after it.
     *
     * @throws IllegalArgumentException with what is wrong and, after a semicolon, what to do
     */
    public static CertificateChain parse(String pem) {
        List<X509Certificate> certificates = certificates(pem);
        if (certificates.size() > MAX_CERTIFICATES) {
            throw new IllegalArgumentException("holds " + certificates.size() + " certificates, more than "
                    + MAX_CERTIFICATES + "; leave out those that do not lead from the first one to its authority");
        }
        for (int i = 1; i < certificates.size(); i++) {
            if (!isSignedBy(certificates.get(i - 1), certificates.get(i))) {
                throw new IllegalArgumentException("certificate " + (i + 1) + " has not signed certificate " + i
                        + "; put the site's own certificate first, then the one that signed it, and so on");
            }
        }
        return new CertificateChain(certificates);
    }

    /**
     * Reads every certificate of a PEM text, in any order.
     *
     * @throws IllegalArgumentException with what is wrong and, after a semicolon, what to do
     */
    public static List<X509Certificate> certificates(String pem) {
        if (pem.length() > MAX_PEM_LENGTH) {
            throw new IllegalArgumentException(
                    "is longer than " + MAX_PEM_LENGTH + " characters; leave out what is not needed");
        }
        List<X509Certificate> certificates = new ArrayList<>();
        Matcher blocks = BLOCK.matcher(pem);
        while (blocks.find()) {
            if (!blocks.group(1).equals("CERTIFICATE")) {
                throw new IllegalArgumentException(
                        "holds a " + blocks.group(1) + " beside certificates; leave that out");
            }
            certificates.add(certificate(blocks.group()));
        }
        if (certificates.isEmpty()) {
            throw new IllegalArgumentException("holds no certificate; write PEM, -----BEGIN CERTIFICATE-----");
        }
        return certificates;
    }

    private static X509Certificate certificate(String block) {
        try {
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(block.getBytes(StandardCharsets.US_ASCII)));
        } catch (CertificateException e) {
            throw new IllegalArgumentException("holds a block that is no X.509 certificate; export it again as PEM", e);
        }
    }

    private static boolean isSignedBy(X509Certificate certificate, X509Certificate issuer) {
        if (!certificate.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())) {
            return false;
        }
        try {
            certificate.verify(issuer.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** The certificate that names the hosts. */
    public X509Certificate leaf() {
        return certificates.getFirst();
    }

    /** The DNS names and addresses that it is for (its subjectAltName), canonical; a common name counts for nothing (RFC 9525 §2). */
    public List<String> names() {
        List<String> names = new ArrayList<>();
        for (List<?> name : alternativeNames()) {
            boolean kind = name.getFirst() instanceof Integer type && (type == DNS_NAME || type == ADDRESS);
            if (kind && name.get(1) instanceof String text) {
                names.add(canonical(text));
            }
        }
        return names;
    }

    private static String canonical(String name) {
        byte[] address = NetUtil.createByteArrayFromIpAddressString(name);
        if (address != null) {
            return NetUtil.bytesToIpAddress(address);
        }
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }

    private Collection<List<?>> alternativeNames() {
        try {
            Collection<List<?>> names = leaf().getSubjectAlternativeNames();
            return names == null ? List.of() : names;
        } catch (CertificateParsingException e) {
            return List.of();
        }
    }

    /**
     * Whether it is for a host: the same name, or a wildcard in place of its first label (RFC 9525 §6.3). A host that is itself a
     * pattern, {@code *.shop.example}, needs that very wildcard.
     *
     * @param host canonical
     */
    public boolean covers(String host) {
        return covers(names(), host);
    }

    /** The same for names that were read before. */
    public static boolean covers(Collection<String> names, String host) {
        if (names.contains(host)) {
            return true;
        }
        int dot = host.indexOf('.');
        return dot > 0
                && !NetUtil.isValidIpV4Address(host)
                && host.indexOf(':') < 0
                && names.contains("*" + host.substring(dot));
    }

    /** SHA-256 of the first certificate, lower-case hex. */
    public String fingerprint() {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(leaf().getEncoded()));
        } catch (NoSuchAlgorithmException | CertificateEncodingException e) {
            throw new IllegalStateException("every Java platform has SHA-256, and a read certificate its bytes", e);
        }
    }

    /** What the certificate may be used for, beyond everything: the object identifiers of its extended key usage, null for any use. */
    public @Nullable List<String> uses() {
        try {
            return leaf().getExtendedKeyUsage();
        } catch (CertificateParsingException e) {
            return List.of();
        }
    }

    /** Its algorithm and size in words, {@code RSA 2048}, {@code EC 256}, {@code Ed25519}. */
    public String keyType() {
        return PrivateKeys.describe(leaf().getPublicKey());
    }

    /** How the first certificate is signed, in lower case. */
    public String signature() {
        return leaf().getSigAlgName().toLowerCase(Locale.ROOT);
    }
}
