/** Every recorded run of the original client, done again: the same words lead to the same requests and the same screen. */
import test from 'ava'
import { loadRecording, type RecordedRequest } from './recording.ts'
import { type Asked, createStage, splitWords } from './stage.ts'

/** `null` and a missing key mean the same to every server; archives differ in owner and time of their files. */
const meaning = (body: string): unknown =>
  body === ''
    ? ''
    : JSON.parse(body, (key, value) => {
        if (value === null) return undefined
        if (key === 'source') return '<archive>'
        return value
      })

const significant = ['accept', 'accept-encoding', 'content-type', 'cookie', 'x-dispatch-org']

const describeAsked = ({ method, url, headers, body }: Asked) => ({
  method,
  url,
  headers: Object.fromEntries(significant.map(name => [name, headers[name]])),
  body: meaning(body),
})

const describeRecorded = ({ method, url, headers, body }: RecordedRequest) => ({
  method,
  url,
  headers: Object.fromEntries(significant.map(name => [name, headers.get(name)])),
  body: meaning(body),
})

const sameInEverything =
  '002 004 006 007 009 011 012 014 016 019 021 024 026 027 029 032 034 036 037 041 042 044 046 047 049 051 052 054 056 057 059 061 154 161 162 164 172'

for (const number of sameInEverything.split(' ')) {
  const recording = loadRecording(number)
  test(`recording ${number}: dispatch ${recording.command}`, async t => {
    const stage = await createStage(t, recording.answers)
    const [first] = recording.requests
    const { schema = {} } = first?.method === 'POST' ? JSON.parse(first.body) : {}
    stage.write('hello.py', 'def handle(ctx, payload):\n    return {}\n')
    stage.write('inp.py', 'def handle(ctx, payload):\n    raise ValueError("x")\n')
    stage.write('examples/nodejs/hello.js', 'module.exports = (context, params) => ({})\n')
    stage.write('examples/nodejs/hello.schema.in.json', JSON.stringify(schema.in ?? {}))
    stage.write('examples/nodejs/hello.schema.out.json', JSON.stringify(schema.out ?? {}))
    const solo = { host: '127.0.0.1', organization: 'dispatch', cookie: 'cookie' }
    stage.write('config.json', JSON.stringify({ current: 'solo', contexts: { solo } }))
    const outcome = await stage.dispatch(splitWords(recording.command), { env: { DISPATCH_CONFIG: 'config.json' } })
    t.deepEqual(outcome, { code: recording.code, stdout: recording.stdout, stderr: recording.stderr })
    t.deepEqual(stage.asked.map(describeAsked), recording.requests.map(describeRecorded))
  })
}
