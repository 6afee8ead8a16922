/** `-f FILE`: what documents become on the wire, in which order, and what is refused before the first request. */
import test from 'ava'
import { listArchive } from './archive.ts'
import { createStage } from './stage.ts'

const accept = () => ({ status: 200, body: {} })
const bodies = (asked: readonly { body: string }[]) => asked.map(({ body }) => body)

test('minimal documents are sent as the original sends them, kind included', async t => {
  const stage = await createStage(t, accept)
  stage.write(
    'all.yaml',
    'kind: BaseImage\nname: bi\ndockerUrl: d:1\nlanguage: py\n---\n---\nkind: Image\nname: im\nBASEIMAGENAME: bi\nruntimeDependencies: {manifest: "@deps.txt"}\nunknown: 1\n---\n',
  )
  stage.write('deps.txt', 'requests\n')
  const outcome = await stage.dispatch(['create', '-f', 'all.yaml'])
  t.deepEqual(outcome, { code: 0, stdout: 'Created BaseImage: bi\nCreated Image: im\n', stderr: '' })
  t.deepEqual(bodies(stage.asked), [
    '{"dockerUrl":"d:1","groups":null,"kind":"BaseImage","language":"py","name":"bi","reason":null,"tags":null}',
    '{"baseImageName":"bi","groups":null,"kind":"Image","name":"im","reason":null,"runtimeDependencies":{"manifest":"requests\\n"},"tags":null}',
  ])
})

test('text is taken as it is written, numbers in schemas keep their digits', async t => {
  const stage = await createStage(t, accept)
  stage.write(
    'f.json',
    '{"kind":"Function","name":"y","image":0777,"sourcePath":"a.py","timeout":500,"tags":[{"key":"v","value":1.0}],"schema":{"in":{"maximum":12345678901234567890,"n":"1"}}}',
  )
  stage.write('a.py', 'x = 1\n')
  t.is((await stage.dispatch(['create', '-f', 'f.json', '-a', 'shop'])).stderr, '')
  const [body = ''] = bodies(stage.asked)
  const { source, ...rest } = JSON.parse(body)
  t.deepEqual(await listArchive(source), [{ name: './a.py', type: 'file', content: 'x = 1\n' }])
  t.is(rest.name, 'y')
  t.is(rest.image, '0777')
  t.deepEqual(rest.tags, [
    { key: 'v', value: '1.0' },
    { key: 'Application', value: 'shop' },
  ])
  t.true(body.includes('"schema":{"in":{"maximum":12345678901234567890,"n":"1"}}'))
})

test('apply updates, and creates what is not there; update does not', async t => {
  const missing = { status: 404, body: { code: 404, message: 'base image b not found' } }
  const stage = await createStage(t, [missing, { status: 201, body: {} }, missing])
  stage.write('b.yaml', 'kind: BaseImage\nname: b\ndockerUrl: d:1\n')
  t.deepEqual(await stage.dispatch(['apply', '-f', 'b.yaml']), {
    code: 0,
    stdout: 'Applied BaseImage: b\n',
    stderr: '',
  })
  const refused = await stage.dispatch(['update', '-f', 'b.yaml'])
  t.deepEqual(refused, { code: 1, stdout: '', stderr: '[Code: 404] base image b not found\n' })
  t.deepEqual(
    stage.asked.map(({ method, url }) => `${method} ${url}`),
    ['PUT /v1/baseimage/b', 'POST /v1/baseimage', 'PUT /v1/baseimage/b'],
  )
})

test('the first error stops; what was done before stays', async t => {
  const stage = await createStage(t, [accept(), { status: 409, body: { code: 409, message: 'image b exists' } }])
  stage.write('i.yaml', ['a', 'b', 'c'].map(name => `kind: Image\nname: ${name}\nbaseImageName: x\n`).join('---\n'))
  const outcome = await stage.dispatch(['create', '-f', 'i.yaml'])
  t.deepEqual(outcome, { code: 1, stdout: 'Created Image: a\n', stderr: '[Code: 409] image b exists\n' })
  t.is(stage.asked.length, 2)
})

test('-o json: lines make room for one object with the answers', async t => {
  const stage = await createStage(t, [{ status: 201, body: { name: 'b', status: 'INITIALIZED' } }])
  stage.write('b.yaml', 'kind: BaseImage\nname: b\ndockerUrl: d:1\n')
  const { stdout, stderr } = await stage.dispatch(['create', '-f', 'b.yaml', '-o', 'json'])
  t.is(stderr, 'Created BaseImage: b\n')
  t.is(JSON.parse(stdout).baseImages[0].status, 'INITIALIZED')
  t.is(JSON.parse(stdout).functions, null)
})

