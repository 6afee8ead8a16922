package io.dispatchframework.solo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Where sources, classes and libraries lie: as Maven has them, or beside each other in the function's directory. */
record FunctionFiles(Path directory, Path imageLibrary) {
    private static final List<String> SOURCES = List.of("src/main/java", ".");
    private static final List<String> CLASSES = List.of("target/classes", "src/main/resources", ".");
    private static final List<String> LIBRARIES = List.of(".", "lib", "target", "target/lib");

    List<Path> sourcePath() {
        return existing(SOURCES).toList();
    }

    /** The function's own libraries come before those of its image. */
    List<Path> classPath() {
        Stream<Path> own = existing(LIBRARIES).flatMap(FunctionFiles::jarsIn);
        return Stream.of(existing(CLASSES), own, jarsIn(imageLibrary)).flatMap(paths -> paths).toList();
    }

    URL[] urls() {
        return classPath().stream().map(FunctionFiles::urlOf).toArray(URL[]::new);
    }

    /** The file of a class, by its place or lying in the directory without its packages' folders; null when there is none. */
    Path sourceOf(String className) {
        String outer = className.replaceFirst("\\$.*", "");
        String path = outer.replace('.', '/') + ".java";
        String name = outer.substring(outer.lastIndexOf('.') + 1) + ".java";
        Stream<Path> inPlace = sourcePath().stream().map(root -> root.resolve(path));
        return Stream.concat(inPlace, Stream.of(directory.resolve(name)))
                .filter(Files::isRegularFile)
                .findFirst()
                .orElse(null);
    }

    Path onlySource() throws LoadException {
        List<Path> sources = filesIn(directory, Integer.MAX_VALUE, ".java").limit(2).toList();
        if (sources.size() == 1) return sources.get(0);
        throw new LoadException("Exactly 1 source file needed when HANDLER is empty");
    }

    private Stream<Path> existing(List<String> names) {
        return names.stream().map(name -> directory.resolve(name).normalize()).filter(Files::isDirectory);
    }

    private static Stream<Path> jarsIn(Path folder) {
        return Files.isDirectory(folder) ? filesIn(folder, 1, ".jar") : Stream.empty();
    }

    private static Stream<Path> filesIn(Path folder, int depth, String suffix) {
        try (Stream<Path> files = Files.walk(folder, depth)) {
            return files.filter(file -> file.toString().endsWith(suffix) && Files.isRegularFile(file)).sorted().toList().stream();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static URL urlOf(Path path) {
        try {
            return path.toUri().toURL();
        } catch (MalformedURLException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
