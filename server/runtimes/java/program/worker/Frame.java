package io.dispatchframework.solo;

import java.util.List;

/** One message of the worker protocol. */
record Frame(Header header, List<byte[]> parts) {}
