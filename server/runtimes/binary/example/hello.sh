#!/bin/sh
# Greets whom the payload names: {"name": "Jon", "place": "Winterfell"}
payload=$(cat)

text() {
  printf '%s' "$payload" | sed -n 's/.*"'"$1"'" *: *"\([^"]*\)".*/\1/p'
}

name=$(text name) place=$(text place)
printf '{"myField": "Hello, %s from %s"}\n' "${name:-Noone}" "${place:-Nowhere}"
