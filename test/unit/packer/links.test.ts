import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { publishFile } from '../../../packer/links.ts'

async function createFolder(t: ExecutionContext, parent = tmpdir()): Promise<string> {
  const dir = await mkdtemp(join(parent, 'links-'))
  t.teardown(() => rm(dir, { recursive: true, force: true }))
  return dir
}

test('publishing the same file again leaves one name, on no copy', async t => {
  const dir = await createFolder(t)
  const [source, path] = [join(dir, 'cached'), join(dir, 'published')]
  await writeFile(source, 'one')
  for (const _ of [1, 2]) await publishFile(source, path)
  t.deepEqual((await readdir(dir)).sort(), ['cached', 'published'])
  t.is((await stat(path)).ino, (await stat(source)).ino)
})

test('a folder that is not there is made: all may be cached where nothing was ever published', async t => {
  const dir = await createFolder(t)
  await writeFile(join(dir, 'cached'), 'one')
  await publishFile(join(dir, 'cached'), join(dir, 'new/published'))
  t.is(await readFile(join(dir, 'new/published'), 'utf8'), 'one')
})

test('another file takes the place of the first, which keeps its content', async t => {
  const dir = await createFolder(t)
  for (const text of ['one', 'two']) {
    await writeFile(join(dir, text), text)
    await publishFile(join(dir, text), join(dir, 'published'))
  }
  t.is(await readFile(join(dir, 'published'), 'utf8'), 'two')
  t.is(await readFile(join(dir, 'one'), 'utf8'), 'one')
})

test('a cache on another file system is copied from', async t => {
  const [dir, other] = [await createFolder(t), await createFolder(t, '/dev/shm')]
  t.not((await stat(dir)).dev, (await stat(other)).dev)
  await writeFile(join(other, 'cached'), 'far')
  for (const _ of [1, 2]) await publishFile(join(other, 'cached'), join(dir, 'published'))
  t.deepEqual(await readdir(dir), ['published'])
  t.is(await readFile(join(dir, 'published'), 'utf8'), 'far')
})

test('a source that is not there is said, and nothing is left', async t => {
  const dir = await createFolder(t)
  await t.throwsAsync(publishFile(join(dir, 'absent'), join(dir, 'published')), { code: 'ENOENT' })
  t.deepEqual(await readdir(dir), [])
})
