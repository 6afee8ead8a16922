function handle($context, $payload) {
    $name = $payload.name ?? 'Noone'
    $place = $payload.place ?? 'Nowhere'
    return @{ myField = "Hello, $name from $place" }
}
