import { createWriteStream, existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import test from 'ava'
import { pack } from 'tar-stream'
import { loadOva } from '../../../../packer/deploy/ova.ts'
import { createShell } from '../../../../packer/shell.ts'

test('a member whose name is an option of tar is refused, and runs nothing', async t => {
  const dir = await mkdtemp(join(tmpdir(), 'deploy-ova-'))
  t.teardown(() => rm(dir, { recursive: true }))
  const shell = createShell({ logFile: join(dir, 'log'), signal: new AbortController().signal })
  const [file, mark, archive] = [join(dir, 'evil.ova'), join(dir, 'mark'), pack()]
  const written = pipeline(archive, createWriteStream(file))
  for (const name of [`--checkpoint=1 #.ovf`, `--checkpoint-action=exec=touch mark #.ovf`, 'disk.vmdk'])
    archive.entry({ name }, 'x')
  archive.finalize()
  await written
  await t.throwsAsync(loadOva(shell, file), { message: /name of its \.ovf is not a plain one.*npm run verify/ })
  t.false(existsSync(mark))
})

test('a disk whose size is not stated in bytes is refused: a guess could shrink it', async t => {
  const dir = await mkdtemp(join(tmpdir(), 'deploy-ova-'))
  t.teardown(() => rm(dir, { recursive: true }))
  const shell = createShell({ logFile: join(dir, 'log'), signal: new AbortController().signal })
  for (const disk of ['ovf:capacity="20" ovf:capacityAllocationUnits="byte * 2^30"', 'ovf:capacity="much"', '']) {
    const [file, archive] = [join(dir, 'other.ova'), pack()]
    const written = pipeline(archive, createWriteStream(file))
    archive.entry({ name: 'a.ovf' }, `<Envelope><DiskSection><Disk ${disk}/></DiskSection></Envelope>`)
    archive.entry({ name: 'a.vmdk' }, 'x')
    archive.finalize()
    await written
    await t.throwsAsync(loadOva(shell, file), { message: /size in bytes/ }, disk)
  }
})
