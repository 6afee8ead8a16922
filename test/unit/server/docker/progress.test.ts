/** What Docker says of pulls and loads is read to its end, and an error in it is an error. */
import test from 'ava'
import { readLoad, readPull } from '../../../../server/docker/progress.ts'

async function* said(...objects: unknown[]) {
  for (const object of objects) yield `${JSON.stringify(object)}\n`
}

const layer = (id: string, total: number) => ({ id, status: 'Downloading', progressDetail: { current: 1, total } })

test('an error in the stream rejects with its text', async t => {
  for (const read of [readPull, readLoad])
    await t.throwsAsync(read(said({ status: 'Pulling' }, '', { error: 'no space left' })), { message: 'no space left' })
})

test('a pull is given up when its layers have more bytes than they may', async t => {
  const layers = said(layer('a', 60), layer('a', 60), { id: 'b', status: 'Extracting' }, layer('b', 40))
  await t.notThrowsAsync(readPull(layers, 100))
  await t.throwsAsync(readPull(said(layer('a', 60), layer('b', 41)), 100), {
    message: 'it has 101 bytes or more, and 100 are allowed',
  })
})

test('a load tells names, and ids of what has none', async t => {
  const stream = said(
    { stream: 'Loaded image: a/b:1\n' },
    { stream: 'other\n' },
    { stream: 'Loaded image ID: sha256:0\n' },
  )
  t.deepEqual(await readLoad(stream), ['a/b:1', 'sha256:0'])
})
