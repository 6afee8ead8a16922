/** Owns names for objects that were given none: `loved-beetle-959530`. */
import type { Io } from './io.ts'

const adjectives = `able bold brave calm clever cosy eager fair fine fond gentle glad happy keen kind lively loved merry
  mild neat noble patient proud quick quiet ready sharp smart steady strong sunny tidy warm wise`.split(/\s+/)
const animals = `ant badger bear beaver bee beetle crane deer dove duck eagle falcon finch fox goose hare hawk heron
  horse ibis koala lark lion lynx mole moth newt otter owl panda robin seal swan tiger trout wolf`.split(/\s+/)

/** Fit for every kind of object. */
export function pickName({ randomBelow }: Pick<Io, 'randomBelow'>): string {
  const pick = (words: readonly string[]) => words[randomBelow(words.length)]
  return `${pick(adjectives)}-${pick(animals)}-${100_000 + randomBelow(900_000)}`
}
