package io.dispatchframework.solo;

import java.util.Objects;
import java.util.stream.Stream;

/** What was thrown, and what lies behind it. */
final class Causes {
    /** Causes may go round in a circle. */
    private static final int MOST = 100;

    private Causes() {}

    static Stream<Throwable> of(Throwable thrown) {
        return Stream.iterate(thrown, Objects::nonNull, Throwable::getCause).limit(MOST);
    }
}
