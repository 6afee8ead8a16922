package io.dispatchframework.examples;

import java.util.Map;
import java.util.function.BiFunction;
import org.joda.time.DateTimeZone;

/** Needs an image on the pom.xml of this folder. */
public class HelloWithDeps implements BiFunction<Map<String, Object>, Map<String, Object>, String> {
    @Override
    public String apply(Map<String, Object> context, Map<String, Object> payload) {
        Object name = payload.getOrDefault("name", "Someone");
        return String.format("Hello, %s from timezone %s", name, DateTimeZone.UTC);
    }
}
