/** What is typed at a prompt for a secret: never shown, and mended as at any prompt. */
import { EventEmitter } from 'node:events'
import test from 'ava'
import { askSecret } from '../../../cli/secret-prompt.ts'

function createTerminal() {
  const shown: string[] = []
  const modes: boolean[] = []
  const events = new EventEmitter()
  const interruption = new AbortController()
  const input = Object.assign(events, {
    setRawMode: (mode: boolean) => void modes.push(mode),
    resume: () => undefined,
    pause: () => undefined,
    setEncoding: () => undefined,
  })
  const output = { write: (text: string) => void shown.push(text) }
  const terminal = { input, output, interrupted: interruption.signal }
  return { shown, modes, interruption, terminal, type: (keys: string) => void events.emit('data', keys) }
}

for (const [name, keys, secret] of [
  ['enter', ['w', 'i', 'n', '\r'], 'win'],
  ['a paste, enter included', ['winter is coming\n'], 'winter is coming'],
  ['backspace takes back a character, not half of one', ['a🐺\u007f\u007fb\r'], 'b'],
  ['Ctrl-U begins anew', ['wrong\u0015right\r'], 'right'],
  ['other control characters are no part of it', ['a\u0001\u0009b\r'], 'ab'],
  ['Ctrl-D ends it', ['abc\u0004'], 'abc'],
  ['Ctrl-C gives it up', ['abc\u0003'], undefined],
] as const)
  test(`nothing that is typed is shown: ${name}`, async t => {
    const { terminal, shown, modes, type } = createTerminal()
    const answer = askSecret('Password: ', terminal)
    for (const each of keys) type(each)
    t.is(await answer, secret)
    t.deepEqual(shown, ['Password: ', '\n'])
    t.deepEqual(modes, [true, false])
    t.is(terminal.input.listenerCount('data'), 0)
  })

test('an interruption from outside gives it up and leaves the terminal as it was', async t => {
  const { terminal, modes, interruption, type } = createTerminal()
  const answer = askSecret('Password: ', terminal)
  type('abc')
  interruption.abort()
  t.is(await answer, undefined)
  t.deepEqual(modes, [true, false])
})
