package io.dispatchframework.solo;

import java.util.function.BiFunction;

/** Asks Spring, which the image brings, for the one BiFunction among the beans of a configuration class. */
final class SpringBeans {
    static final String CONFIGURATION = "org.springframework.context.annotation.Configuration";
    private static final String CONTEXT = "org.springframework.context.annotation.AnnotationConfigApplicationContext";

    private SpringBeans() {}

    static BiFunction<?, ?, ?> functionOf(Class<?> configuration) throws ReflectiveOperationException {
        Class<?> type = Class.forName(CONTEXT, true, configuration.getClassLoader());
        Object context = type.getConstructor(Class[].class).newInstance((Object) new Class<?>[] {configuration});
        return (BiFunction<?, ?, ?>) type.getMethod("getBean", Class.class).invoke(context, BiFunction.class);
    }
}
