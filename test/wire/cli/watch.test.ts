/** `get --watch`: the table, then what is added, changed or deleted, until interrupted. */
import test from 'ava'
import { type Answer, createStage, type Outcome, type Stage } from './stage.ts'

const base = (name: string, status: string) => ({ name, dockerUrl: `d:${name}`, status, language: 'x' })
const story = [
  [base('a', 'READY'), base('b', 'CREATING')],
  [base('a', 'READY'), base('b', 'CREATING')],
  [base('a', 'READY'), base('b', 'READY'), base('new', 'INITIALIZED')],
  [base('b', 'READY'), base('new', 'INITIALIZED')],
]

/** Interrupts once the story is told. */
async function watch(stage: Stage, words: readonly string[], looks = story.length): Promise<Outcome> {
  const interruption = new AbortController()
  const pause = async (durationMs: number) => {
    if (durationMs !== 1000 || stage.asked.length >= looks) interruption.abort()
  }
  return stage.dispatch(['get', ...words, '--watch'], { pause, interrupted: interruption.signal })
}
const tell = (answers: readonly unknown[]) => (_: unknown, index: number) => ({ status: 200, body: answers[index] })

test('the table once, then rows that change in its columns; the exit code is that of --follow', async t => {
  const stage = await createStage(t, tell(story))
  const { code, stdout, stderr } = await watch(stage, ['base-images'])
  t.deepEqual([code, stderr], [1, ''])
  t.is(
    stdout,
    `\
          NAME         |                         URL                          |   STATUS    |         CREATED DATE         | CHANGE   
--------------------------------------------------------------------------------------------------------------------------------
  a                    | d:a                                                  | READY       | Thu Jan  1 00:00:00 UTC 1970 |          
  b                    | d:b                                                  | CREATING    | Thu Jan  1 00:00:00 UTC 1970 |          
  b                    | d:b                                                  | READY       | Thu Jan  1 00:00:00 UTC 1970 | changed  
  new                  | d:new                                                | INITIALIZED | Thu Jan  1 00:00:00 UTC 1970 | added    
  a                    | d:a                                                  | READY       | Thu Jan  1 00:00:00 UTC 1970 | deleted  
`,
  )
})

test('-o json: one exact object a line', async t => {
  const exact = ['[{"name":"a","createdTime":12345678901234567890}]', '[]']
  const stage = await createStage(t, tell(exact))
  const { stdout } = await watch(stage, ['base-images', '-o', 'json'], 2)
  t.deepEqual(
    stdout.split('\n').map(line => line.slice(0, 60)),
    [
      '{"change":"present","object":{"createdTime":1234567890123456',
      '{"change":"deleted","object":{"createdTime":1234567890123456',
      '',
    ],
  )
  t.is((await watch(stage, ['images', '-o', 'yaml'])).stderr, 'objects are watched as a table, or with -o json\n')
})

test('one object may go and come again; it must be there at first', async t => {
  const missing: Answer = { status: 404, body: { code: 404, message: 'function f not found' } }
  const there: Answer = { status: 200, body: { name: 'f', status: 'READY' } }
  const stage = await createStage(t, [there, missing, there])
  const { stdout } = await watch(stage, ['function', 'f'], 3)
  t.deepEqual(stdout.match(/\b(added|deleted)(?= +$)/gm), ['deleted', 'added'])
  const absent = await createStage(t, [missing])
  t.deepEqual(await watch(absent, ['function', 'f']), {
    code: 1,
    stdout: '',
    stderr: '[Code: 404] function f not found\n',
  })
})

test('an interruption while the server is asked is silent', async t => {
  const interruption = new AbortController()
  const stage = await createStage(t, () => {
    interruption.abort()
    return { status: 200, body: [] }
  })
  const { code, stderr } = await stage.dispatch(['get', 'images', '--watch'], { interrupted: interruption.signal })
  t.deepEqual([code, stderr], [1, ''])
})

test('only the objects of the application are watched', async t => {
  const tagged = { ...base('mine', 'READY'), tags: [{ key: 'Application', value: 'shop' }] }
  const stage = await createStage(t, tell([[tagged, base('other', 'READY')]]))
  const { stdout } = await watch(stage, ['functions', '-a', 'shop'], 1)
  t.regex(stdout, /mine/)
  t.notRegex(stdout, /other/)
})

test('a list that is empty at first has columns in which usual rows fit', async t => {
  const rows = [{ ...base('a-name-of-20-letters', 'INITIALIZED'), createdTime: 1795489079 }]
  const stage = await createStage(t, tell([[], rows]))
  const { stdout } = await watch(stage, ['base-images'], 2)
  const [titles = '', rule, row = '', end] = stdout.split('\n')
  const places = (line: string) => [...line.matchAll(/\|/g)].map(({ index }) => index)
  t.deepEqual(places(row), places(titles))
  t.deepEqual([rule?.replaceAll('-', ''), end], ['', ''])
})

test('a row that needs more than ever widens its column from there on', async t => {
  const stage = await createStage(t, tell([[], [base('n'.repeat(30), 'READY')], [base('n'.repeat(30), 'ERROR')]]))
  const lines = (await watch(stage, ['base-images'], 3)).stdout.split('\n').slice(2, 4)
  t.deepEqual(
    lines.map(line => line.indexOf('|')),
    [33, 33],
  )
})

test('the table of driver types has those that are built in, one in JSON has not', async t => {
  const stage = await createStage(t, () => ({ status: 200, body: [] }))
  await watch(stage, ['eventdrivertypes'], 1)
  await watch(stage, ['eventdrivertypes', '-o', 'json'], 2)
  t.deepEqual(
    stage.asked.map(({ url }) => url),
    ['/v1/event/drivertypes?builtIn=true', '/v1/event/drivertypes'],
  )
})
