package io.dispatchframework.solo;

import com.google.gson.JsonParseException;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.BiFunction;

/** A function with the types of its two arguments. */
record Handler(BiFunction<Object, Object, Object> function, Type context, Type payload) {
    @SuppressWarnings("unchecked")
    static Handler of(BiFunction<?, ?, ?> function) {
        Type[] types = typesOf(function.getClass());
        return new Handler((BiFunction<Object, Object, Object>) function, types[0], types[1]);
    }

    /** As the function's own `apply` names them; a lambda's are not known. */
    private static Type[] typesOf(Class<?> type) {
        return Arrays.stream(type.getMethods())
                .filter(method -> method.getName().equals("apply") && method.getParameterCount() == 2)
                .filter(method -> !method.isBridge())
                .findFirst()
                .map(Method::getGenericParameterTypes)
                .orElse(new Type[] {Object.class, Object.class});
    }

    /** Throws what the function throws, also what its promise ends with. */
    Object call(byte[] contextJson, byte[] payloadJson) throws Throwable {
        Object value = function.apply(Json.read(contextJson, context), readPayload(payloadJson));
        if (value instanceof CompletionStage<?> stage) value = stage.toCompletableFuture();
        if (!(value instanceof Future<?> future)) return value;
        try {
            return future.get();
        } catch (ExecutionException failure) {
            throw failure.getCause();
        }
    }

    /** IllegalArgumentException: the caller's fault. */
    private Object readPayload(byte[] json) {
        try {
            return Json.read(json, payload);
        } catch (JsonParseException unfit) {
            String type = payload.getTypeName();
            throw new IllegalArgumentException("The input is no " + type + ": " + Json.textOf(unfit), unfit);
        }
    }
}
