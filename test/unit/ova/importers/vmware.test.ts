import test from 'ava'
import { checkForVmware, rules } from '../../../helpers/importers/vmware.ts'
import { alter, alterDisk } from '../support/spoil.ts'
import { type Change, inDescriptor, item, packVariant, withItem } from './variants.ts'

const setByte =
  (at: number, value: number): Change =>
  parts =>
    alterDisk(parts, data => {
      const changed = Buffer.from(data)
      changed[at] = value
      return changed
    })

const reorder =
  (...endings: string[]): Change =>
  parts =>
    endings.flatMap(ending => parts.filter(({ name }) => name.endsWith(ending)))

const extra = '<vmw:ExtraConfig vmw:key="disk.EnableUUID" vmw:value="true"/>'

/** For each rule an OVA that breaks it; what else it breaks does not matter here. */
const broken: Readonly<Record<keyof typeof rules, Change>> = {
  'the descriptor is the first member': reorder('.mf', '.ovf', '.vmdk'),
  'the archive is USTAR and flat': parts => [...parts, { name: 'folder/x', data: Buffer.alloc(0) }],
  'the manifest follows the descriptor or the last disk': parts => [
    ...reorder('.ovf', '.vmdk', '.mf')(parts),
    { name: 'last', data: Buffer.alloc(0) },
  ],
  'the disks stand in the order of References': parts =>
    inDescriptor('ovf:href="sample-disk1.vmdk"', 'ovf:href="other.vmdk"')(parts),
  'every digest is of a known algorithm': parts =>
    alter(parts, '.mf', data => data.toString().replaceAll('SHA256', 'MD5')),
  'every member has its digest': parts => alter(parts, '.mf', data => data.toString().replace(/^.*\n/, '')),
  'every digest is that of the stream': parts =>
    alter(parts, '.mf', data => data.toString().replace(/= ..../, '= 0000')),
  'the size of each file is that of its member': inDescriptor(/ovf:size="\d+"/, 'ovf:size="1"'),
  'the capacity is that of the disk': inDescriptor(/ovf:capacity="\d+"/, 'ovf:capacity="512"'),
  'the disks are streamOptimized, version 3': setByte(4, 1),
  'the envelope is of OVF 1': inDescriptor(/xmlns="[^"]*"/, 'xmlns="http://schemas.dmtf.org/ovf/envelope/2"'),
  'the sections stand in the order of the schema': inDescriptor(
    /(<NetworkSection>.*<\/NetworkSection>)(.*)(<\/Envelope>)/s,
    '$2$1$3',
  ),
  'only items of OVF 1 are used': withItem('<StorageItem/>'),
  'the fields of each item are in alphabetical order': inDescriptor(
    /(<rasd:Address>0<\/rasd:Address>)(.*?)(<\/Item>)/s,
    '$2$1$3',
  ),
  'instance ids are unique, and parents are there': inDescriptor('<rasd:Parent>3<', '<rasd:Parent>33<'),
  'every connection is a network of the descriptor': inDescriptor('<rasd:Connection>Bridged', '<rasd:Connection>nat'),
  'the hardware family is one of ESXi 6.7': inDescriptor('>vmx-14<', '>virtualbox-2.2<'),
  'there is no advanced configuration': withItem(extra),
}

for (const [rule, change] of Object.entries(broken)) {
  test(rule, async t => {
    const problems = await checkForVmware(await packVariant(t, change))
    t.true(
      problems.some(problem => problem.startsWith(`${rule}: `)),
      problems.join('\n'),
    )
  })
}

test('each rule has an OVA that breaks it', t => {
  t.deepEqual(Object.keys(broken), Object.keys(rules))
})

test('a hardware family is refused when it is too new, or one of Workstation alone', async t => {
  const familiesOf = async (families: string) =>
    (await checkForVmware(await packVariant(t, inDescriptor('>vmx-14<', `>${families}<`)))).length
  t.deepEqual(await Promise.all(['vmx-20', 'vmx-12', 'vmx-14 vmx-20', 'vmx-13'].map(familiesOf)), [1, 1, 0, 0])
})

test('an instance id twice', async t => {
  const problems = await checkForVmware(await packVariant(t, withItem(item('<rasd:InstanceID>3</rasd:InstanceID>'))))
  t.deepEqual(problems, ['instance ids are unique, and parents are there: an instance id is there twice'])
})
