package io.dispatchframework.solo;

/** The code of the function is at fault; the text is shown as the reason of its ERROR status. */
final class LoadException extends Exception {
    LoadException(String message) {
        super(message);
    }

    LoadException(String message, Throwable cause) {
        super(message, cause);
    }

    static LoadException invalid(String why, Throwable cause) {
        return new LoadException("Invalid function file or handler: " + why, cause);
    }

    static LoadException invalid(String why) {
        return invalid(why, null);
    }
}
