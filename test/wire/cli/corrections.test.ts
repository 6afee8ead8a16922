/** What the original got wrong, beyond what its recorded runs show: `recordings.test.ts` has those. */
import test from 'ava'
import { loadRecording } from './recording.ts'
import { createStage, splitWords } from './stage.ts'

test('create seed-images over a base image of another version keeps the conflict', async t => {
  const conflict = { code: 409, message: 'base image nodejs-base already exists' }
  const stage = await createStage(t, [
    { status: 409, body: conflict },
    { status: 200, body: { name: 'nodejs-base', dockerUrl: 'other/nodejs:1', language: 'nodejs' } },
  ])
  const outcome = await stage.dispatch(['create', 'seed-images'])
  t.deepEqual(outcome, { code: 1, stdout: '', stderr: '[Code: 409] base image nodejs-base already exists\n' })
})

const deleteAllBut =
  (missing: string) =>
  ({ method, url }: { method: string; url: string }) =>
    method === 'DELETE' && url.endsWith(`/${missing}`)
      ? { status: 404, body: { code: 404, message: `image ${missing} not found` } }
      : { status: 200, body: {} }

test('delete seed-images goes from images to base images, past what is missing, and says so by its exit code', async t => {
  const stage = await createStage(t, deleteAllBut('python3'))
  const outcome = await stage.dispatch(splitWords(loadRecording('171').command))
  t.deepEqual(outcome, {
    code: 1,
    stdout: `${[
      'Deleted Image: java',
      'Deleted Image: powershell',
      'Deleted Image: nodejs',
      'Deleted BaseImage: java-base',
      'Deleted BaseImage: powershell-base',
      'Deleted BaseImage: python3-base',
      'Deleted BaseImage: nodejs-base',
    ].join('\n')}\n`,
    stderr: 'Skipped Image: python3 (not found)\n',
  })
  t.is((await stage.dispatch(['delete', 'seed', '--ignore-not-found'])).code, 0)
})

test('a run without an end has an empty cell for it', async t => {
  const run = { name: 'r1', functionName: 'f', status: 'ERROR' }
  const body = JSON.stringify([run]).replace(
    '}',
    ',"executedTime":1795489102586428280,"finishedTime":-6795364578871345152}',
  )
  const stage = await createStage(t, [{ status: 200, body }])
  const { stdout } = await stage.dispatch(['get', 'runs'])
  t.is(stdout.split('\n')[2], '  r1 | f        | ERROR  | 2026-11-24T02:58:22.58642828Z |           ')
})

test('context blanks the cookie and marks the current one', async t => {
  const stage = await createStage(t)
  const solo = {
    host: '127.0.0.1',
    port: 18080,
    scheme: 'http',
    organization: 'dispatch',
    cookie: 'secret',
    insecure: true,
    'api-https-port': 8445,
  }
  stage.write('config.json', JSON.stringify({ current: 'solo', contexts: { solo } }))
  const { command, stdout } = loadRecording('149')
  const env = { DISPATCH_CONFIG: 'config.json' }
  t.deepEqual(await stage.dispatch(splitWords(command), { env }), { code: 0, stdout, stderr: '' })
  t.notRegex((await stage.dispatch(['context', '-o', 'json'], { env })).stdout, /secret/)
})

test('version always shows the client, and the server when there is one', async t => {
  const silent = await createStage(t, loadRecording('001').answers)
  const alone = await silent.dispatch(['version'])
  t.is(alone.code, 0)
  t.regex(alone.stdout, /^Client: \S+\n$/)
  t.regex(alone.stderr, /^Server: unavailable \(/)
  const stage = await createStage(t, () => ({ status: 200, body: { version: 'v1.2.3' } }))
  t.regex((await stage.dispatch(['version'])).stdout, /^Client: \S+\nServer: v1\.2\.3\n$/)
  const { stdout } = await stage.dispatch(['version', '-o', 'json'])
  t.is(JSON.parse(stdout).server.version, 'v1.2.3')
  t.deepEqual([stage.asked[0]?.headers.cookie, stage.asked[0]?.headers['x-dispatch-org']], [undefined, undefined])
})
