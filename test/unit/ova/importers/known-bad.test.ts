/** Mistakes that others shipped are misread here as their users reported: so the importers of these tests can fail. */
import test from 'ava'
import { importByProxmox } from '../../../helpers/importers/proxmox.ts'
import { importByVirtualBox } from '../../../helpers/importers/virtualbox.ts'
import { checkForVmware } from '../../../helpers/importers/vmware.ts'
import { alterDisk } from '../support/spoil.ts'
import { inDescriptor, inManifest, item, packVariant, withItem } from './variants.ts'

test('a capacity that is not that of the disk (Home Assistant OS 5.8): VMware refuses, VirtualBox believes it', async t => {
  const path = await packVariant(t, inDescriptor('ovf:capacity="41943040"', 'ovf:capacity="6291456"'))
  t.deepEqual(await checkForVmware(path), [
    'the capacity is that of the disk: sample-disk1.vmdk: 6291456 stated, 41943040 found',
  ])
  t.is((await importByVirtualBox(path)).disks[0]?.bytes, 6291456)
})

test('/disk/vmdisk1: Proxmox VE makes a machine without a disk, VirtualBox takes it', async t => {
  const path = await packVariant(t, inDescriptor('ovf:/disk/disk1', '/disk/disk1'))
  const machine = await importByProxmox(path)
  t.deepEqual(machine.disks, [])
  t.deepEqual(machine.warnings, ['invalid host resource /disk/disk1, skipping'])
  t.is((await importByVirtualBox(path)).disks.length, 1)
})

test('SHA2-256, as OpenSSL 3 writes it: VMware refuses', async t => {
  const path = await packVariant(t, inManifest('SHA256(', 'SHA2-256('))
  const problem = 'every digest is of a known algorithm: Invalid OVF checksum algorithm: SHA2-256'
  t.deepEqual(await checkForVmware(path), [problem, problem])
})

test('a blank before the bracket, as sha256sum --tag writes it: VMware refuses', async t => {
  const path = await packVariant(t, inManifest('SHA256(', 'SHA256 ('))
  const problem = 'every digest is of a known algorithm: Invalid OVF checksum algorithm: SHA256 '
  t.deepEqual(await checkForVmware(path), [problem, problem])
})

test('zeros behind the end of the disk, as of qemu-img: the digest of the stream is another', async t => {
  const path = await packVariant(t, parts => alterDisk(parts, data => Buffer.concat([data, Buffer.alloc(123 * 512)])))
  t.deepEqual(await checkForVmware(path), [
    'every digest is that of the stream: SHA digest of file sample-disk1.vmdk does not match manifest',
  ])
})

test('sizes to choose from: Proxmox VE puts the digits together, VirtualBox takes the last', async t => {
  const cpu = (quantity: number) =>
    `<rasd:InstanceID>9${quantity}</rasd:InstanceID><rasd:ResourceType>3</rasd:ResourceType><rasd:VirtualQuantity>${quantity}</rasd:VirtualQuantity>`
  const choice = (quantity: number) => item(cpu(quantity), ` ovf:configuration="of${quantity}"`)
  const path = await packVariant(t, withItem(choice(4) + choice(8)))
  t.is((await importByProxmox(path)).cpus, 248)
  t.is((await importByVirtualBox(path)).cpus, 8)
})
