/** QEMU's monitor, by its machine protocol (QMP): the keyboard and the picture of a virtual machine. */
import { once } from 'node:events'
import { connect } from 'node:net'
import { createInterface } from 'node:readline'

export interface Monitor {
  /** Keys by QEMU's names, one after the other; with a dash those that are held together: `f2`, `ctrl-u`. */
  press(...keys: readonly string[]): Promise<void>
  /** Letters without capitals, digits, and what is in the table: where those are on an American keyboard. */
  type(text: string): Promise<void>
  /** The picture as a PNG. */
  capture(file: string): Promise<void>
  close(): void
}

const keyNames: Readonly<Record<string, string>> = { '.': 'dot', '/': 'slash', ' ': 'spc', '-': 'minus' }

/** Emulated, a shorter stroke can be over before the guest has looked. */
const holdMs = 100

export async function openMonitor(path: string): Promise<Monitor> {
  const socket = connect(path)
  const lines = createInterface({ input: socket })[Symbol.asyncIterator]()
  await once(socket, 'connect')

  /** Events come in between. */
  async function nextAnswer(): Promise<Readonly<Record<string, unknown>>> {
    for (;;) {
      const { value, done } = await lines.next()
      if (done) throw new Error(`${path}: QEMU has closed its monitor`)
      const answer = JSON.parse(value)
      if ('return' in answer || 'error' in answer || 'QMP' in answer) return answer
    }
  }

  async function execute(command: string, given: Readonly<Record<string, unknown>> = {}): Promise<void> {
    socket.write(`${JSON.stringify({ execute: command, arguments: given })}\n`)
    const { error } = await nextAnswer()
    if (error !== undefined) throw new Error(`QEMU refuses ${command}: ${JSON.stringify(error)}`)
  }

  async function press(...keys: readonly string[]): Promise<void> {
    for (const names of keys) {
      const chord = names.split('-').map(data => ({ type: 'qcode', data }))
      await execute('send-key', { keys: chord, 'hold-time': holdMs })
    }
  }

  await nextAnswer()
  await execute('qmp_capabilities')
  return {
    press,
    type: text => press(...[...text].map(character => keyNames[character] ?? character)),
    capture: file => execute('screendump', { filename: file, format: 'png' }),
    close: () => socket.destroy(),
  }
}
