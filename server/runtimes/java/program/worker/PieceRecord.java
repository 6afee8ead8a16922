package io.dispatchframework.solo;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Joins pieces to one JSON value: the output of a caller who did not ask for pieces, and of the run's record. */
final class PieceRecord {
    private final int limitBytes;
    private final List<Piece> pieces = new ArrayList<>();
    private int bytes;
    private boolean isCut;

    PieceRecord(int limitBytes) {
        this.limitBytes = limitBytes;
    }

    /** False: there was no room for it, and there will be none for any other. */
    boolean add(Piece piece) {
        isCut = isCut || bytes + piece.data().length > limitBytes;
        if (isCut) return false;
        bytes += piece.data().length;
        return pieces.add(piece);
    }

    /**
     * Texts alone are one text, bytes among them make it base64, and other values make it an array. Nothing at all is null. What
     * there was no room for is told at its end.
     */
    byte[] toJson() throws PayloadException {
        String mark = "[truncated after " + bytes + " bytes]";
        if (pieces.isEmpty() && !isCut) return "null".getBytes(UTF_8);
        if (has("json")) return toArray(mark);
        byte[] all = join();
        return Json.write((has("bytes") ? base64(all) : new String(all, UTF_8)) + (isCut ? mark : ""));
    }

    private boolean has(String kind) {
        return pieces.stream().anyMatch(piece -> piece.kind().equals(kind));
    }

    private byte[] toArray(String mark) throws PayloadException {
        List<String> members = new ArrayList<>();
        for (Piece piece : pieces) members.add(memberOf(piece));
        if (isCut) members.add(new String(Json.write(mark), UTF_8));
        return ("[" + String.join(",", members) + "]").getBytes(UTF_8);
    }

    private static String memberOf(Piece piece) throws PayloadException {
        String text = new String(piece.data(), UTF_8);
        if (piece.kind().equals("json")) return text;
        return new String(Json.write(piece.kind().equals("text") ? text : base64(piece.data())), UTF_8);
    }

    private byte[] join() {
        ByteArrayOutputStream joined = new ByteArrayOutputStream(bytes);
        for (Piece piece : pieces) joined.writeBytes(piece.data());
        return joined.toByteArray();
    }

    private static String base64(byte[] data) {
        return Base64.getEncoder().encodeToString(data);
    }
}