test('files that a later document points at are looked for before the first request', async t => {
  const stage = await createStage(t)
  const secret = 'kind: Secret\nname: s\n---\n'
  for (const [text, message] of [
    ['kind: Function\nname: f\nimage: i\nsourcePath: gone.py\n', /'gone\.py': stat gone\.py: no such file/],
    ['kind: Function\nname: f\nimage: i\nsourcePath: .\n', /^error creating function f: handler is required/],
    ["kind: Image\nname: i\nruntimeDependencies: {manifest: '@gone.txt'}\n", /content of gone\.txt: open gone\.txt/],
  ] as const) {
    stage.write('later.yaml', secret + text)
    const { code, stderr } = await stage.dispatch(['create', '-f', 'later.yaml'])
    t.is(code, 1)
    t.regex(stderr, message)
  }
  t.is(stage.asked.length, 0)
})

test('documents come from standard input, too; messages call it so', async t => {
  const stage = await createStage(t, () => ({ status: 200, body: {} }))
  stage.write('a.py', '')
  const from = (text: string) => stage.dispatch(['apply', '-f', '-'], { readInput: async () => text })
  const outcome = await from('kind: Secret\nname: s\n---\nkind: Function\nname: f\nimage: i\nsourcePath: a.py\n')
  t.deepEqual(outcome, { code: 0, stdout: 'Applied Secret: s\nApplied Function: f\n', stderr: '' })
  t.regex((await from('kind: User\n')).stderr, /unknown kind "User" \(.*\); it is made by dispatch iam create user\n$/)
  t.regex((await from('kind: Sekret\n')).stderr, /^standard input: document 1, line 1: unknown kind "Sekret"/)
})

test('a deletion needs no sources', async t => {
  const stage = await createStage(t, accept)
  stage.write('f.yaml', 'kind: Function\nname: f\nimage: i\nsourcePath: gone.py\n')
  t.is((await stage.dispatch(['delete', '-f', 'f.yaml'])).stdout, 'Deleted Function: f\n')
})

const refusals: readonly (readonly [string, string, RegExp])[] = [
  [
    'an unknown kind',
    'kind: Image\nname: a\n---\nkind: image\nname: b\n',
    /document 2, line 4: unknown kind "image" \(known: API, BaseImage, Driver, DriverType, Function, Image, Organization, Policy, Secret, ServiceAccount, Subscription\)/,
  ],
  ['no kind', 'name: a\n', /document 1, line 1: kind is required/],
  ['no name', 'kind: Image\n', /document 1, line 1: name is required/],
  ['a wrong type', 'kind: Image\nname: a\ntags: secret-text\n', /document 1, line 3: tags must be a list/],
  ['broken YAML', 'kind: Image\nname: "secret-text\n', /document 1, line \d+: not YAML/],
]
for (const [title, text, message] of refusals)
  test(`refused before the first request, without an echo of the content: ${title}`, async t => {
    const stage = await createStage(t, accept)
    stage.write('bad.yaml', text)
    const { code, stdout, stderr } = await stage.dispatch(['create', '-f', 'bad.yaml'])
    t.deepEqual([code, stdout, stage.asked.length], [1, '', 0])
    t.regex(stderr, message)
    t.notRegex(stderr, /secret-text/)
  })

for (const [verb, text] of [
  ['apply', 'kind: Function\nname: f\nimage: ""\nsourcePath: a.py\n'],
  ['create', 'kind: Image\nname: a\n---\nkind: Function\nname: f\nsourcePath: a.py\n'],
] as const)
  test(`${verb} -f: a function without an image is refused before the first request`, async t => {
    const stage = await createStage(t, accept)
    stage.write('f.yaml', text)
    const { code, stdout, stderr } = await stage.dispatch([verb, '-f', 'f.yaml'])
    t.deepEqual([code, stdout, stage.asked.length], [1, '', 0])
    t.regex(stderr, /^f.yaml: document [12], line [14]: image is required\n$/)
    t.is((await stage.dispatch(['delete', '-f', 'f.yaml'])).code, 0)
  })

