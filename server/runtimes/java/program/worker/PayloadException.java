package io.dispatchframework.solo;

/** What was returned cannot be sent: the function's fault, whatever it threw. */
final class PayloadException extends Exception {
    PayloadException(String message) {
        super(message);
    }

    static PayloadException tooLarge(String what, int limitBytes) {
        String limit = " exceed the limit of " + limitBytes + " bytes";
        return new PayloadException("Unable to return response payload: " + what + limit);
    }
}
