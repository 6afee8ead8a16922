/** Tables with all that there is to say: `-o wide`. */
import test from 'ava'
import { createStage } from './stage.ts'

const base = { name: 'b', dockerUrl: 'dispatchframework/b-base:1', dockerImage: 'dispatch-solo/b:2', status: 'READY' }

test('a wide table of base images ends with the Docker image that really runs, the usual one does not', async t => {
  const stage = await createStage(t, () => ({ status: 200, body: [base] }))
  const usual = (await stage.dispatch(['get', 'base-images'])).stdout
  t.notRegex(usual, /DOCKERIMAGE|dispatch-solo/)
  const wide = (await stage.dispatch(['get', 'base-images', '-o', 'wide'])).stdout.split('\n')
  t.regex(wide[0] ?? '', /^ +NAME +\| +URL +\| STATUS \| +CREATED DATE +\| +DOCKERIMAGE +$/)
  t.regex(wide[2] ?? '', /\| dispatch-solo\/b:2 +$/)
  const named = await stage.dispatch(['get', 'base-image', 'b', '-o=wide'], { env: {} })
  t.regex(named.stdout, /DOCKERIMAGE/)
})

test('what has nothing more to say is as usual', async t => {
  const stage = await createStage(t, () => ({ status: 200, body: [{ name: 's', secrets: {} }] }))
  t.deepEqual(await stage.dispatch(['get', 'secrets', '-o', 'wide']), await stage.dispatch(['get', 'secrets']))
})

test('a wide table of policies has their rules, as with --wide', async t => {
  const rules = [{ subjects: ['jon'], actions: ['get'], resources: ['*'] }]
  const stage = await createStage(t, () => ({ status: 200, body: [{ name: 'p', rules }] }))
  const wide = await stage.dispatch(['iam', 'get', 'policies', '-o', 'wide'])
  t.regex(wide.stdout, /RULES/)
  t.deepEqual(wide, await stage.dispatch(['iam', 'get', 'policies', '--wide']))
})

test('-o table is the usual table, whatever the environment asks for', async t => {
  const stage = await createStage(t, () => ({ status: 200, body: [base] }))
  const env = { DISPATCH_OUTPUT: 'json' }
  t.deepEqual(
    await stage.dispatch(['get', 'base-images', '-o', 'table'], { env }),
    await stage.dispatch(['get', 'base-images']),
  )
})
