#!/bin/sh
# The payload comes on standard input, the context is in the file $DISPATCH_CONTEXT; what is printed becomes the output, as JSON.
printf '{"hello": %s}\n' "$(cat)"
