package dev.verge.sandbox.host.lockdown;

import java.util.Optional;

/** A processor architecture that the policy knows the system calls of; both are little endian with 64 bits. */
enum Architecture {
    X86_64(0xC000003E),
    AARCH64(0xC00000B7);

    private final int auditCode;

    Architecture(int auditCode) {
        this.auditCode = auditCode;
    }

    /** What the kernel calls it in a filter's input ({@code AUDIT_ARCH_…}). */
    int auditCode() {
        return auditCode;
    }

    /** That of this process, as the JVM names it. */
    static Optional<Architecture> current() {
        return switch (System.getProperty("os.arch", "")) {
            case "amd64", "x86_64" -> Optional.of(X86_64);
            case "aarch64" -> Optional.of(AARCH64);
            default -> Optional.empty();
        };
    }
}
