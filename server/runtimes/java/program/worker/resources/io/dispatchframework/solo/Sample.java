import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/** What the worker compiles and calls to warm itself up: a bit of everything that functions are made of. */
public class Sample implements BiFunction<Map<String, Object>, Sample.Input, Sample.Result> {
    public static class Input {
        private String name;
        private int n;

        public String getName() {
            return name;
        }
    }

    public record Result(String myField, List<Integer> numbers) {}

    @Override
    public Result apply(Map<String, Object> context, Input input) {
        Map<String, List<Integer>> numbers = new HashMap<>();
        for (int number = 0; number < input.n; number++) numbers.computeIfAbsent(input.name, key -> new ArrayList<>()).add(number);
        try {
            String name = input.getName() == null ? "Someone" : input.getName();
            List<Integer> all = numbers.values().stream().flatMap(List::stream).sorted().collect(Collectors.toList());
            return new Result(String.format("Hello, %s from %s", name, context.getOrDefault("place", "Nowhere")), all);
        } catch (IllegalStateException failure) {
            throw new IllegalArgumentException("no " + input, failure);
        }
    }
}
