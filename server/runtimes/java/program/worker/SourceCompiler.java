package io.dispatchframework.solo;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;

/** Compiles a source file, and those that it needs, to classes in memory. */
final class SourceCompiler {
    private static final int ERRORS_TOLD = 5;
    private static final List<String> OPTIONS = List.of("-g", "-parameters", "-proc:none", "-nowarn", "-implicit:class");

    private final JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    /** One for all: what it has found of Java's own classes serves the next compilation. */
    private final StandardJavaFileManager files = compiler.getStandardFileManager(null, Locale.ENGLISH, null);
    private final List<Path> ownClassPath;

    /** @param ownClassPath what functions find without bringing it */
    SourceCompiler(List<Path> ownClassPath) {
        this.ownClassPath = ownClassPath;
    }

    /** @return class files by the names of their classes */
    Map<String, byte[]> compile(Path source, FunctionFiles function) throws LoadException {
        DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
        StringWriter said = new StringWriter();
        String name = function.directory().relativize(source).toString();
        try {
            files.setLocationFromPaths(StandardLocation.SOURCE_PATH, function.sourcePath());
            // In the order in which classes are looked for when the function runs.
            List<Path> classPath = Stream.of(ownClassPath, function.classPath()).flatMap(List::stream).toList();
            files.setLocationFromPaths(StandardLocation.CLASS_PATH, classPath);
            Classes classes = new Classes(files);
            Iterable<? extends JavaFileObject> units = files.getJavaFileObjects(source);
            if (compiler.getTask(said, classes, diagnostics, OPTIONS, null, units).call()) return classes.compiled();
        } catch (IOException | RuntimeException | StackOverflowError failure) {
            throw new LoadException("Could not compile source file " + name + ": " + Json.textOf(failure), failure);
        }
        String errors = describe(diagnostics, function.directory());
        throw new LoadException("Could not compile source file " + name + ": " + (errors.isEmpty() ? failureIn(said) : errors));
    }

    private static String describe(DiagnosticCollector<JavaFileObject> diagnostics, Path directory) {
        return diagnostics.getDiagnostics().stream()
                .filter(diagnostic -> diagnostic.getKind() == Diagnostic.Kind.ERROR)
                .limit(ERRORS_TOLD)
                .map(error -> placeOf(error, directory) + error.getMessage(Locale.ENGLISH).replaceAll("\\s*\\R\\s*", ", "))
                .collect(Collectors.joining("; "));
    }

    /** Of what the compiler says beside its diagnostics: what it has thrown itself, such as for a stack that is too small. */
    private static String failureIn(StringWriter said) {
        return said.toString().lines()
                .filter(line -> line.matches("[\\w.$]+(Error|Exception)(:.*)?"))
                .findFirst()
                .orElse("the compiler gave up");
    }

    private static String placeOf(Diagnostic<? extends JavaFileObject> error, Path directory) {
        if (error.getSource() == null) return "";
        Path file = directory.relativize(Path.of(error.getSource().getName()));
        return file + ", line " + error.getLineNumber() + ": ";
    }

    private static final class Classes extends ForwardingJavaFileManager<JavaFileManager> {
        private final Map<String, ByteArrayOutputStream> written = new HashMap<>();

        Classes(JavaFileManager files) {
            super(files);
        }

        @Override
        public JavaFileObject getJavaFileForOutput(Location where, String name, JavaFileObject.Kind kind, FileObject near) {
            URI uri = URI.create("memory:///" + name.replace('.', '/') + kind.extension);
            return new SimpleJavaFileObject(uri, kind) {
                @Override
                public OutputStream openOutputStream() {
                    return written.computeIfAbsent(name, key -> new ByteArrayOutputStream());
                }
            };
        }

        Map<String, byte[]> compiled() {
            return written.entrySet().stream()
                    .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().toByteArray()));
        }
    }
}
