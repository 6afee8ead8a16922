package io.dispatchframework.solo;

import java.io.IOException;

/** Sends the pieces of one call, each when the server has asked for it. */
record Sender(Connection connection, int id) {
    /** Returns once the server has taken the piece; false when it wants no more. */
    boolean send(Piece piece) throws IOException {
        connection.send(Header.of("piece").with("id", id).with("kind", piece.kind()), piece.data());
        Frame answer = connection.read();
        // The server is gone.
        if (answer == null) Runtime.getRuntime().halt(0);
        return answer.header().text("type").equals("next");
    }
}
