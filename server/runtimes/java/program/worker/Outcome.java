package io.dispatchframework.solo;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;

/** How a call ended, in the words of the result frame; `error` is null when it went well. */
record Outcome(JsonObject error, byte[] output) {
    private static final String OWN = Outcome.class.getPackageName() + ".";
    private static final int MAX_CHARACTERS = 32 * 1024;

    static Outcome ok(byte[] output) {
        return new Outcome(null, output);
    }

    static Outcome failure(String type, String message) {
        return failure(type, message, JsonNull.INSTANCE);
    }

    static Outcome failure(String type, Throwable cause) {
        return failure(type, Json.textOf(cause), Json.tree(linesOf(cause)));
    }

    private static Outcome failure(String type, String message, JsonElement stack) {
        JsonObject error = new JsonObject();
        error.addProperty("type", type);
        error.addProperty("message", shorten(message));
        error.add("stacktrace", stack);
        return new Outcome(error, new byte[0]);
    }

    Header header(int id) {
        Header header = Header.of("result").with("id", id).with("ok", error == null);
        return error == null ? header : header.with("error", error);
    }

    private static String[] linesOf(Throwable thrown) {
        Causes.of(thrown).forEach(Outcome::hideRuntime);
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text));
        return shorten(text.toString()).lines().toArray(String[]::new);
    }

    /** A header of a frame has its bound, which would cost the container. */
    private static String shorten(String text) {
        if (text.length() <= MAX_CHARACTERS) return text;
        return text.substring(0, MAX_CHARACTERS) + " [truncated after " + MAX_CHARACTERS + " characters]";
    }

    /** What called the handler is no part of the function. */
    private static void hideRuntime(Throwable thrown) {
        StackTraceElement[] frames = thrown.getStackTrace();
        thrown.setStackTrace(Arrays.stream(frames)
                .takeWhile(frame -> !frame.getClassName().startsWith(OWN))
                .toArray(StackTraceElement[]::new));
    }
}
