import java.util.Map;
import java.util.function.BiFunction;

public class Hello implements BiFunction<Map<String, Object>, Hello.Person, Hello.Greeting> {
    public record Greeting(String myField) {}

    /** The payload, read by the names of the fields; what is not in it stays as it is here. */
    public static class Person {
        private String name = "Noone";
        private String place = "Nowhere";
    }

    @Override
    public Greeting apply(Map<String, Object> context, Person person) {
        Person greeted = person == null ? new Person() : person;
        return new Greeting("Hello, " + greeted.name + " from " + greeted.place);
    }
}
