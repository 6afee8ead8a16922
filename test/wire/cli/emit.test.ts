/** `emit`: what becomes of its data, and of each flag. */
import test, { type ExecutionContext } from 'ava'
import { createStage, type Outcome, type Stage } from './stage.ts'

const accept = () => ({ status: 200, body: {} })
const zip = Buffer.from('504b030400ff', 'hex')

/** The body that was sent, as it went over the wire. */
async function emit(t: ExecutionContext, words: readonly string[], files: Record<string, string | Buffer> = {}) {
  const stage = await createStage(t, accept)
  for (const [path, content] of Object.entries(files)) stage.write(path, content)
  t.deepEqual(await stage.dispatch(['emit', 'my.event', ...words]), { code: 0, stdout: 'event emitted\n', stderr: '' })
  return stage.asked[0]?.body ?? ''
}

const head =
  '{"eventType":"my.event","cloudEventsVersion":"0.1","source":"dispatch",' +
  '"eventID":"09b51bf8-beed-4b33-9dbd-2094295ccd20","eventTime":"2026-11-24T03:00:00.000Z"'

const cases: readonly (readonly [title: string, words: readonly string[], rest: string])[] = [
  ['without data there is no type of them', [], '}'],
  [
    'JSON goes as it is written',
    ['--data', '{"b":1.0,"a":12345678901234567890}'],
    ',"contentType":"application/json","data":{"b":1.0,"a":12345678901234567890}}',
  ],
  [
    'the type of data is kept',
    ['--data', '{}', '--content-type', 'application/x+json'],
    ',"contentType":"application/x+json","data":{}}',
  ],
  [
    'text of another type is text',
    ['--data', 'hi "you"', '--content-type', 'text/plain'],
    ',"contentType":"text/plain","data":"hi \\"you\\""}',
  ],
  ['a file of JSON', ['--data-from-file', 'a.json'], ',"contentType":"text/plain; charset=utf-8","data":{"a":1.0}}'],
  ['a file of text', ['--data-from-file', 'a.txt'], ',"contentType":"text/plain; charset=utf-8","data":"grüße\\n"}'],
  ['a file of XML', ['--data-from-file', 'a.xml'], ',"contentType":"text/xml; charset=utf-8","data":"<?xml?><a/>"}'],
  ['a file of bytes', ['--data-from-file', 'a.zip'], ',"contentType":"application/zip","data":"UEsDBAD/"}'],
  [
    'a file of no known kind',
    ['--data-from-file', 'a.bin'],
    ',"contentType":"application/octet-stream","data":"AAE="}',
  ],
  [
    'text that is not UTF-8',
    ['--data-from-file', 'latin1.txt'],
    ',"contentType":"text/plain; charset=utf-8","data":"/Pw="}',
  ],
  [
    '--binary sends any file in base64',
    ['--data-from-file', 'a.json', '--binary'],
    ',"contentType":"text/plain; charset=utf-8","data":"eyJhIjoxLjB9"}',
  ],
  [
    'a given type of a file wins',
    ['--data-from-file', 'a.zip', '--content-type', 'x/y'],
    ',"contentType":"x/y","data":"UEsDBAD/"}',
  ],
]
const files = {
  'a.json': '{"a":1.0}',
  'a.txt': 'grüße\n',
  'a.xml': '<?xml?><a/>',
  'a.zip': zip,
  'a.bin': Buffer.from([0, 1]),
  'latin1.txt': Buffer.from([0xfc, 0xfc]),
}
for (const [title, words, rest] of cases)
  test(`emit: ${title}`, async t => {
    t.is(await emit(t, words, files), head + rest)
  })

test('every other field has its flag; --source means --source-id', async t => {
  const flags = '--event-id e1 --event-type-version v2 --event-schema-url http://x/s'
  const expected =
    '{"eventType":"my.event","eventTypeVersion":"v2","cloudEventsVersion":"0.1","source":"me","eventID":"e1",' +
    '"eventTime":"2026-11-24T03:00:00.000Z","schemaURL":"http://x/s"}'
  t.is(await emit(t, [...flags.split(' '), '--source', 'me']), expected)
  t.is(await emit(t, [...flags.split(' '), '--source-id', 'me']), expected)
})

test('the time of an event has the offset of its sender', async t => {
  const stage = await createStage(t, accept)
  await stage.dispatch(['emit', 'a'], { timeZone: 'America/New_York', now: () => new Date('2026-11-24T02:58:17.071Z') })
  t.is(JSON.parse(stage.asked[0]?.body ?? '').eventTime, '2026-11-23T21:58:17.071-05:00')
})

const refusals: readonly (readonly [words: readonly string[], stderr: RegExp])[] = [
  [
    ['--data', '{}', '--data-from-file', 'a.json'],
    /^Error reading event data: --data and --data-from-file are mutually exclusive, specify only one of them\n$/,
  ],
  [['--data-from-file', 'no'], /^Error reading event data: open no: no such file or directory\n$/],
  [['--data', 'hi'], /^Error reading event data: --data is not JSON: .* --content-type, e\.g\. text\/plain\n$/],
  [
    ['--data', '{', '--content-type', 'application/json; charset=utf-8'],
    /^Error reading event data: --data is not JSON/,
  ],
]
for (const [words, stderr] of refusals)
  test(`emit refuses ${words.join(' ')}, once and before any request`, async t => {
    const stage: Stage = await createStage(t, accept)
    const outcome: Outcome = await stage.dispatch(['emit', 'my.event', ...words])
    t.deepEqual([outcome.code, outcome.stdout, stage.asked.length], [1, '', 0])
    t.regex(outcome.stderr, stderr)
  })