const mistyped = `\
kind: BaseImage
name: b
dokerUrl: d:1
tags: [{key: a, Value: b}, {lable: c}]
---
kind: Function
name: f
image: i
TIMEOUT: 5
timout: 5
schema: {in: {tpye: object}, inn: {}}
`
const notes = `\
Note: m.yaml: document 1, line 1: unknown key "dokerUrl" is ignored; did you mean "dockerUrl"?
Note: m.yaml: document 1, line 1: unknown key "tags[1].lable" is ignored
Note: m.yaml: document 2, line 6: unknown key "timout" is ignored; did you mean "timeout"?
Note: m.yaml: document 2, line 6: unknown key "schema.inn" is ignored
`

test('unknown keys are ignored, which a terminal is told, and a dry run always', async t => {
  const stage = await createStage(t, ({ method }) => ({
    ...accept(),
    ...(method === 'GET' && { status: 404, body: { code: 404, message: '' } }),
  }))
  stage.write('m.yaml', mistyped)
  const create = ['create', '-f', 'm.yaml']
  const stdout = 'Created BaseImage: b\nCreated Function: f\n'
  t.deepEqual(await stage.dispatch(create), { code: 0, stdout, stderr: '' })
  t.deepEqual(await stage.dispatch(create, { stderrIsTerminal: true }), { code: 0, stdout, stderr: notes })
  t.is((await stage.dispatch([...create, '--quiet'], { stderrIsTerminal: true })).stderr, '')
  t.is((await stage.dispatch(['apply', '-f', 'm.yaml', '--dry-run'])).stderr, notes)
  t.is((await stage.dispatch(['delete', '-f', 'm.yaml'], { stderrIsTerminal: true })).stderr, '')
})

test('--work-dir comes first, a path that is right already is taken too', async t => {
  const stage = await createStage(t, accept)
  stage.write('examples/b.yaml', 'kind: BaseImage\nname: b\ndockerUrl: d:1\n')
  t.is((await stage.dispatch(['create', '-f', 'b.yaml', '-w', 'examples'])).code, 0)
  t.is((await stage.dispatch(['create', '-f', 'examples/b.yaml', '-w', 'examples'])).code, 0)
  t.is((await stage.dispatch(['create', '-f', `${stage.cwd}/examples/b.yaml`, '-w', 'examples'])).code, 0)
  const { stderr } = await stage.dispatch(['create', '-f', 'c.yaml', '-w', 'examples'])
  t.is(stderr, 'Error reading file examples/c.yaml: open examples/c.yaml: no such file or directory\n')
})

test('a file from a URL brings its sources along, and reaches nothing on this machine', async t => {
  const stage = await createStage(t, ({ url }) => {
    if (url === '/x/seed.yaml') return { status: 200, body: 'kind: Function\nname: f\nimage: i\nsourcePath: py/a.py\n' }
    if (url === '/x/evil.yaml') return { status: 200, body: 'kind: Function\nname: f\nimage: i\nsourcePath: ../a.py\n' }
    return url === '/x/py/a.py'
      ? { status: 200, body: 'x = 2\n' }
      : { status: url.endsWith('.yaml') ? 404 : 201, body: {} }
  })
  const base = `http://127.0.0.1:${stage.port}/x`
  t.is((await stage.dispatch(['create', '-f', `${base}/seed.yaml`, '-w', 'new'])).stdout, 'Created Function: f\n')
  const { source } = JSON.parse(stage.asked.at(-1)?.body ?? '')
  t.deepEqual(await listArchive(source), [{ name: './a.py', type: 'file', content: 'x = 2\n' }])
  t.is(stage.asked[0]?.headers.cookie, undefined)
  t.regex((await stage.dispatch(['create', '-f', `${base}/evil.yaml`])).stderr, /leaves the working directory/)
  t.regex((await stage.dispatch(['create', '-f', `${base}/none.yaml`])).stderr, /^Error reading http.*: HTTP 404\n$/)
})

test('--wait follows every object to READY, and fails with the reason of an ERROR', async t => {
  const statuses = ['CREATING', 'READY']
  const stage = await createStage(t, ({ method }) =>
    method === 'POST'
      ? { status: 201, body: {} }
      : { status: 200, body: { status: statuses.shift() ?? 'ERROR', reason: ['no disk'] } },
  )
  stage.write('b.yaml', 'kind: BaseImage\nname: b\ndockerUrl: d:1\n')
  t.is((await stage.dispatch(['create', '-f', 'b.yaml', '--wait'])).code, 0)
  t.is(stage.asked.length, 3)
  const failed = await stage.dispatch(['create', 'base-image', 'b', 'd:1', '--wait'])
  t.deepEqual(failed, { code: 1, stdout: 'Created base image: b\n', stderr: 'base image b ended in ERROR: no disk\n' })
})
