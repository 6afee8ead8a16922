# $context holds secrets and where the call came from, $payload is the input; what it returns becomes the output.
function handle($context, $payload) {
    return @{ hello = $payload }
}
