/** Names alone, one a line: `-o name`. */
import test from 'ava'
import { createStage } from './stage.ts'

const object = { name: 'b', id: '1' }

for (const [line, body, stdout] of [
  ['get functions', [object, { name: 'c' }], 'b\nc\n'],
  ['get functions', [], ''],
  ['get function b', object, 'b\n'],
  ['get secrets', [object], 'b\n'],
  ['iam get tokens', [object], 'b\n'],
  ['get runs', [object], 'b\n'],
  ['get events', [{ id: '7' }], '7\n'],
  ['delete function b', object, 'b\n'],
  ['create subscription f --event-type a.b', { name: 'made-up' }, 'made-up\n'],
] as const)
  test(`${line}: ${JSON.stringify(body)}`, async t => {
    const stage = await createStage(t, () => ({ status: 200, body }))
    t.deepEqual(await stage.dispatch([...line.split(' '), '-o', 'name']), { code: 0, stdout, stderr: '' })
  })

test('a name steers no terminal', async t => {
  const stage = await createStage(t, () => ({ status: 200, body: [{ name: 'b\u001b[2J' }] }))
  t.is((await stage.dispatch(['get', 'functions', '-o', 'name'])).stdout, 'b[2J\n')
})

test('files name what they hold, and what was done is told beside it', async t => {
  const stage = await createStage(t, () => ({ status: 201, body: {} }))
  stage.write('two.yaml', 'kind: Secret\nname: a\n---\nkind: Secret\nname: b\n')
  const { code, stdout, stderr } = await stage.dispatch(['create', '-f', 'two.yaml', '-o', 'name'])
  t.deepEqual({ code, stdout }, { code: 0, stdout: 'a\nb\n' })
  t.is(stderr, 'Created Secret: a\nCreated Secret: b\n')
})

test('contexts have names too', async t => {
  const stage = await createStage(t)
  stage.write('c.json', JSON.stringify({ current: 'a', contexts: { a: {}, b: {} } }))
  const { stdout } = await stage.dispatch(['context', '-o', 'name'], { env: { DISPATCH_CONFIG: 'c.json' } })
  t.is(stdout, 'a\nb\n')
})

for (const line of [
  'iam create token t',
  'doctor',
  'image prune',
  'get audit',
  'appliance status',
  'apply -f one.yaml --dry-run',
])
  test(`${line}: has no names of objects, so that nothing is asked for`, async t => {
    const stage = await createStage(t)
    stage.write('one.yaml', 'kind: Secret\nname: a\n')
    const { code, stdout, stderr } = await stage.dispatch([...line.split(' '), '-o', 'name'])
    t.deepEqual({ code, stdout, asked: stage.asked.length }, { code: 1, stdout: '', asked: 0 })
    t.regex(
      stderr,
      /^-o name prints the names of objects, of which this command has none: use -o table, json or yaml\n$/,
    )
  })
