/** `apply`: what it would change, and what it has changed. */
import { createHash } from 'node:crypto'
import test from 'ava'
import { type Answer, type Asked, createStage } from './stage.ts'

const yaml = `\
kind: BaseImage
name: new
dockerUrl: d:1
---
kind: BaseImage
name: same
dockerUrl: d:1
language: python3
tags: [{key: a, value: '1'}, {key: b}]
---
kind: Image
name: other
baseImageName: same
runtimeDependencies: {manifest: "requests\\nflask\\n"}
---
kind: Function
name: f
image: other
sourcePath: a.py
`
const held: Readonly<Record<string, unknown>> = {
  '/v1/baseimage/same': {
    id: 'i',
    createdTime: 1,
    dockerUrl: 'd:1',
    groups: null,
    language: 'python3',
    name: 'same',
    reason: ['old'],
    status: 'READY',
    tags: [{ key: 'b' }, { key: 'a', value: '1' }],
  },
  '/v1/image/other': {
    baseImageName: 'same',
    dockerUrl: 'd:9',
    groups: null,
    language: 'python3',
    name: 'other',
    runtimeDependencies: { manifest: 'requests\n' },
    systemDependencies: {},
    tags: [],
  },
  '/v1/function/f': { image: 'other', kind: 'Function', name: 'f', schema: { in: null, out: null }, timeout: 5 },
}
const answer = ({ method, url }: Asked): Answer => {
  if (method === 'POST') return { status: 201, body: {} }
  const found = held[url]
  return found ? { status: 200, body: found } : { status: 404, body: { code: 404, message: 'base image not found' } }
}

const preview = `\
Created BaseImage: new (dry run)
Unchanged BaseImage: same (dry run)
Changed Image: other (dry run)
@@ -5,6 +5,7 @@
 runtimeDependencies:
   manifest: |
     requests
+    flask
 systemDependencies:
   packages: []
 tags: []
Changed Function: f (dry run)
@@ -7,5 +7,5 @@
   out: null
 secrets: []
 services: []
-timeout: 5
+timeout: 0
 tags: []
its code is built anew; the server does not tell what it has
`

test('--dry-run shows what would be created and how the rest would change, and only asks', async t => {
  const stage = await createStage(t, answer)
  stage.write('all.yaml', yaml)
  stage.write('a.py', 'x = 1\n')
  const outcome = await stage.dispatch(['apply', '-f', 'all.yaml', '--dry-run'])
  t.deepEqual(outcome, { code: 0, stdout: preview, stderr: '' })
  t.deepEqual([...new Set(stage.asked.map(({ method }) => method))], ['GET'])
  const { stdout } = await stage.dispatch(['apply', '-f', 'all.yaml', '--dry-run', '-o', 'json'])
  t.deepEqual(
    JSON.parse(stdout).map(({ kind, name, change }: Record<string, string>) => `${change} ${kind} ${name}`),
    ['created BaseImage new', 'unchanged BaseImage same', 'changed Image other', 'changed Function f'],
  )
})

test('--summary counts what was created, changed and the same; a terminal gets it unasked', async t => {
  const stdout = 'Applied BaseImage: new\nApplied BaseImage: same\nApplied Image: other\nApplied Function: f\n'
  const summary = '1 created, 2 changed, 1 unchanged\n'
  const stage = await createStage(t, answer)
  stage.write('all.yaml', yaml)
  stage.write('a.py', 'x = 1\n')
  const apply = ['apply', '-f', 'all.yaml']
  t.deepEqual(await stage.dispatch(apply), { code: 0, stdout, stderr: '' })
  t.false(stage.asked.some(({ method }) => method === 'GET'))
  t.deepEqual(await stage.dispatch([...apply, '--summary']), { code: 0, stdout, stderr: summary })
  t.deepEqual(await stage.dispatch(apply, { stderrIsTerminal: true }), { code: 0, stdout, stderr: summary })
  t.deepEqual(await stage.dispatch([...apply, '--quiet'], { stderrIsTerminal: true }), {
    code: 0,
    stdout: '',
    stderr: '',
  })
})

const sha256Of = (base64: string) => createHash('sha256').update(Buffer.from(base64, 'base64')).digest('hex')

test('a function with the code and the values that the server has is unchanged, however its numbers are written', async t => {
  let sourceSha256 = ''
  const schema = { in: { type: 'object', properties: { n: { minimum: 1, multipleOf: 1.5 } } }, out: null }
  const stage = await createStage(t, ({ method, body }) => {
    if (method === 'PUT') sourceSha256 = sha256Of(JSON.parse(body).source)
    return { status: 200, body: { image: 'python3', kind: 'Function', name: 'f', schema, sourceSha256 } }
  })
  stage.write('a.py', 'x = 1\n')
  stage.write(
    'f.yaml',
    'kind: Function\nname: f\nimage: python3\nsourcePath: a.py\nschema:\n  in: {type: object, properties: {n: {minimum: 1.0, multipleOf: 1.50}}}\n',
  )
  const apply = (...flags: string[]) => stage.dispatch(['apply', '-f', 'f.yaml', ...flags])
  t.is((await apply('--summary')).stderr, '0 created, 1 changed, 0 unchanged\n')
  t.is((await apply('--summary')).stderr, '0 created, 0 changed, 1 unchanged\n')
  t.is((await apply('--dry-run')).stdout, 'Unchanged Function: f (dry run)\n')
  stage.write('a.py', 'x = 2\n')
  t.is((await apply('--dry-run')).stdout, 'Changed Function: f (dry run)\nits code differs\n')
  const [told] = JSON.parse((await apply('--dry-run', '-o', 'json')).stdout)
  t.deepEqual(told, { kind: 'Function', name: 'f', change: 'changed', diff: '', code: 'other' })
})

test('the seed set can be looked at first, too', async t => {
  const stage = await createStage(t, answer)
  const { stdout } = await stage.dispatch(['apply', 'seed-images', '--dry-run'])
  t.is(stdout.match(/^Created (Base)?Image: .* \(dry run\)$/gm)?.length, 8)
})

test('who may not look may still apply', async t => {
  const refusal: Answer = { status: 403, body: { code: 403, message: 'denied' } }
  const stage = await createStage(t, ({ method }) => (method === 'GET' ? refusal : { status: 200, body: {} }))
  stage.write('b.yaml', 'kind: BaseImage\nname: b\ndockerUrl: d:1\n')
  t.deepEqual(await stage.dispatch(['apply', '-f', 'b.yaml', '--summary']), {
    code: 0,
    stdout: 'Applied BaseImage: b\n',
    stderr: '0 created, 0 changed, 0 unchanged, 1 unknown\n',
  })
  t.is((await stage.dispatch(['apply', '-f', 'b.yaml', '--dry-run'])).stderr, '[Code: 403] denied\n')
})
