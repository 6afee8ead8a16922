/** `update function`: what is given changes, what is not stays. */
import test, { type ExecutionContext } from 'ava'
import { listArchive } from './archive.ts'
import { type Answer, type Asked, createStage } from './stage.ts'

const held = `{
  "createdTime": 1795489079, "faasId": "aa424ac8-c91e-438a-9566-3e99afc236da", "id": "41dc4d1e-0cd8-4f99-820f-745ef7d1fa21",
  "image": "python3", "functionImageURL": "dispatch/func:latest", "kind": "Function", "handler": "a.handle", "name": "f",
  "reason": ["old"], "schema": {"in": {"maximum": 12345678901234567890}, "out": {"minimum": 1.0}}, "secrets": ["s"],
  "services": null, "status": "ERROR", "timeout": 500, "memory": 64,
  "tags": [{"key": "Application", "value": "old"}, {"key": "role", "value": "test"}] }`
const kept =
  '"image":"python3","kind":"Function","handler":"a.handle","name":"f","reason":null,' +
  '"schema":{"in":{"maximum":12345678901234567890},"out":{"minimum":1.0}},"secrets":["s"],"services":[],' +
  '"timeout":500,"memory":64,"tags":[{"key":"Application","value":"old"},{"key":"role","value":"test"}]'

const createServer = (t: ExecutionContext) =>
  createStage(t, ({ method, body }: Asked): Answer => ({ status: 200, body: method === 'GET' ? held : body }))
const update = ['update', 'function', 'f']
const quiet = { code: 0, stdout: 'Updated function: f\n', stderr: '' }

test('new code: all else is sent as it was, without what only the server sets', async t => {
  const stage = await createServer(t)
  stage.write('a.py', 'x = 2\n')
  t.deepEqual(await stage.dispatch([...update, 'a.py']), quiet)
  t.deepEqual(
    stage.asked.map(({ method, url }) => `${method} ${url}`),
    ['GET /v1/function/f', 'PUT /v1/function/f'],
  )
  const body = stage.asked[1]?.body ?? ''
  t.is(body.replace(/"source":"[^"]+"/, '"source":""'), `{"source":"",${kept}}`)
  const [entry] = await listArchive(JSON.parse(body).source)
  t.deepEqual([entry?.name, entry?.content], ['./a.py', 'x = 2\n'])
})

test('a directory needs no handler where the function has one', async t => {
  const stage = await createServer(t)
  stage.write('d/a.py', '')
  t.deepEqual(await stage.dispatch([...update, 'd']), quiet)
  const bare = await stage.dispatch([...update, 'd', '--handler', ''])
  t.is(bare.stderr, 'error creating function f: handler is required, source path d is a directory\n')
})

test('without a path the code stays, and the flags that are given change their fields only', async t => {
  const stage = await createServer(t)
  t.deepEqual(await stage.dispatch(update), quiet)
  t.is(stage.asked[1]?.body, `{${kept},"keepSource":true}`)
  stage.write('out.json', '{"maximum": 2.0}')
  const flags = '--image other --schema-out out.json --secret a,b --service c -ashop --cpu 0.5 --network none'
  t.deepEqual(
    await stage.dispatch([...update, ...flags.split(' '), '--timeout=0', '--memory=0', '--schema-in=']),
    quiet,
  )
  t.is(
    stage.asked[3]?.body,
    '{"image":"other","kind":"Function","handler":"a.handle","name":"f","reason":null,' +
      '"schema":{"out":{"maximum":2.0}},"secrets":["a","b"],"services":["c"],"cpu":0.5,"network":"none",' +
      '"tags":[{"key":"role","value":"test"},{"key":"Application","value":"shop"}],"keepSource":true}',
  )
})

test('-o json is the answer; what is not there is an error', async t => {
  const stage = await createServer(t)
  const { stdout } = await stage.dispatch([...update, '-o', 'json'])
  t.is(JSON.parse(stdout).image, 'python3')
  const missing = { status: 404, body: { code: 404, message: 'function f not found' } }
  const empty = await createStage(t, [missing])
  t.deepEqual(await empty.dispatch(update), { code: 1, stdout: '', stderr: '[Code: 404] function f not found\n' })
})
