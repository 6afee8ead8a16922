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
