/** Only what a runtime may say is understood. */
import test from 'ava'
import { parseMessage } from '../../../../server/engine/messages.ts'

const parts = [Buffer.from('1'), Buffer.from('out'), Buffer.from('err')]

test('a result holds the output and the lines', t => {
  const message = parseMessage({ header: { type: 'result', id: 7, ok: true }, parts })
  t.deepEqual(message, {
    type: 'result',
    id: 7,
    output: parts[0],
    error: undefined,
    logs: parts.slice(1),
  } as typeof message)
})

test('a failed result says why; a stack that is none is left out', t => {
  const error = { type: 'InputError', message: 'no', stacktrace: [1] }
  const message = parseMessage({ header: { type: 'result', id: 7, ok: false, error }, parts })
  t.like(message, { error: { type: 'InputError', message: 'no', stacktrace: null } })
})

test('an exit has a code or a signal', t => {
  const message = parseMessage({
    header: { type: 'exited', worker: 1, code: null, signal: 'SIGKILL', outOfMemory: true },
    parts: [],
  })
  t.like(message, { worker: 1, code: null, signal: 'SIGKILL', outOfMemory: true })
})

const refused: Record<string, Record<string, unknown>> = {
  'no type': {},
  'an unknown type': { type: 'shutdown' },
  'a result without an id': { type: 'result', ok: true },
  'a failure without a reason': { type: 'result', id: 1, ok: false },
  'a failure of a made-up type': { type: 'result', id: 1, ok: false, error: { type: 'Mine', message: '' } },
  'a worker without a number': { type: 'ready', worker: '1' },
  'a hello without a protocol': { type: 'hello', language: 'python3' },
  'a refusal without a text': { type: 'load-failed', message: 3 },
}

for (const [what, header] of Object.entries(refused)) {
  test(`refuses ${what}`, t => {
    t.throws(() => parseMessage({ header, parts: [] }), { message: /^a (frame|failed call) / })
  })
}
