/** `image prune`: what was removed, and how much room that makes. */
import test from 'ava'
import { type Asked, createStage } from './stage.ts'

const answer = {
  removed: [{ id: 'sha256:a', names: ['dispatch/build-0:1', 'dispatch/kept-0:2'], bytes: 5_000_000 }],
  freedBytes: 3 * 1024 ** 2,
}

test('image prune says what was removed, by its first name, and what that frees', async t => {
  const asked: Asked[] = []
  const stage = await createStage(t, request => {
    asked.push(request)
    return { status: 200, body: answer }
  })
  const stdout = 'Removed: dispatch/build-0:1\nFreed: 3.0 MiB\n'
  t.deepEqual(await stage.dispatch(['image', 'prune']), { code: 0, stdout, stderr: '' })
  t.like(asked, [{ method: 'POST', url: '/v1/image/prune' }])
})

test('image prune -o json is the answer of the server', async t => {
  const stage = await createStage(t, () => ({ status: 200, body: answer }))
  t.deepEqual(JSON.parse((await stage.dispatch(['image', 'prune', '-o', 'json'])).stdout), answer)
})
