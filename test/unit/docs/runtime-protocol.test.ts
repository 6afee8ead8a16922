/** The page on the runtime protocol names every frame with its members, the limits with their numbers, and shows a frame as it is. */
import test from 'ava'
import { dockerLabel } from '../../../server/core/docker-labels.ts'
import { firstFrameBytes } from '../../../server/engine/connection.ts'
import { encodeFrame, maxHeaderBytes, maxParts } from '../../../server/engine/frames.ts'
import type { FromRuntime, ToRuntime } from '../../../server/engine/messages.ts'
import { defaultLimits } from '../../../server/engine/options.ts'
import { loadPage, parseTables, unquote } from './pages.ts'

const page = loadPage('docs/reference/runtime-protocol.md')
const rows = parseTables(page)

/** Complete by its type: a frame or a member that is new to the code is missing here until it is named. */
type Members<Message extends { type: string }> = {
  [Type in Message['type']]: Record<Exclude<keyof Extract<Message, { type: Type }>, 'type'>, 'header' | 'part'>
}

const limits = { logBytes: 'header', outputBytes: 'header', pieceBytes: 'header', recordedBytes: 'header' } as const
const worker = { worker: 'header' } as const
const watch = { ...worker, watch: 'header' } as const
const id = { id: 'header' } as const
const toRuntime: Members<ToRuntime> = {
  load: { handler: 'header', concurrency: 'header', ...worker, ...limits },
  start: worker,
  kill: worker,
  watch,
  unwatch: watch,
  call: { ...id, stream: 'header' },
  cancel: id,
  next: id,
  stop: id,
}
const fromRuntime: Members<FromRuntime> = {
  hello: { protocol: 'header', language: 'header' },
  'load-failed': { message: 'header' },
  ready: { ...worker, calls: 'header' },
  exited: { ...worker, code: 'header', signal: 'header', outOfMemory: 'header', logs: 'part' },
  printed: { ...watch, logs: 'part' },
  piece: { ...id, piece: 'part' },
  result: { ...id, output: 'part', error: 'header', logs: 'part' },
}
/** Said by another member of the header, or by one beside those of the message. */
const spoken: Readonly<Record<string, string[]>> = { piece: ['kind'], result: ['ok'] }

test('every frame has its row with its members, and every row its frame', t => {
  const expected = Object.entries({ ...toRuntime, ...fromRuntime }).map(([type, members]) => {
    const named = Object.entries(members).flatMap(([name, place]) => (place === 'header' ? [name] : []))
    return [type, [...named, ...(spoken[type] ?? [])].sort()]
  })
  const frames = rows.filter(([, members = '', what]) => what && /^`\w+`(, `\w+`)*$/.test(members))
  const documented = frames.map(([type = '', members = '']) => [unquote(type), members.split(', ').map(unquote).sort()])
  t.deepEqual(Object.fromEntries(documented), Object.fromEntries(expected))
})

test('limits are the numbers that the server names', t => {
  const documented = rows
    .filter(([name = '']) => name.endsWith('Bytes`'))
    .map(([name = '', bytes]) => [unquote(name), bytes])
  const { logBytes, outputBytes, pieceBytes, recordedBytes } = defaultLimits
  const expected = Object.entries({ logBytes, outputBytes, pieceBytes, recordedBytes })
  t.deepEqual(
    documented,
    expected.map(([name, bytes]) => [name, String(bytes)]),
  )
  const { startTimeoutMs, loadTimeoutMs, graceMs } = defaultLimits
  const times = [startTimeoutMs, loadTimeoutMs, graceMs].map(ms => ms / 1000)
  const sentence = page.text.replaceAll('\n', ' ')
  t.true(
    sentence.includes(
      `to \`hello\` the server waits ${times[0]} s, from \`load\` or \`start\` to \`ready\` ${times[1]} s, and ${times[2]} s`,
    ),
  )
})

test('bounds of frames are those that the server keeps', t => {
  const boundOf = (what: string) => Number.parseInt(rows.find(([name]) => name === what)?.[1] ?? '', 10)
  t.is(boundOf('The first of a connection'), firstFrameBytes)
  t.is(boundOf('Header'), maxHeaderBytes)
  t.is(boundOf('Parts'), maxParts)
})

test('the frame that is shown is one', t => {
  const [, hex = ''] = /^```\n([\da-f ]+)\n```$/m.exec(page.text) ?? []
  t.is(hex.replaceAll(' ', ''), encodeFrame({ type: 'ready', worker: 1 }).toString('hex'))
})

test('labels are those that the server reads', t => {
  const documented = rows.map(([label = '']) => unquote(label)).filter(label => label.startsWith(dockerLabel('')))
  t.deepEqual(documented, ['language', 'protocol', 'node', 'packages'].map(dockerLabel))
})
