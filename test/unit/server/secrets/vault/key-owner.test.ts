/** A key file belongs to one server: another one that is given it by mistake does not start, one that has moved does. */
import { chmod, copyFile, mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { createKey } from '../../../../../server/secrets/vault/key.ts'
import { idFileOf, parseOwner, planOwner } from '../../../../../server/secrets/vault/key-owner.ts'
import { keyFileStage } from './stage.ts'

/** Two data directories, each with its id, and the one key file of the first. */
async function stage(t: ExecutionContext) {
  const { at, open } = keyFileStage(t)
  const begin = async (name: string, needed: readonly string[] = [], file = at('shared.key')) => {
    const dataDir = at(name)
    await mkdir(dataDir, { recursive: true })
    await writeFile(idFileOf(dataDir), `id of ${name}\n`)
    return open({ file, needed, server: { server: `id of ${name}`, dataDir } })
  }
  const ring = await begin('one')
  return { at, begin, ring, needed: [ring.current().id] }
}

const foreign = (dataDir: string) => ({
  message: new RegExp(`belongs to another server, that of the data directory ${dataDir}: leave`),
})

test('a second server with the key file of another is refused, whether or not its records were sealed by it', async t => {
  const { at, begin, needed, ring } = await stage(t)
  await t.throwsAsync(begin('two'), foreign(at('one')))
  await t.throwsAsync(begin('two', needed), foreign(at('one')))
  t.deepEqual((await begin('one', needed)).ids(), ring.ids())
})

test('also by way of a link', async t => {
  const { at, begin } = await stage(t)
  await symlink(at('shared.key'), at('link.key'))
  await t.throwsAsync(begin('two', [], at('link.key')), foreign(at('one')))
})

test('a data directory that has moved, or was restored elsewhere, takes its key file along', async t => {
  const { at, begin, needed } = await stage(t)
  await rename(at('one'), at('moved'))
  await t.throwsAsync(begin('fresh'), foreign(at('one')))
  const ring = await begin('moved', needed)
  await t.notThrowsAsync(async () => ring.replace?.([createKey(), ring.current()]))
  t.like(parseOwner(await readFile(at('shared.key'), 'utf8')), { dataDir: at('moved'), server: 'id of moved' })
})

test('a restored server with another id in the same place goes on with its key file', async t => {
  const { at, begin, needed } = await stage(t)
  await rm(idFileOf(at('one')))
  await t.notThrowsAsync(begin('one', needed))
})

test('a copy of a key file is nobody else’s', async t => {
  const { at, begin, needed } = await stage(t)
  await copyFile(at('shared.key'), at('copy.key'))
  await chmod(at('copy.key'), 0o400)
  await t.notThrowsAsync(begin('two', needed, at('copy.key')))
  await t.throwsAsync(begin('one', needed, at('copy.key')), foreign(at('two')))
})

test('a file that nobody has marked, as of an earlier version, is marked', async t => {
  const { at, begin, needed } = await stage(t)
  const text = await readFile(at('shared.key'), 'utf8')
  await rm(at('shared.key'))
  await writeFile(at('shared.key'), text.replace(/^# Belongs.*\n/, ''), { mode: 0o400 })
  await begin('two', needed)
  t.like(parseOwner(await readFile(at('shared.key'), 'utf8')), { dataDir: at('two') })
})

test('nobody replaces the keys of a file that has become another server’s meanwhile', async t => {
  const { at, begin, needed, ring } = await stage(t)
  await rename(at('one'), at('moved'))
  await begin('moved', needed)
  await t.throwsAsync(async () => ring.replace?.([createKey()]), { message: /belongs to another server by now/ })
})

test('a mark that is none is nobody’s', t => {
  for (const text of ['', '# Belongs to {', '# Belongs to null', '# Belongs to {"server":1}'])
    t.is(parseOwner(text), undefined)
  const own = { server: 's', dataDir: join('/d'), file: '/f' }
  t.is(planOwner(undefined, own, { isPresent: false, needsKeys: false }), 'claim')
  t.is(planOwner(own, own, { isPresent: true, needsKeys: false }), 'own')
})
