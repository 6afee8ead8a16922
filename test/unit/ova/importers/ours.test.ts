import test from 'ava'
import { importByProxmox } from '../../../helpers/importers/proxmox.ts'
import { importByVirtualBox } from '../../../helpers/importers/virtualbox.ts'
import { checkForVmware } from '../../../helpers/importers/vmware.ts'
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
