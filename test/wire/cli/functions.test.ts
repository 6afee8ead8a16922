/** `create function` and `exec`: bodies, source archives, and every message about local files. */
import { symlinkSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { listArchive } from './archive.ts'
import { createStage } from './stage.ts'

const accept = () => ({ status: 201, body: { name: 'f' } })
const create = ['create', 'function', 'f', '--image', 'python3']

test('the body of create function, key by key', async t => {
  const stage = await createStage(t, accept)
  stage.write('a.py', 'x = 1\n')
  stage.write('in.json', '{"maximum": 1.0}')
  const flags = [
    '--secret',
    'a,b',
    '--secret=c',
    '--service',
    's,t',
    '--timeout',
    '500',
    '-ashop',
    '--schema-in=in.json',
  ]
  t.is((await stage.dispatch([...create, 'a.py', ...flags])).stdout, 'Created function: f\n')
  const body = stage.asked[0]?.body ?? ''
  t.is(
    body.replace(/"source":"[^"]+"/, '"source":""'),
    '{"source":"","image":"python3","handler":"","name":"f","reason":null,"schema":{"in":{"maximum":1.0},"out":null},' +
      '"secrets":["a","b","c"],"services":["s,t"],"timeout":500,"tags":[{"key":"Application","value":"shop"}]}',
  )
})

test('a directory: everything below it, in byte order, but for .dispatchignore and links', async t => {
  const stage = await createStage(t, accept)
  for (const path of ['d/b.py', 'd/a/z.py', 'd/B.py', 'd/.git/config', 'd/log/x.log', 'd/log/keep.txt', 'd/n_m/p/i.js'])
    stage.write(path, path)
  stage.write('d/.dispatchignore', '# comment\n.git/\n*.log\nn_m/\n')
  symlinkSync('b.py', join(stage.cwd, 'd/link.py'))
  t.is((await stage.dispatch([...create, './d/', '--handler', 'b.handle'])).stderr, '')
  const entries = await listArchive(JSON.parse(stage.asked[0]?.body ?? '').source)
  t.deepEqual(
    entries.map(({ name, content }) => [name, content]),
    [
      ['./B.py', 'd/B.py'],
      ['./a', ''],
      ['./a/z.py', 'd/a/z.py'],
      ['./b.py', 'd/b.py'],
      ['./link.py', 'd/b.py'],
      ['./log', ''],
      ['./log/keep.txt', 'd/log/keep.txt'],
    ],
  )
})

test('the same source is the same archive, whenever and whosever it is', async t => {
  const stage = await createStage(t, accept)
  stage.write('a.py', 'x = 1\n')
  await stage.dispatch([...create, 'a.py'])
  utimesSync(join(stage.cwd, 'a.py'), 1, 1)
  await stage.dispatch([...create, `${stage.cwd}/a.py`])
  t.is(stage.asked[0]?.body, stage.asked[1]?.body)
})

test('links that lead out of the source, or round in circles, are refused', async t => {
  const stage = await createStage(t, accept)
  stage.write('out/a.py', '')
  stage.write('secret.txt', 'hidden')
  symlinkSync('../secret.txt', join(stage.cwd, 'out/b'))
  stage.write('loop/a.py', '')
  symlinkSync('.', join(stage.cwd, 'loop/self'))
  const out = await stage.dispatch([...create, 'out', '--handler', 'h'])
  t.regex(out.stderr, /^error reading out: failed to tar source 'out': b is a link to .*, outside of the source\n$/)
  const loop = await stage.dispatch([...create, 'loop', '--handler', 'h'])
  t.regex(loop.stderr, /self is a link to a directory that contains it/)
  t.is(stage.asked.length, 0)
})

test('.dispatchignore leaves out any link, wherever it leads', async t => {
  const stage = await createStage(t, accept)
  stage.write('d/a.py', 'a')
  stage.write('elsewhere/lib.js', 'x')
  const links = { node_modules: '../elsewhere', out: '../elsewhere/lib.js', nowhere: 'gone', circle: 'circle' }
  for (const [name, target] of Object.entries(links)) symlinkSync(target, join(stage.cwd, 'd', name))
  const refused = await stage.dispatch([...create, 'd', '--handler', 'a.handle'])
  t.deepEqual([refused.code, stage.asked.length], [1, 0])
  stage.write('d/.dispatchignore', 'node_modules/\nout\nnowhere\ncircle\n')
  t.is((await stage.dispatch([...create, 'd', '--handler', 'a.handle'])).stderr, '')
  const entries = await listArchive(JSON.parse(stage.asked[0]?.body ?? '').source)
  t.deepEqual(
    entries.map(({ name }) => name),
    ['./a.py'],
  )
})

test('a link that leads nowhere is named', async t => {
  const stage = await createStage(t, accept)
  stage.write('d/a.py', 'a')
  symlinkSync('gone', join(stage.cwd, 'd/b'))
  const { stderr } = await stage.dispatch([...create, 'd', '--handler', 'a.handle'])
  t.is(stderr, "error reading d: failed to tar source 'd': b is a link that leads nowhere\n")
})

const refusals: readonly (readonly [string, readonly string[], string])[] = [
  [
    'a path that is not there',
    ['no.py'],
    "failed to determine if path is dir: 'no.py': stat no.py: no such file or directory\n",
  ],
  [
    'a directory without a handler',
    ['.'],
    'error creating function f: handler is required, source path . is a directory\n',
  ],
  [
    'a schema that is not there',
    ['a.py', '--schema-in', 'n'],
    'error when reading content of n: open n: no such file or directory\n',
  ],
]
for (const [title, words, stderr] of refusals)
  test(`create function, ${title}`, async t => {
    const stage = await createStage(t, accept)
    stage.write('a.py', '')
    t.deepEqual(await stage.dispatch([...create, ...words]), { code: 1, stdout: '', stderr })
    t.is(stage.asked.length, 0)
  })

test('create function without --image is a usage error', async t => {
  const stage = await createStage(t, accept)
  const { code, stderr } = await stage.dispatch(['create', 'function', 'f', 'a.py'])
  t.is(code, 1)
  t.regex(stderr, /^Error: required flag\(s\) "image" not set\nUsage:\n/)
})

test('exec sends the literal numbers of its input, and leaves out null', async t => {
  const stage = await createStage(t, accept)
  await stage.dispatch([
    'exec',
    'f',
    '--input',
    '{"a":12345678901234567890,"b":1.0,"c":1e3}',
    '--secret',
    'x,y',
    '--wait',
  ])
  await stage.dispatch(['exec', 'a b&c', '--input', 'null'])
  t.deepEqual(
    stage.asked.map(({ url, body }) => [url, body]),
    [
      [
        '/v1/runs?functionName=f',
        '{"blocking":true,"input":{"a":12345678901234567890,"b":1.0,"c":1e3},"reason":null,"secrets":["x","y"],"services":null,"tags":null}',
      ],
      ['/v1/runs?functionName=a+b%26c', '{"reason":null,"secrets":[],"services":null,"tags":null}'],
    ],
  )
})

test('exec of a failing function: exit 0, with --fail 3; only a person gets a line about it', async t => {
  const failed = { name: 'r', status: 'ERROR', error: { type: 'FunctionError', message: 'boom', stacktrace: null } }
  const stage = await createStage(t, () => ({ status: 200, body: failed }))
  const quiet = await stage.dispatch(['exec', 'f', '--wait'])
  t.deepEqual([quiet.code, quiet.stderr], [0, ''])
  const seen = await stage.dispatch(['exec', 'f', '--wait', '--fail'], { stderrIsTerminal: true })
  t.deepEqual([seen.code, seen.stderr], [3, 'run r failed: FunctionError: boom\n'])
  t.is(seen.stdout, quiet.stdout)
})
