import test from 'ava'
import { importByVirtualBox } from '../../../helpers/importers/virtualbox.ts'
import type { Part } from '../support/spoil.ts'
import { type Change, inDescriptor, item, packVariant, withItem } from './variants.ts'

const refused = test.macro(async (t, change: Change, message: RegExp) => {
  await t.throwsAsync(importByVirtualBox(await packVariant(t, change)), { name: 'ImportRefused', message })
})

const typed = (type: number, more = '', attributes = '') =>
  item(`<rasd:InstanceID>9</rasd:InstanceID>${more}<rasd:ResourceType>${type}</rasd:ResourceType>`, attributes)

test(
  'a capacity that is no number',
  refused,
  inDescriptor(/ovf:capacity="\d+"/, 'ovf:capacity="$' + '{size}"'),
  /capacity/,
)
test('a disk without its format', refused, inDescriptor(/ ovf:format="[^"]*"/, ''), /'format'/)
test('memory in another spelling', refused, inDescriptor('byte * 2^20', 'byte*2^20'), /allocation unit "byte\*2\^20"/)
test('a card that VirtualBox has not, and that is required', refused, withItem(typed(1)), /Unknown resource type 1/)
test(
  'our video card if it were required',
  refused,
  inDescriptor('<Item ovf:required="false">', '<Item>'),
  /Unknown resource type 24/,
)
test(
  'a CD drive without its controller',
  refused,
  withItem(typed(15, '<rasd:Parent>7</rasd:Parent>', ' ovf:required="false"')),
  /invalid parent "7"/,
)
test(
  'storage of another kind',
  refused,
  withItem(typed(20, '<rasd:ResourceSubType>nvmx</rasd:ResourceSubType>')),
  /subtype "nvmx"/,
)
test('a disk that is not described', refused, inDescriptor('ovf:/disk/disk1', 'ovf:/disk/disk2'), /host resource/)
test(
  'a disk that is not in the archive, after everything else has gone by',
  refused,
  (parts: Part[]) => parts.map(part => ({ ...part, name: part.name.replace('disk1', 'disk2') })),
  /missing 'sample-disk1\.vmdk' \(skipped 3\)/,
)

test('names of members are compared without regard to case, and what is skipped is dropped', async t => {
  const path = await packVariant(t, parts =>
    [...parts, { name: 'later', data: Buffer.alloc(0) }].map(part => ({ ...part, name: part.name.toUpperCase() })),
  )
  t.is((await importByVirtualBox(path)).disks.length, 1)
})

const read = async (t: Parameters<typeof packVariant>[0], change: Change) =>
  importByVirtualBox(await packVariant(t, change))

test('each network card, controller and network becomes what VirtualBox has', async t => {
  const card = async (from: string, to: string) => (await read(t, inDescriptor(from, to))).nics[0]
  t.is((await card('>VmxNet3<', '>E1000<'))?.model, '82545EM')
  t.is((await card('>VmxNet3<', '>VirtioNet<'))?.model, 'virtio')
  t.is((await card('<rasd:Connection>Bridged', '<rasd:Connection>VM Network'))?.network, 'Bridged')
  t.is((await card('<rasd:Connection>Bridged', '<rasd:Connection>nat'))?.network, 'NAT')
  const bus = async (type: string) => (await read(t, inDescriptor('>lsilogic<', `>${type}<`))).disks[0]?.attachedTo
  t.is(await bus('VirtualSCSI'), 'LsiLogic 0')
  t.is(await bus('lsilogicsas'), 'LsiLogicSas 0')
})

test('the guest is that of vbox:OSType, else that of the number; an unknown one gets an old card', async t => {
  const without = inDescriptor(/<vbox:OSType.*<\/vbox:OSType>/, '')
  t.is((await read(t, without)).guestOs, 'Debian_64')
  const { guestOs, nics } = await read(t, parts => inDescriptor('ovf:id="96"', 'ovf:id="102"')(without(parts)))
  t.deepEqual([guestOs, nics[0]?.model], ['Other', 'Am79C973'])
})

test('the name is the id, gigabytes count, and firmware is never read', async t => {
  t.is((await read(t, inDescriptor('<VirtualSystem ovf:id="dispatch-solo">', '<VirtualSystem ovf:id="x">'))).name, 'x')
  t.is((await read(t, inDescriptor('byte * 2^20', 'byte * 2^30'))).memoryMib, 2048 * 1024)
  t.is((await read(t, inDescriptor('vmw:value="bios"', 'vmw:value="efi"'))).firmware, 'bios')
})
