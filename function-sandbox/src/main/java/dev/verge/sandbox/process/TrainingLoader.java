package dev.verge.sandbox.process;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Starts the training of hosts whose classes are in a folder, as they are while this module is built: archives hold classes of jars
 * only, and a class path with folders in it gets none. This class stands alone in a jar on that path and fetches the others.
 */
public final class TrainingLoader {
    private TrainingLoader() {}

    /** Arguments: the folder or jar with the classes of hosts, the main class, and what is for it. */
    public static void main(String[] arguments) throws IOException, ReflectiveOperationException {
        URL classes = Path.of(arguments[0]).toUri().toURL();
        try (URLClassLoader loader = new URLClassLoader(new URL[] {classes}, TrainingLoader.class.getClassLoader())) {
            Thread.currentThread().setContextClassLoader(loader);
            loader.loadClass(arguments[1]).getMethod("main", String[].class).invoke(null, (Object)
                    Arrays.copyOfRange(arguments, 2, arguments.length));
        } catch (InvocationTargetException e) {
            throw new IllegalStateException(e.getCause());
        }
    }
}
