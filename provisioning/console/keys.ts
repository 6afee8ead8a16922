/** Reads what a terminal sends as keys: those of the Linux console, of xterm and its kin, and UTF-8. */

export type KeyName =
  | `F${1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12}`
  | 'Up'
  | 'Down'
  | 'Left'
  | 'Right'
  | 'Home'
  | 'End'
  | 'Insert'
  | 'Delete'
  | 'PageUp'
  | 'PageDown'
  | 'Enter'
  | 'Tab'
  | 'BackTab'
  | 'Backspace'
  | 'Escape'
  | 'ClearField'
  | 'Redraw'

export type Key =
  | { readonly kind: 'named'; readonly name: KeyName }
  /** One character that is no control character. */
  | { readonly kind: 'char'; readonly char: string }

const controls: Readonly<Record<string, KeyName>> = {
  '\r': 'Enter',
  '\n': 'Enter',
  '\t': 'Tab',
  '\b': 'Backspace',
  '\u007f': 'Backspace',
  '\u0001': 'Home',
  '\u0003': 'Escape',
  '\u0005': 'End',
  '\u000c': 'Redraw',
  '\u0015': 'ClearField',
}

/** Of `ESC [ NUMBER ~`, as the Linux console and VT220 send it. */
const tildes: Readonly<Record<string, KeyName>> = {
  ...{ '1': 'Home', '2': 'Insert', '3': 'Delete', '4': 'End', '5': 'PageUp', '6': 'PageDown', '7': 'Home', '8': 'End' },
  ...{ '11': 'F1', '12': 'F2', '13': 'F3', '14': 'F4', '15': 'F5', '17': 'F6', '18': 'F7', '19': 'F8', '20': 'F9' },
  ...{ '21': 'F10', '23': 'F11', '24': 'F12' },
}

/** The last letter of `ESC [ ... X` and `ESC O X`. */
const letters: Readonly<Record<string, KeyName>> = {
  ...{ A: 'Up', B: 'Down', C: 'Right', D: 'Left', H: 'Home', F: 'End', Z: 'BackTab' },
  ...{ P: 'F1', Q: 'F2', R: 'F3', S: 'F4', M: 'Enter' },
}

/** `ESC [ [ A` and on: the first five function keys of the Linux console. */
const linuxKeys: Readonly<Record<string, KeyName>> = { A: 'F1', B: 'F2', C: 'F3', D: 'F4', E: 'F5' }

const esc = '\u001b'
/** After ESC, a whole sequence: of the Linux console's own, CSI with its parameters, or SS3. */
const sequence = /^(?:\[\[(?<linux>.)|\[(?<parameters>[0-?]*)[ -/]*(?<final>[@-~])|O(?<ss3>[@-~]))/su
/** After ESC, what may become one. */
const begun = /^(?:\[\[?|\[[0-?]*[ -/]*|O)?$/u

/** The keys in `text`, and what may be the beginning of another; without an end after some 50 ms it is `ended`. */
export function decodeKeys(text: string, { ended }: { ended: boolean }): { keys: readonly Key[]; rest: string } {
  const keys: Key[] = []
  let rest = text
  while (rest !== '') {
    if (!ended && rest.startsWith(esc) && begun.test(rest.slice(1))) break
    const { key, length } = rest.startsWith(esc) ? readSequence(rest.slice(1)) : readCharacter(rest)
    if (key) keys.push(key)
    rest = rest.slice(length)
  }
  return { keys, rest }
}

const named = (name: KeyName | undefined): Key | undefined => (name ? { kind: 'named', name } : undefined)

type Read = { readonly key: Key | undefined; readonly length: number }

/** The first character of a text that is not empty; a control character that means nothing here is no key. */
function readCharacter(text: string): Read {
  const char = String.fromCodePoint(text.codePointAt(0) ?? 0)
  const isControl = /[\p{Cc}\p{Cs}\ufffd]/u.test(char)
  return { key: isControl ? named(controls[char]) : { kind: 'char', char }, length: char.length }
}

/** What comes after ESC. Whatever begins no sequence, as Alt with a letter, is Escape, and then that. */
function readSequence(text: string): Read {
  const match = sequence.exec(text)
  if (!match) return { key: named('Escape'), length: begun.test(text) ? 1 + text.length : 1 }
  const { linux, parameters = '', final = '', ss3 } = match.groups ?? {}
  const length = 1 + match[0].length
  if (linux !== undefined) return { key: named(linuxKeys[linux]), length }
  if (ss3 !== undefined) return { key: named(letters[ss3]), length }
  // Modifiers come after a semicolon: Shift-F2 counts as F2.
  const [number = ''] = parameters.split(';')
  return { key: named(final === '~' ? tildes[number] : letters[final]), length }
}
