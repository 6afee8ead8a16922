/** Every recorded run of the original client, done again: the same words lead to the same requests and the same screen. */
import { cpSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import test, { type ExecutionContext } from 'ava'
import { expectedOutcome, loadDifferences } from './differences.ts'
import { listRecordings, loadRecording, type RecordedRequest, type Recording } from './recording.ts'
import { type Answer, type Asked, createStage, splitWords } from './stage.ts'

/** `null` and a missing key mean the same to every server; archives differ in owner and time of their files. */
const meaning = (body: string): unknown =>
  body === ''
    ? ''
    : JSON.parse(body, (key, value) => {
        if (value === null) return undefined
        if (key === 'source' && value.length > 100) return '<archive>'
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

const firstLine = ({ method, url }: { method: string; url: string }) => `${method} ${url}`

/** The time and the id that the recorded request shows, where it shows them. */
function recordedChance({ requests: [first] }: Recording) {
  const { eventTime, eventID } = first?.body ? JSON.parse(first.body) : {}
  return { ...(eventTime && { now: () => new Date(eventTime) }), ...(eventID && { uuid: () => eventID }) }
}

const work = fileURLToPath(new URL('../../fixtures/cli/working-folder', import.meta.url))
const solo = {
  host: '127.0.0.1',
  port: 18080,
  scheme: 'http',
  organization: 'dispatch',
  cookie: 'cookie',
  insecure: true,
  'api-https-port': 8445,
}

async function replay(t: ExecutionContext, recording: Recording, answers: readonly Answer[]) {
  const stage = await createStage(t, answers)
  cpSync(work, stage.cwd, { recursive: true })
  // Its credentials are for its own server.
  const here = { ...solo, port: stage.port }
  stage.write('config.json', JSON.stringify({ current: 'solo', contexts: { solo: here } }))
  const changes = { env: { DISPATCH_CONFIG: 'config.json' }, ...recordedChance(recording) }
  const { stdout, stderr, code } = await stage.dispatch(splitWords(recording.command), changes)
  const asRecorded = (text: string) => text.replaceAll(String(stage.port), String(solo.port))
  return { outcome: { code, stdout: asRecorded(stdout), stderr: asRecorded(stderr) }, asked: stage.asked }
}

const differences = loadDifferences()

for (const number of listRecordings()) {
  const recording = loadRecording(number)
  const difference = differences[number]
  test(`recording ${number}: dispatch ${recording.command}`, async t => {
    const { outcome, asked } = await replay(t, recording, difference?.answers ?? recording.answers)
    t.deepEqual(outcome, expectedOutcome(recording, difference))
    if (difference?.asked) t.deepEqual(asked.map(firstLine), difference.asked)
    else t.deepEqual(asked.map(describeAsked), recording.requests.map(describeRecorded))
  })
}

test('each difference is one from a recording, and has a reason', t => {
  for (const [number, difference] of Object.entries(differences)) {
    const recording = loadRecording(number)
    const { code, stdout, stderr } = recording
    if (!difference.asked) t.notDeepEqual(expectedOutcome(recording, difference), { code, stdout, stderr }, number)
    t.notDeepEqual(difference.asked, recording.requests.map(firstLine), number)
    t.regex(difference.reason, /^\d+(\.\d+)?( rows? .+)?: ./, number)
  }
})
