package dev.verge.deploy.command;

import java.lang.reflect.Proxy;

/**
 * Signals of the operating system. The JDK has one class for them ({@code sun.misc.Signal}, module {@code jdk.unsupported}, exported
 * and kept for this), by whose name no program compiles without a warning.
 */
final class Signals {
    private Signals() {}

    /**
     * Runs {@code action} whenever the signal comes, on a thread of its own.
     *
     * @param name without SIG; not one that the JVM needs for itself, as USR2 and QUIT
     * @return whether this platform has it
     */
    static boolean on(String name, Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object taker = Proxy.newProxyInstance(
                    Signals.class.getClassLoader(), new Class<?>[] {handler}, (proxy, method, arguments) -> {
                        action.run();
                        return null;
                    });
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), taker);
            return true;
        } catch (ReflectiveOperationException notHere) {
            return false;
        }
    }
}
