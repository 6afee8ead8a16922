/** The guide to QEMU does what it says, on a small .ova of the same name. Needs qemu-img (Debian package qemu-utils). */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import test from 'ava'
import { isPrinted, parseExamples } from '../../e2e/guides/example.ts'
import { loadPage } from '../../unit/docs/pages.ts'
import { createScratch } from '../../unit/ova/support/scratch.ts'
import { packSample } from '../../unit/ova/support/spoil.ts'

const name = 'dispatch-solo-0.1.0-amd64.ova'
/** They start a machine, or take what is not here. */
const apart = /^(qemu-system-x86_64|npm run|virt-install|virsh|virt-v2v) /

test('its commands make the disk that the .ova was made of', async t => {
  const scratch = await createScratch(t)
  await mkdir(scratch('reader'))
  const [cwd, ovaPath] = [scratch('reader'), scratch(`reader/${name}`)]
  await packSample(scratch, { ovaPath })
  const sha256 = createHash('sha256')
    .update(await readFile(ovaPath))
    .digest('hex')
  await writeFile(scratch('reader/SHA256SUMS'), `${sha256}  ${name}\n${sha256}  absent.tar.gz\n`)
  const typed = parseExamples(loadPage('docs/guides/import-qemu.md').text).filter(({ command }) => !apart.test(command))
  t.is(typed.length, 6)
  for (const { command, prints } of typed) {
    const { status, stdout, stderr } = spawnSync('sh', ['-c', command], { cwd, encoding: 'utf8' })
    t.deepEqual({ command, status, stderr }, { command, status: 0, stderr: '' })
    t.true(isPrinted(stdout, prints), `$ ${command}\n${stdout}`)
  }
  const disk = scratch('reader/dispatch-solo/dispatch-solo.qcow2')
  const compared = spawnSync('qemu-img', ['compare', scratch('raw'), disk], { encoding: 'utf8' })
  t.regex(compared.stdout, /Images are identical/)
})
