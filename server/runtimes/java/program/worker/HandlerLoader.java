package io.dispatchframework.solo;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/** Finds the class that a revision's handler names, compiles it where there is source, and makes the function of it. */
final class HandlerLoader {
    private final Path imageLibrary;
    private final SourceCompiler compiler = new SourceCompiler(
            Stream.of(System.getProperty("java.class.path").split(":")).map(Path::of).toList());

    HandlerLoader(Path imageLibrary) {
        this.imageLibrary = imageLibrary;
    }

    /** @param kept null: nothing is kept for other workers */
    Handler load(String handler, Path directory, CompiledClasses kept) throws LoadException {
        try {
            return find(handler, new FunctionFiles(directory, imageLibrary), kept);
        } catch (LoadException told) {
            throw told;
        } catch (ClassNotFoundException absent) {
            throw LoadException.invalid("the function has no class " + absent.getMessage(), absent);
        } catch (InvocationTargetException | ExceptionInInitializerError wrapper) {
            throw LoadException.invalid(describe(Objects.requireNonNullElse(wrapper.getCause(), wrapper)), wrapper);
        } catch (Throwable thrown) {
            throw LoadException.invalid(describe(thrown), thrown);
        }
    }

    private Handler find(String handler, FunctionFiles files, CompiledClasses kept)
            throws LoadException, ReflectiveOperationException {
        Path source = handler.isEmpty() ? files.onlySource() : files.sourceOf(handler);
        Map<String, byte[]> compiled = source == null ? Map.of() : compileOnce(source, files, kept);
        String name = handler.isEmpty() ? nameIn(compiled, source) : handler;
        ClassLoader classes = new FunctionClassLoader(files.urls(), compiled);
        Thread.currentThread().setContextClassLoader(classes);
        return Handler.of(create(Class.forName(name, true, classes)));
    }

    /** With what lies at the bottom of it: frameworks say little themselves. */
    private static String describe(Throwable thrown) {
        Throwable root = Causes.of(thrown).reduce(thrown, (outer, inner) -> inner);
        return root == thrown ? thrown.toString() : thrown + ": " + root;
    }

    private Map<String, byte[]> compileOnce(Path source, FunctionFiles files, CompiledClasses kept) throws LoadException {
        Map<String, byte[]> known = kept == null ? null : kept.read();
        if (known != null) return known;
        Map<String, byte[]> compiled = compiler.compile(source, files);
        if (kept != null) kept.write(compiled);
        return compiled;
    }

    /** The class that bears the file's name, in whatever package. */
    private static String nameIn(Map<String, byte[]> compiled, Path source) throws LoadException {
        String simple = source.getFileName().toString().replaceFirst("\\.java$", "");
        return compiled.keySet().stream()
                .filter(name -> name.equals(simple) || name.endsWith("." + simple))
                .findFirst()
                .orElseThrow(() -> LoadException.invalid(source.getFileName() + " has no class " + simple));
    }

    private static BiFunction<?, ?, ?> create(Class<?> type) throws ReflectiveOperationException, LoadException {
        if (isConfiguration(type)) return SpringBeans.functionOf(type);
        if (!BiFunction.class.isAssignableFrom(type))
            throw LoadException.invalid(type.getName() + " does not implement java.util.function.BiFunction");
        Constructor<?> constructor = type.getDeclaredConstructor();
        constructor.setAccessible(true);
        return (BiFunction<?, ?, ?>) constructor.newInstance();
    }

    private static boolean isConfiguration(Class<?> type) {
        return Arrays.stream(type.getAnnotations())
                .anyMatch(annotation -> annotation.annotationType().getName().equals(SpringBeans.CONFIGURATION));
    }
}
