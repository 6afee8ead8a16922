import test from 'ava'
import { importByProxmox } from '../../../helpers/importers/proxmox.ts'
import { type Change, inDescriptor, packVariant } from './variants.ts'

const read = async (t: Parameters<typeof packVariant>[0], change: Change) =>
  importByProxmox(await packVariant(t, change))

test('a size in a power of two is believed, any other is taken from the disk', async t => {
  const stated = inDescriptor('ovf:capacityAllocationUnits="byte"', 'ovf:capacityAllocationUnits="byte * 2^10"')
  t.is((await read(t, stated)).disks[0]?.bytes, 41943040 * 1024)
  t.is((await read(t, inDescriptor(/ovf:capacity="\d+"/, 'ovf:capacity="1"'))).disks[0]?.bytes, 41943040)
})

test('the guest is that of the number: "other 64-bit" is no Linux', async t => {
  t.is((await read(t, inDescriptor('ovf:id="96"', 'ovf:id="102"'))).guestOs, 'other')
  t.is((await read(t, inDescriptor('ovf:id="96"', 'ovf:id="101"'))).guestOs, 'l26')
})

test('firmware is that of the setting for VMware, whose namespace has to be declared', async t => {
  t.is((await read(t, inDescriptor('vmw:value="bios"', 'vmw:value="efi"'))).firmware, 'efi')
  const undeclared: Change = parts =>
    inDescriptor(
      / xmlns:vmw="[^"]*"/,
      '',
    )(inDescriptor(/<vmw:.*\/>/g, '')(inDescriptor(/ vmw:osType="[^"]*"/, '')(parts)))
  await t.throwsAsync(read(t, undeclared), { message: /Undefined namespace prefix vmw/ })
})

test('a disk on SATA, without a controller, or of no file', async t => {
  const sata = inDescriptor('<rasd:ResourceType>6<', '<rasd:ResourceType>20<')
  t.is((await read(t, sata)).disks[0]?.attachedTo, 'sata0')
  const lost = await read(t, inDescriptor('<rasd:Parent>3<', '<rasd:Parent>33<'))
  t.deepEqual([lost.disks, lost.warnings], [[], ['invalid or missing controller: , skipping']])
  const unreferenced = await read(t, inDescriptor(' ovf:fileRef="file1"', ''))
  t.deepEqual(unreferenced.warnings, ['invalid host resource ovf:/disk/disk1, skipping'])
})

test('a network card that it has not becomes e1000, and a name keeps what host names have', async t => {
  t.is((await read(t, inDescriptor('>VmxNet3<', '>PCNet32<'))).nics[0]?.model, 'e1000')
  t.is((await read(t, inDescriptor('<Name>dispatch-solo<', '<Name>Dispatch Solo!<'))).name, 'DispatchSolo')
})
