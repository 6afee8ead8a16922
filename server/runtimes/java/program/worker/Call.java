package io.dispatchframework.solo;

import java.util.Iterator;
import java.util.List;
import java.util.stream.BaseStream;

/** Runs the handler once. `limits` are those of the load frame; `sender` is null when nobody asked for pieces. */
record Call(Handler handler, Header limits, Sender sender) {
    Outcome run(List<byte[]> parts) {
        try {
            return Outcome.ok(outputOf(handler.call(parts.get(0), parts.get(1))));
        } catch (PayloadException unfit) {
            return Outcome.failure("FunctionError", unfit.getMessage());
        } catch (IllegalArgumentException thrown) {
            return Outcome.failure("InputError", thrown);
        } catch (Throwable thrown) {
            return Outcome.failure("FunctionError", thrown);
        } finally {
            // An interrupt that the handler has left would close the connection.
            Thread.interrupted();
        }
    }

    private byte[] outputOf(Object value) throws Exception {
        int limitBytes = limits.number("outputBytes");
        byte[] output = switch (value) {
            case BaseStream<?, ?> stream -> goThrough(stream.iterator(), stream);
            case Iterator<?> iterator -> goThrough(iterator, iterator instanceof AutoCloseable closing ? closing : () -> {});
            case null, default -> Json.write(value);
        };
        if (output.length > limitBytes) throw PayloadException.tooLarge(output.length + " bytes", limitBytes);
        return output;
    }

    /** Whatever ends it early, it is closed. */
    private byte[] goThrough(Iterator<?> values, AutoCloseable end) throws Exception {
        PieceRecord record = new PieceRecord(limits.number(sender == null ? "outputBytes" : "recordedBytes"));
        try (end) {
            while (values.hasNext()) {
                Piece piece = Piece.of(values.next(), limits.number("pieceBytes"));
                boolean isKept = record.add(piece);
                if (sender == null && !isKept) throw PayloadException.tooLarge("its pieces", limits.number("outputBytes"));
                Thread.interrupted();
                if (sender != null && !sender.send(piece)) break;
            }
        }
        return record.toJson();
    }
}
