import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import test from 'ava'
import { loadSource, repository } from '../../../../packer/source.ts'
import { runSteps } from '../../../../packer/step.ts'
import { archives, createArchivesStep } from '../../../../packer/steps/archives.ts'

test('runtimes that are not in the appliance are packed once, and with the same bytes each time', async t => {
  const folder = await mkdtemp(join(tmpdir(), 'archives-'))
  t.teardown(() => rm(folder, { recursive: true }))
  const tar = join(folder, 'image')
  await writeFile(tar, 'layers'.repeat(100))
  const images = [
    { language: 'nodejs', inAppliance: true, tar, sha256: 'a' },
    { language: 'java', inAppliance: false, tar, sha256: 'b' },
  ]
  const { beside } = await loadSource('commit', images)
  const pack = async (cache: string) => {
    const runner = { cacheDir: join(folder, cache), logDir: folder, signal: AbortSignal.timeout(60_000) }
    const step = createArchivesStep(repository, beside)
    t.deepEqual(step.outputs, ['java.tar.gz'])
    const done = await runSteps([step], { ...runner, now: () => 0, print: () => undefined })
    return { bytes: await readFile(done.file(archives.name, 'java.tar.gz')), cached: done.all()[0]?.cached }
  }
  const first = await pack('one')
  t.is(gunzipSync(first.bytes).toString(), 'layers'.repeat(100))
  t.false(first.cached)
  t.true((await pack('one')).cached)
  t.deepEqual((await pack('other')).bytes, first.bytes)
})
