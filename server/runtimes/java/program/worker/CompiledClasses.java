package io.dispatchframework.solo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/** Keeps what the first worker of a container has compiled for those that come after it: a container has one function. */
record CompiledClasses(Path folder) {
    /** Null when there is none. */
    Map<String, byte[]> read() {
        try (Stream<Path> files = Files.list(folder)) {
            Map<String, byte[]> classes = new HashMap<>();
            for (Path file : files.toList()) classes.put(file.getFileName().toString(), Files.readAllBytes(file));
            return classes;
        } catch (IOException absent) {
            return null;
        }
    }

    /** All of them at once, under the names of their classes; without room there is nothing to read. */
    void write(Map<String, byte[]> classes) {
        try {
            Path part = Files.createTempDirectory("classes");
            try {
                for (Map.Entry<String, byte[]> entry : classes.entrySet())
                    Files.write(part.resolve(entry.getKey()), entry.getValue());
                Files.move(part, folder, StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException refused) {
                for (String name : classes.keySet()) Files.deleteIfExists(part.resolve(name));
                Files.delete(part);
            }
        } catch (IOException refused) {
            // Compiled again by the next one.
        }
    }
}
