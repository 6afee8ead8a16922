import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import test from 'ava'
import { publishRuntimes } from '../../../../packer/release/publish.ts'

test('runtimes that are not in the appliance are published packed, with the same bytes each time', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'publish-'))
  t.teardown(() => rm(folder, { recursive: true }))
  const tar = join(folder, 'image')
  await writeFile(tar, 'layers'.repeat(100))
  const images = [
    { language: 'nodejs', inAppliance: true, tar },
    { language: 'java', inAppliance: false, tar },
  ]
  t.deepEqual(await publishRuntimes(images, folder), ['java.tar.gz'])
  const first = await readFile(join(folder, 'java.tar.gz'))
  t.is(gunzipSync(first).toString(), 'layers'.repeat(100))
  await publishRuntimes(images, folder)
  t.deepEqual(await readFile(join(folder, 'java.tar.gz')), first)
  t.deepEqual((await readdir(folder)).sort(), ['image', 'java.tar.gz'])
})
