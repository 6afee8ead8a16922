package io.dispatchframework.solo;

import java.net.URL;
import java.net.URLClassLoader;
import java.util.Map;

/** Finds the classes of one function: those compiled on the spot, then those of its files and of its image. */
final class FunctionClassLoader extends URLClassLoader {
    private final Map<String, byte[]> compiled;

    FunctionClassLoader(URL[] classPath, Map<String, byte[]> compiled) {
        super(classPath, FunctionClassLoader.class.getClassLoader());
        this.compiled = compiled;
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        byte[] code = compiled.get(name);
        return code == null ? super.findClass(name) : defineClass(name, code, 0, code.length);
    }
}
