package dev.verge.deploy.command;

import java.lang.reflect.Proxy;
import java.util.List;

/**
 * Signals of the operating system. The JDK has one class for them ({@code sun.misc.Signal}, module {@code jdk.unsupported}, exported
 * and kept for this), by whose name no program compiles without a warning.
 */
final class Signals {
    private Signals() {}

    /**
     * Runs {@code action} whenever the signal comes, on a thread of its own; never, if it was ignored before.
     *
     * @param name without SIG; not one that the JVM needs for itself, as USR2 and QUIT
     * @return whether this platform has it
     */
    static boolean on(String name, Runnable action) {
        try {
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object taker = Proxy.newProxyInstance(
                    Signals.class.getClassLoader(), new Class<?>[] {handler}, (proxy, method, arguments) -> {
                        action.run();
                        return null;
                    });
            Object before = handle(name, handler, taker);
            if (handler.getField("SIG_IGN").get(null).equals(before)) {
                // Whoever started this process wants it left alone by this signal.
                handle(name, handler, before);
            }
            return true;
        } catch (ReflectiveOperationException notHere) {
            return false;
        }
    }

    private static Object handle(String name, Class<?> handler, Object action) throws ReflectiveOperationException {
        Class<?> signal = Class.forName("sun.misc.Signal");
        return signal.getMethod("handle", signal, handler)
                .invoke(null, signal.getConstructor(String.class).newInstance(name), action);
    }

    /**
     * Lets a request to end be a clean end: {@link System#exit} with 0 and not the signal's number, which service managers take for a
     * crash. Shutdown hooks run.
     *
     * @return whether it will be so; otherwise a hook that ends well has to say so itself
     */
    static boolean endCleanly() {
        return List.of("TERM", "INT", "HUP").stream().allMatch(name -> on(name, () -> System.exit(0)));
    }
}
