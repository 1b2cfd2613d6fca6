package dev.verge.deploy.scaffold;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;

/** Writes projects. */
public final class Scaffold {
    private Scaffold() {}

    /**
     * Writes a template's files into a folder, which is made where it is not there.
     *
     * @param name of the function
     * @return the files, relative to the folder
     * @throws FileAlreadyExistsException before anything is written, naming the first file that is there already
     */
    public static List<String> write(Template template, String name, Path folder) throws IOException {
        Map<String, String> files = template.files(name);
        for (String file : files.keySet()) {
            Path target = folder.resolve(file);
            if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
                throw new FileAlreadyExistsException(target.toString());
            }
        }
        for (Map.Entry<String, String> file : files.entrySet()) {
            Path target = folder.resolve(file.getKey());
            Path parent = target.getParent();
            Files.createDirectories(parent == null ? folder : parent);
            // Refuses what came there since the look above.
            Files.writeString(target, file.getValue(), StandardOpenOption.CREATE_NEW);
        }
        return List.copyOf(files.keySet());
    }
}
