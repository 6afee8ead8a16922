package io.dispatchframework.solo;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.TypeAdapter;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;

/** How JSON becomes Java's objects and back: Gson, as in the original, so that its functions' classes work as they are. */
final class Json {
    /** Whole numbers up to here are the same as double. */
    private static final long EXACT = 1L << 53;

    private static final Gson GSON = new GsonBuilder()
            .serializeNulls()
            .disableHtmlEscaping()
            .setObjectToNumberStrategy(Json::readNumber)
            .registerTypeAdapter(Double.class, new Doubles().nullSafe())
            .create();

    private Json() {}

    /** Throws JsonParseException when the text does not fit the type. */
    static Object read(byte[] json, Type type) {
        return GSON.fromJson(new String(json, UTF_8), type);
    }

    static JsonElement tree(Object value) {
        return GSON.toJsonTree(value);
    }

    static byte[] write(Object value) throws PayloadException {
        try {
            return GSON.toJson(value).getBytes(UTF_8);
        } catch (RuntimeException | StackOverflowError failure) {
            throw new PayloadException("Unable to serialize response payload: " + textOf(failure));
        }
    }

    static String textOf(Throwable thrown) {
        try {
            String message = thrown.getMessage();
            return message == null ? thrown.getClass().getName() : message;
        } catch (RuntimeException broken) {
            return thrown.getClass().getName();
        }
    }

    /** Where the type leaves it open a number is a Double, as in the original, unless that would change it. */
    private static Number readNumber(JsonReader reader) throws IOException {
        String text = reader.nextString();
        double number = Double.parseDouble(text);
        if (Double.isInfinite(number)) throw new JsonParseException(text + " is too large a number");
        if (Math.abs(number) < EXACT || !text.matches("-?\\d+")) return number;
        BigInteger whole = new BigInteger(text);
        return whole.bitLength() < Long.SIZE ? (Number) whole.longValue() : whole;
    }

    /** Whole numbers come out without a fraction, as they came in. */
    private static final class Doubles extends TypeAdapter<Double> {
        @Override
        public Double read(JsonReader reader) throws IOException {
            return reader.nextDouble();
        }

        @Override
        public void write(JsonWriter writer, Double number) throws IOException {
            if (number == Math.rint(number) && Math.abs(number) < EXACT) writer.value(number.longValue());
            else if (Double.isFinite(number)) writer.value(BigDecimal.valueOf(number));
            else throw new IllegalArgumentException(number + " is no JSON");
        }
    }
}
