/** What only a terminal gets: colours and a line that shows what is waited for; and what --quiet takes away. */
import test from 'ava'
import { type Answer, createStage } from './stage.ts'

const images = [
  { name: 'a', status: 'READY' },
  { name: 'b', status: 'ERROR' },
  { name: 'c', status: 'CREATING' },
]
const list = (): Answer => ({ status: 200, body: images })
const terminal = { stdoutIsTerminal: true, stderrIsTerminal: true, env: { TERM: 'xterm' } }
const green = '\u001b[32m'

test('statuses are coloured on a terminal, and nothing else changes', async t => {
  const stage = await createStage(t, list)
  const plain = (await stage.dispatch(['get', 'base-images'])).stdout
  const { stdout } = await stage.dispatch(['get', 'base-images'], terminal)
  const colored = plain
    .replace('READY   ', '\u001b[32mREADY   \u001b[0m')
    .replace('ERROR   ', '\u001b[31mERROR   \u001b[0m')
    .replace('CREATING', '\u001b[33mCREATING\u001b[0m')
  t.is(stdout, colored)
  t.true((await stage.dispatch(['get', 'runs'], terminal)).stdout.includes(green))
})

for (const [title, words, changes] of [
  ['a pipe', [], { stdoutIsTerminal: false }],
  ['NO_COLOR', [], { env: { ...terminal.env, NO_COLOR: '1' } }],
  ['--no-color', ['--no-color'], {}],
  ['a dumb terminal', [], { env: { TERM: 'dumb' } }],
] as const)
  test(`no colours: ${title}`, async t => {
    const stage = await createStage(t, list)
    const { stdout } = await stage.dispatch(['get', 'base-images', ...words], { ...terminal, ...changes })
    t.false(stdout.includes('\u001b'))
  })

test('an empty NO_COLOR is none', async t => {
  const stage = await createStage(t, list)
  const { stdout } = await stage.dispatch(['get', 'images'], { ...terminal, env: { TERM: 'xterm', NO_COLOR: '' } })
  t.true(stdout.includes(green))
})

const story = ['', 'CREATING', 'CREATING', 'READY']
const waitFor = (index: number): Answer => ({ status: 200, body: { name: 'b', status: story[index] ?? 'READY' } })
const create = ['create', 'base-image', 'b', 'd', '--wait']

test('--wait shows on a terminal what it waits for, in one line that is gone at the end', async t => {
  const stage = await createStage(t, (_, index) => waitFor(index))
  const { stdout, stderr } = await stage.dispatch(create, { ...terminal, columns: 30 })
  t.is(stdout, 'Created base image: b\n')
  const erase = '\r\u001b[K'
  t.is(stderr, `${erase}/ base image b is CREATING (0${erase}- base image b is CREATING (0${erase}`)
})

test('a terminal that does not tell its width gets the whole line', async t => {
  const stage = await createStage(t, (_, index) => waitFor(index))
  const { stderr } = await stage.dispatch(create, { ...terminal, columns: 0 })
  t.true(stderr.includes('/ base image b is CREATING (0s)'))
})

test('a pipe, a dumb terminal and --quiet get no such line', async t => {
  for (const [words, changes] of [
    [[], { stderrIsTerminal: false }],
    [[], { env: {} }],
    [['--quiet'], {}],
  ] as const) {
    const stage = await createStage(t, (_, index) => waitFor(index))
    t.is((await stage.dispatch([...create, ...words], { ...terminal, ...changes })).stderr, '')
  }
})

test('--quiet leaves results and errors, and takes what was done', async t => {
  const stage = await createStage(t, ({ method }) =>
    method === 'DELETE' ? { status: 404, body: { code: 404, message: 'image x not found' } } : list(),
  )
  t.is((await stage.dispatch([...create, '--quiet'])).stdout, '')
  t.regex((await stage.dispatch(['get', 'base-images', '--quiet'])).stdout, /NAME/)
  t.is(JSON.parse((await stage.dispatch([...create.slice(0, -1), '--quiet', '-o', 'json'])).stdout)[0]?.name, 'a')
  t.is((await stage.dispatch(['delete', 'image', 'x', '--quiet'])).stderr, '[Code: 404] image x not found\n')
  const env = { DISPATCH_QUIET: 'true' }
  t.is((await stage.dispatch(create, { env })).stdout, '')
  stage.write('b.yaml', 'kind: BaseImage\nname: b\ndockerUrl: d\n')
  t.deepEqual(await stage.dispatch(['create', '-f', 'b.yaml'], { env }), { code: 0, stdout: '', stderr: '' })
})
