package io.dispatchframework.examples;

import java.util.Map;
import java.util.function.BiFunction;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Needs an image on spring-pom.xml. The one BiFunction among the beans is the function. */
@Configuration
public class HelloSpring {
    @Bean
    Greeter greeter() {
        return new Greeter("Hello");
    }

    @Bean
    BiFunction<Map<String, Object>, Map<String, String>, Map<String, String>> function(Greeter greeter) {
        return new GreetingFunction(greeter);
    }

    static class GreetingFunction implements BiFunction<Map<String, Object>, Map<String, String>, Map<String, String>> {
        private final Greeter greeter;

        GreetingFunction(Greeter greeter) {
            this.greeter = greeter;
        }

        @Override
        public Map<String, String> apply(Map<String, Object> context, Map<String, String> person) {
            return Map.of("myField", greeter.greet(person.get("name"), person.get("place")));
        }
    }

    static class Greeter {
        private final String greeting;

        Greeter(String greeting) {
            this.greeting = greeting;
        }

        String greet(String name, String place) {
            return greeting + ", " + name + " from " + place;
        }
    }
}
