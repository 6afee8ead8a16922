package io.dispatchframework.solo;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

/** What a frame says beside its parts: a JSON object whose `type` tells what it is. */
record Header(JsonObject fields) {
    static Header of(String type) {
        return new Header(new JsonObject()).with("type", type);
    }

    static Header parse(String text) {
        return new Header(JsonParser.parseString(text).getAsJsonObject());
    }

    Header with(String name, Object value) {
        fields.add(name, value instanceof JsonElement element ? element : Json.tree(value));
        return this;
    }

    Header withParts(byte[][] parts) {
        JsonArray lengths = new JsonArray(parts.length);
        for (byte[] part : parts) lengths.add(part.length);
        fields.add("parts", lengths);
        return this;
    }

    IntStream parts() {
        return StreamSupport.stream(fields.getAsJsonArray("parts").spliterator(), false).mapToInt(JsonElement::getAsInt);
    }

    boolean says(String name) {
        return fields.has(name);
    }

    String text(String name) {
        return fields.get(name).getAsString();
    }

    int number(String name) {
        return fields.get(name).getAsInt();
    }

    @Override
    public String toString() {
        return fields.toString();
    }
}
