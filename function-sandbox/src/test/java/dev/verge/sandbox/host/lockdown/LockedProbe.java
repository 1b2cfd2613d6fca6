package dev.verge.sandbox.host.lockdown;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import javax.crypto.Cipher;
import javax.crypto.KeyGenerator;

/**
 * A process that locks itself down as a host does, tries what an attacker would, and prints a line for each attempt: its name and what
 * came of it, a system call's result or an exception's name.
 *
 * <p>Arguments: the folder to attack; optionally one attempt that is expected to end the process.
 */
final class LockedProbe {
    private final Kernel kernel = new Kernel(Architecture.current().orElseThrow());
    private final Arena arena = Arena.global();
    private final Path folder;
    private final long parent;

    private LockedProbe(Path folder, long parent) {
        this.folder = folder;
        this.parent = parent;
    }

    public static void main(String[] arguments) throws InterruptedException {
        long parent = ProcessHandle.current().parent().orElseThrow().pid();
        LockDown.Report report = LockDown.apply();
        System.out.println("standing=" + report.standing().size());
        System.out.println("refused=" + report.refused());
        LockedProbe probe = new LockedProbe(Path.of(arguments[0]), parent);
        Runnable attempts = arguments.length > 1 ? () -> probe.die(arguments[1]) : probe::attempts;
        // As scripts: on a thread that was started after the lock-down.
        Thread owner = Thread.ofPlatform().start(attempts);
        owner.join();
        System.out.println("alive=yes");
    }

    private void say(String name, Object result) {
        System.out.println(name + "=" + result);
    }

    private void call(String name, Syscall call, long... arguments) {
        say(name, kernel.call(call, arguments));
    }

    private void java(String name, Callable<Object> attempt) {
        try {
            say(name, attempt.call());
        } catch (Exception | LinkageError e) {
            say(name, e.getClass().getSimpleName());
        }
    }

    private long text(String value) {
        return Kernel.text(arena, value);
    }

    private void die(String name) {
        switch (name) {
            case "exec" -> call(name, Syscall.EXECVE, text("/bin/true"), 0, 0);
            case "ptrace" -> call(name, Syscall.PTRACE, 16, parent, 0, 0);
            case "io_uring" -> call(name, Syscall.IO_URING_SETUP, 1, Kernel.bytes(arena, new byte[120]));
            case "read-parent" -> call(name, Syscall.PROCESS_VM_READV, parent, 0, 0, 0, 0, 0);
            default -> throw new IllegalArgumentException(name);
        }
    }

    private static Object list(Path path) throws IOException {
        try (Stream<Path> files = Files.list(path)) {
            return files.count();
        }
    }

    private void attempts() {
        call("socket-inet", Syscall.SOCKET, 2, 1, 0);
        call("socket-unix", Syscall.SOCKET, 1, 1, 0);
        call("socket-netlink", Syscall.SOCKET, 16, 3, 0);
        java("connect-loopback", () -> SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), 80)));
        call("fork", Syscall.CLONE, 17, 0, 0, 0, 0);
        java("process", () -> new ProcessBuilder("/bin/true").start());
        call("open-new", Syscall.OPENAT, -100, text(folder.resolve("new").toString()), 0x41, 0600);
        call(
                "open-own-for-writing",
                Syscall.OPENAT,
                -100,
                text(folder.resolve("own").toString()),
                2,
                0);
        call("open-memory-file", Syscall.MEMFD_CREATE, text("m"), 0);
        java("write-file", () -> Files.writeString(folder.resolve("new"), "x"));
        java("delete-file", () -> Files.deleteIfExists(folder.resolve("own")));
        java("make-folder", () -> Files.createDirectory(folder.resolve("f")));
        java("read-passwd", () -> Files.readString(Path.of("/etc/passwd")));
        java("read-other-file", () -> Files.readString(folder.resolve("own")));
        java("list-folder", () -> list(folder));
        java("list-root", () -> list(Path.of("/")));
        java("parent-environ", () -> Files.readAllBytes(Path.of("/proc/" + parent + "/environ")));
        java("parent-maps", () -> Files.readString(Path.of("/proc/" + parent + "/maps")));
        java("own-environ", () -> Files.readAllBytes(Path.of("/proc/self/environ")));
        java("own-memory", () -> Files.readAllBytes(Path.of("/proc/self/mem")));
        call("kill-parent", Syscall.KILL, parent, 0);
        call("kill-parent-thread", Syscall.TGKILL, parent, parent, 0);
        call("raise-file-limit", Syscall.PRLIMIT64, 0, 1, Kernel.bytes(arena, new byte[16]), 0);
        call("limit-of-parent", Syscall.PRLIMIT64, parent, 1, Kernel.bytes(arena, new byte[16]), 0);
        call("dumpable-again", Syscall.PRCTL, 4, 1);
        call("another-filter", Syscall.SECCOMP, 1, 0, 0);
        call("capabilities-again", Syscall.CAPSET, 0, 0);
        goesOn();
    }

    /** What scripts and the JVM need all the same. */
    private void goesOn() {
        java("new-thread", () -> {
            Thread thread = Thread.ofPlatform().start(() -> {});
            thread.join();
            return "done";
        });
        java(
                "new-class",
                () -> Class.forName("dev.verge.sandbox.FunctionBundle").getSimpleName());
        java(
                "class-of-the-jdk",
                () -> Class.forName("java.util.zip.GZIPOutputStream").getSimpleName());
        java("cipher", () -> {
            KeyGenerator keys = KeyGenerator.getInstance("AES");
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(Cipher.ENCRYPT_MODE, keys.generateKey());
            return cipher.doFinal(new byte[16]).length;
        });
        java("random", () -> new SecureRandom().nextInt(1, 2));
        java(
                "elliptic",
                () -> java.security.KeyPairGenerator.getInstance("EC")
                        .generateKeyPair()
                        .getPublic()
                        .getAlgorithm());
        java("cpu-time", () -> ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() > 0);
        java("collection", () -> {
            byte[][] garbage = new byte[8][];
            for (int i = 0; i < 2000; i++) {
                garbage[i % 8] = new byte[1 << 20];
            }
            return ManagementFactory.getGarbageCollectorMXBeans().stream()
                    .anyMatch(bean -> bean.getCollectionCount() > 0);
        });
        java("interrupt", () -> {
            Thread sleeper = Thread.ofPlatform().start(() -> {
                try {
                    Thread.sleep(60_000);
                } catch (InterruptedException e) {
                    // As asked.
                }
            });
            sleeper.interrupt();
            sleeper.join();
            return "done";
        });
        java(
                "resource",
                () -> Objects.requireNonNull(LockDown.class.getResource("LockDown.class"))
                        .getProtocol());
        java("compile", LockedProbe::work);
    }

    /** Enough for the just-in-time compilers. */
    private static Object work() throws IOException {
        long sum = 0;
        for (int i = 0; i < 50_000_000; i++) {
            sum = sum * 31 + i;
        }
        return sum != 0;
    }
}
