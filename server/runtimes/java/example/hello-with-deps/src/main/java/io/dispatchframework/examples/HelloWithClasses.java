package io.dispatchframework.examples;

import java.util.Map;
import java.util.function.BiFunction;

/** The payload becomes an object of a class of the function's own, and so does what it returns become JSON. */
public class HelloWithClasses
        implements BiFunction<Map<String, Object>, HelloWithClasses.Person, HelloWithClasses.Result> {
    @Override
    public Result apply(Map<String, Object> context, Person person) {
        return new Result("Hello, " + person.name + " from " + person.place);
    }

    static class Person {
        private String name = "Noone";
        private String place = "Nowhere";
    }

    static class Result {
        private final String myField;

        Result(String myField) {
            this.myField = myField;
        }
    }
}
