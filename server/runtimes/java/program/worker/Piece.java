package io.dispatchframework.solo;

import static java.nio.charset.StandardCharsets.UTF_8;

/** One of the values that a handler gives one after the other, as bytes; `kind` is text, bytes or json. */
record Piece(String kind, byte[] data) {
    static Piece of(Object value, int limitBytes) throws PayloadException {
        Piece piece = switch (value) {
            case CharSequence text -> new Piece("text", text.toString().getBytes(UTF_8));
            case byte[] bytes -> new Piece("bytes", bytes.clone());
            case null, default -> new Piece("json", Json.write(value));
        };
        if (piece.data.length <= limitBytes) return piece;
        String excess = "a piece of " + piece.data.length + " bytes exceeds the limit of " + limitBytes + " bytes";
        throw new PayloadException("Unable to return response payload: " + excess);
    }
}
