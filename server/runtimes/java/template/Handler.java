import java.util.Map;
import java.util.function.BiFunction;

/** The context holds secrets and where the call came from, the payload is the input; what is returned becomes the output. */
public class Handler implements BiFunction<Map<String, Object>, Map<String, Object>, Object> {
    @Override
    public Object apply(Map<String, Object> context, Map<String, Object> payload) {
        return Map.of("hello", payload);
    }
}
