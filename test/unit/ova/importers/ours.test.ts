import { stat } from 'node:fs/promises'
import test from 'ava'
import fc from 'fast-check'
import { packOva } from '../../../../ova/pack.ts'
import { importByProxmox } from '../../../helpers/importers/proxmox.ts'
import { importByVirtualBox } from '../../../helpers/importers/virtualbox.ts'
import { checkForVmware } from '../../../helpers/importers/vmware.ts'
import { writeRawDisk } from '../support/raw-disk.ts'
import { createScratch } from '../support/scratch.ts'
import { applianceFacts, packSample } from '../support/spoil.ts'

const { cpus, memoryMib, name } = applianceFacts
const disk = { file: 'sample-disk1.vmdk', bytes: 40 * 1024 * 1024 }

test('VirtualBox makes the machine that we mean, with a network card of its own choice', async t => {
  const { ovaPath } = await packSample(await createScratch(t))
  t.deepEqual(await importByVirtualBox(ovaPath), {
    name,
    cpus,
    memoryMib,
    firmware: 'bios',
    guestOs: 'Debian_64',
    disks: [{ ...disk, attachedTo: 'LsiLogic 0' }],
    nics: [{ model: '82540EM', network: 'Bridged' }],
    warnings: [],
  })
})

test('Proxmox VE makes the machine that we mean', async t => {
  const { ovaPath } = await packSample(await createScratch(t))
  t.deepEqual(await importByProxmox(ovaPath), {
    name,
    cpus,
    memoryMib,
    firmware: 'bios',
    guestOs: 'l26',
    disks: [{ ...disk, attachedTo: 'scsi0' }],
    nics: [{ model: 'vmxnet3' }],
    warnings: [],
  })
})

test('VMware finds nothing to refuse, and its digests are those of the manifest', async t => {
  const { ovaPath } = await packSample(await createScratch(t))
  t.deepEqual(await checkForVmware(ovaPath), [])
})

const facts = fc.record({
  name: fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?$/),
  version: fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 20 }),
  cpus: fc.integer({ min: 1, max: 64 }),
  memoryMib: fc.integer({ min: 512, max: 1024 * 1024 }),
})
const sectors = fc.integer({ min: 1, max: 200_000 })

test('whatever the sizes and texts are, every importer finds the same', async t => {
  const scratch = await createScratch(t)
  const [rawPath, ovaPath] = [scratch('raw'), scratch('any.ova')]
  await fc.assert(
    fc.asyncProperty(facts, sectors, async (machine, size) => {
      await writeRawDisk(rawPath, size * 512, [{ byte: 0, seed: 'a', bytes: 70_000 }])
      await packOva({ rawPath, ovaPath, facts: machine, mtimeSeconds: 1e9 })
      t.deepEqual(await checkForVmware(ovaPath), [])
      for (const found of [await importByVirtualBox(ovaPath), await importByProxmox(ovaPath)]) {
        const { name, cpus, memoryMib } = machine
        t.like(found, { name, cpus, memoryMib, warnings: [] })
        t.deepEqual(
          found.disks.map(disk => disk.bytes),
          [(await stat(rawPath)).size],
        )
      }
    }),
    { numRuns: 15 },
  )
})
