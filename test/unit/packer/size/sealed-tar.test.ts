import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { sealEntry } from '../../../../packer/cache.ts'
import { findSealedTar } from '../../../../packer/size/sealed-tar.ts'
import { seal } from '../../../../packer/steps/seal.ts'

async function createCache(t: ExecutionContext) {
  const cacheDir = await mkdtemp(join(tmpdir(), 'sealed-'))
  t.teardown(() => rm(cacheDir, { recursive: true }))
  const write = async (name: string, text: string): Promise<string> => {
    await mkdir(join(cacheDir, name))
    await writeFile(join(cacheDir, name, seal.tar), text)
    return join(cacheDir, name)
  }
  /** Answers with what a manifest of an .ova of this tree says. */
  const add = async (name: string, text: string) => ({
    steps: [
      { name: seal.name, outputs: await sealEntry(await write(name, text), { inputs: {}, outputs: [seal.tar] }) },
    ],
  })
  return { cacheDir, write, add }
}

const [first, second] = ['seal-0000000000000000', 'seal-1111111111111111']

test('the tree is found by its hash, beside those of other bakes and one that a bake is writing', async t => {
  const { cacheDir, write, add } = await createCache(t)
  await write(`${first}.tmp-7`, 'half of it')
  await add('seal-2222222222222222', 'another tree')
  const manifest = await add(second, 'the tree')
  t.is(await findSealedTar(manifest, cacheDir), join(cacheDir, second, seal.tar))
})

test('neither a tree that changed nor one that is not finished is taken for it', async t => {
  const { cacheDir, add } = await createCache(t)
  const manifest = await add(first, 'the tree')
  await writeFile(join(cacheDir, first, seal.tar), 'harmed')
  await add(`${second}.tmp-7`, 'the tree')
  await t.throwsAsync(findSealedTar(manifest, cacheDir), { message: /npm run ova/ })
})

test('a manifest without a sealed tree finds none', async t => {
  const { cacheDir, add } = await createCache(t)
  await add(first, 'the tree')
  await t.throwsAsync(findSealedTar({ steps: [] }, cacheDir), { message: /npm run ova/ })
})
