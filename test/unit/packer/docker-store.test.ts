import { mkdir, mkdtemp, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { normalizeDockerStore, renderLink, renderLower } from '../../../packer/docker-store.ts'

const [base, top] = ['a'.repeat(64), 'b'.repeat(64)]

async function createFolder(t: ExecutionContext): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'docker-'))
  t.teardown(() => rm(dir, { recursive: true, force: true }))
  return dir
}

/** Two layers as Docker 26 writes them, under names that it would have drawn at random. */
async function createStore(t: ExecutionContext, random: string): Promise<string> {
  const dir = await createFolder(t)
  const layers = [
    { chainId: base, cacheId: `${random}-base`, link: `LINKBASE${random}`, lower: undefined },
    { chainId: top, cacheId: `${random}-top`, link: `LINKTOP${random}`, lower: `l/LINKBASE${random}` },
  ]
  await mkdir(join(dir, 'overlay2/l'), { recursive: true })
  await mkdir(join(dir, 'overlay2/left-over'))
  for (const { chainId, cacheId, link, lower } of layers) {
    const [database, folder] = [join(dir, 'image/overlay2/layerdb/sha256', chainId), join(dir, 'overlay2', cacheId)]
    await mkdir(database, { recursive: true })
    await mkdir(join(folder, 'diff'), { recursive: true })
    await writeFile(join(database, 'cache-id'), cacheId)
    await writeFile(join(folder, 'link'), link)
    await writeFile(join(folder, 'diff/of'), chainId)
    if (lower) await writeFile(join(folder, 'lower'), lower)
    await symlink(`../${cacheId}/diff`, join(dir, 'overlay2/l', link))
  }
  return dir
}

test('two stores of the same layers become the same, whatever their names were', async t => {
  for (const dir of [await createStore(t, 'X'), await createStore(t, 'Y')]) {
    await normalizeDockerStore(dir)
    const read = (path: string) => readFile(join(dir, path), 'utf8')
    t.is(await read(`image/overlay2/layerdb/sha256/${top}/cache-id`), top)
    t.is(await read(`overlay2/${top}/link`), renderLink(top))
    t.is(await read(`overlay2/${top}/lower`), `l/${renderLink(base)}`)
    t.is(await read(`overlay2/l/${renderLink(base)}/of`), base)
    t.is(await readlink(join(dir, 'overlay2/l', renderLink(top))), `../${top}/diff`)
    await t.throwsAsync(read('overlay2/left-over'), { code: 'ENOENT' })
  }
})

test('a store without layers is left as it is', async t => {
  await t.notThrowsAsync(normalizeDockerStore(await createFolder(t)))
})

test('a link is 26 characters that differ by layer', t => {
  t.regex(renderLink(base), /^[A-Z2-7]{26}$/)
  t.not(renderLink(base), renderLink(top))
})

test('a parent that the store does not have is a fault', t => {
  t.throws(() => renderLower('l/A:l/B', new Map([['A', 'X']])), { message: /parent layer that it does not have: l\/B/ })
})
