def handle(context, payload):
    """`context` holds secrets and where the call came from, `payload` is the input; what it returns becomes the output."""
    return {'hello': payload}
