/** Corrections of the original client, and what is kept of it on purpose, that belong to no other page of tests. */
import { readdirSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import test from 'ava'
import { createStage } from './stage.ts'

const run = { name: 'r', status: 'READY', output: { a: 1 } }

test('exec is JSON unless YAML is asked for', async t => {
  const stage = await createStage(t, () => ({ status: 200, body: run }))
  const json = (await stage.dispatch(['exec', 'f', '--wait'])).stdout
  t.is(JSON.parse(json).output.a, 1)
  t.is((await stage.dispatch(['exec', 'f', '--wait', '-o', 'json'])).stdout, json)
  t.regex((await stage.dispatch(['exec', 'f', '--wait', '-o', 'yaml'])).stdout, /^output:\n {2}a: 1$/m)
})

test('-a is accepted by exec and delete, and changes nothing', async t => {
  const stage = await createStage(t, () => ({ status: 200, body: run }))
  t.is((await stage.dispatch(['exec', 'f', '-a', 'shop'])).code, 0)
  t.is((await stage.dispatch(['delete', 'function', 'f', '--application=shop'])).code, 0)
  t.notRegex(stage.asked.map(({ url, body }) => url + body).join(), /shop/)
})

test('the archive of a function ends as a tar does: whole blocks, and two that are empty', async t => {
  const stage = await createStage(t, () => ({ status: 201, body: {} }))
  stage.write('a.py', 'x = 1\n')
  await stage.dispatch(['create', 'function', 'f', 'a.py', '--image', 'python3'])
  const tar = gunzipSync(Buffer.from(JSON.parse(stage.asked[0]?.body ?? '').source, 'base64'))
  t.is(tar.length % 512, 0)
  t.true(tar.length > 1024 && tar.subarray(-1024).every(byte => byte === 0))
})

test('update -f takes a URL, as create and apply do', async t => {
  const yaml = 'kind: BaseImage\nname: b\ndockerUrl: d:1\n'
  const stage = await createStage(t, ({ url }) => ({ status: 200, body: url === '/b.yaml' ? yaml : {} }))
  for (const [verb, word] of [
    ['create', 'Created'],
    ['update', 'Updated'],
    ['apply', 'Applied'],
  ] as const) {
    const { stdout } = await stage.dispatch([verb, '-f', `http://127.0.0.1:${stage.port}/b.yaml`])
    t.is(stdout, `${word} BaseImage: b\n`)
  }
})

test('the sources of a file from a URL are fetched beside it and leave nothing here', async t => {
  const yaml = 'kind: Function\nname: f\nimage: i\nsourcePath: a.py\n'
  const stage = await createStage(t, ({ url }) => ({
    status: url === '/x/gone/a.py' ? 404 : 200,
    body: url.endsWith('.yaml') ? yaml : url.endsWith('.py') ? 'x = 1\n' : {},
  }))
  const origin = `http://127.0.0.1:${stage.port}/x`
  t.is((await stage.dispatch(['apply', '-f', `${origin}/f.yaml`])).stdout, 'Applied Function: f\n')
  t.is(stage.asked[1]?.url, '/x/a.py')
  t.deepEqual(readdirSync(stage.cwd), [])
  const refused = await stage.dispatch(['apply', '-f', `${origin}/gone/f.yaml`])
  t.is(refused.code, 1)
  t.regex(refused.stderr, /^Error reading http.*\/gone\/a\.py: HTTP 404\n$/)
})

/** How long the timers run that a command starts. */
async function timersOf(words: readonly string[], t: Parameters<typeof createStage>[0]): Promise<number[]> {
  const end = 'event: end\ndata: {"run":"r","status":"READY","time":1}\n\n'
  const stage = await createStage(t, ({ url }) => ({ status: 200, body: url.includes('/logs') ? end : run }))
  const started: number[] = []
  const { setTimeout: original } = globalThis
  const watched = (...args: Parameters<typeof original>) => {
    started.push(args[1] ?? 0)
    return original(...args)
  }
  globalThis.setTimeout = Object.assign(watched, original)
  try {
    await stage.dispatch(words)
  } finally {
    globalThis.setTimeout = original
  }
  return started
}

test.serial('a request has 30 seconds, or as many as it is given; the run of a function has any number', async t => {
  t.true((await timersOf(['get', 'images'], t)).includes(30_000))
  t.true((await timersOf(['get', 'images', '--request-timeout', '77s'], t)).includes(77_000))
  for (const words of [
    ['exec', 'f', '--wait'],
    ['run', 'f'],
  ])
    t.false((await timersOf(words, t)).includes(30_000), words.join(' '))
  t.true((await timersOf(['exec', 'f', '--wait', '--request-timeout', '77s'], t)).includes(77_000))
})
