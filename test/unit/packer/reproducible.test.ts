import { createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import test from 'ava'
import { pack } from 'tar-stream'
import { compareBakes, compareTrees, indexTar, renderComparison } from '../../../packer/reproducible.ts'
import type { Done } from '../../../packer/step.ts'

type Content = Record<string, { text: string; mode?: number }>

async function writeTar(file: string, content: Content): Promise<string> {
  const tar = pack()
  const written = pipeline(tar, createWriteStream(file))
  for (const [name, { text, mode = 0o644 }] of Object.entries(content))
    tar.entry({ name, mode, mtime: new Date(0) }, text)
  tar.finalize()
  await written
  return file
}

const tree: Content = { './etc/hosts': { text: 'one' }, './etc/shadow': { text: 'two', mode: 0o600 } }

test('trees are compared by name, content and mode, a line for each file that differs', async t => {
  const dir = await mkdtemp(join(tmpdir(), 'reproducible-'))
  t.teardown(() => rm(dir, { recursive: true }))
  const index = async (name: string, content: Content) => indexTar(await writeTar(join(dir, name), content))
  const first = await index('first', tree)
  t.deepEqual(compareTrees(first, await index('same', tree)), [])
  const changed = { './etc/hosts': { text: 'ONE', mode: 0o600 }, './etc/new': { text: '' } }
  t.deepEqual(compareTrees(first, await index('changed', changed)), [
    './etc/hosts: another mode, content',
    './etc/new: in the second bake alone',
    './etc/shadow: in the first bake alone',
  ])
})

const bake = (dir: string, hashes: Readonly<Record<string, string>>): Done => ({
  file: (step, output) => join(dir, `${step}-${output}`),
  hash: (step, output) => hashes[`${step}/${output}`] ?? '',
  all: () =>
    Object.entries(hashes).map(([path, hash]) => {
      const [name = '', output = ''] = path.split('/')
      return { name, dir, inputs: {}, outputs: { [output]: hash }, cached: false, tookMs: 0 }
    }),
})

test('two bakes are equal when their .ova are, whatever differed on the way', async t => {
  const dir = '/nowhere'
  const first = bake(dir, { 'bake/guest.tar': '1', 'seal/root.tar': 'x', 'ova/a.ova': 'y' })
  const same = await compareBakes(first, bake(dir, { 'bake/guest.tar': '2', 'seal/root.tar': 'x', 'ova/a.ova': 'y' }))
  t.true(same.isEqual)
  t.regex(
    renderComparison(same),
    /bake\/guest.tar +differs\n +seal\/root.tar +equal\n +ova\/a.ova +equal\n.*byte for byte/,
  )
  const other = await compareBakes(first, bake(dir, { 'bake/guest.tar': '1', 'seal/root.tar': 'x', 'ova/a.ova': 'z' }))
  t.false(other.isEqual)
  t.regex(renderComparison(other), /The two \.ova differ/)
})
