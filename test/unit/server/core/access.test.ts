/** The kinds of objects that policies and scopes may name. */
import test from 'ava'
import { checkResources, resources } from '../../../../server/core/access.ts'
import { createTestApp } from '../../../helpers/test-app.ts'

test('policies may name what operations ask for, and nothing else', async t => {
  const { app } = await createTestApp(t)
  const asked = app.operations.flatMap(({ access }) => (typeof access === 'string' ? [] : [access.resource]))
  t.deepEqual([...new Set(asked)].toSorted(), [...resources])
})

test('a word that no policy could mean is refused by name; those that the original knew are not', t => {
  t.notThrows(() => checkResources(['*', 'function', 'subscription', 'service', 'application']))
  for (const word of ['functions', 'func*', 'Function'])
    t.throws(() => checkResources(['function', word]), {
      message: `there is no kind of objects ${word}: name one of ${resources.join(', ')}, or * for all of them`,
    })
})
