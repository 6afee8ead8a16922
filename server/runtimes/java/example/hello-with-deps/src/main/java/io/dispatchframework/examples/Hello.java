package io.dispatchframework.examples;

import java.util.Map;
import java.util.function.BiFunction;

public class Hello implements BiFunction<Map<String, Object>, Map<String, Object>, String> {
    @Override
    public String apply(Map<String, Object> context, Map<String, Object> payload) {
        Object name = payload.getOrDefault("name", "Someone");
        Object place = payload.getOrDefault("place", "Nowhere");
        return "Hello, " + name + " from " + place;
    }
}
