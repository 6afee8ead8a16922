import test from 'ava'
import { alter, findIn, type Part, repack } from '../support/spoil.ts'

/** Changes the descriptor of a good OVA (manifest made right again) and expects exactly these findings. */
const refused = test.macro(async (t, from: string | RegExp, to: string, ...expected: RegExp[]) => {
  const change = (data: Buffer) => {
    const text = data.toString('latin1')
    t.not(text.replace(from, to), text, 'the test must change something')
    return text.replace(from, to)
  }
  const found = await findIn(t, (parts: Part[]) => repack(alter(parts, '.ovf', change)))
  t.is(found.length, expected.length, found.join('\n'))
  for (const [at, pattern] of expected.entries()) t.regex(found[at] ?? '', pattern)
})

test(
  'a capacity that is not that of the disk',
  refused,
  'ovf:capacity="41943040"',
  'ovf:capacity="6442450944"',
  /capacity and populated size.*sample\.ovf@\d+ \| ovf:capacity is 6442450944 \| 41943040, the capacity in the header/,
)
test(
  'a lie about the size',
  refused,
  /ovf:size="\d+"/,
  'ovf:size="7"',
  /ovf:size of "sample-disk1\.vmdk" is 7 \| \d+, the member's size/,
)
test('another populated size', refused, /populatedSize="\d+"/, 'populatedSize="1"', /ovf:populatedSize is 1 \| 262144/)
test(
  'units that importers read otherwise',
  refused,
  'Units="byte"',
  'Units="byte * 2^30"',
  /capacityAllocationUnits is "byte \* 2\^30" \| byte/,
)
test('another format', refused, '#streamOptimized', '#sparse', /ovf:format is/)
test(
  'a reference to another file',
  refused,
  'ovf:href="sample-disk1',
  'ovf:href="other',
  /file reference "other\.vmdk" stands where the archive has another \| sample-disk1\.vmdk/,
  /no Disk says the capacity of sample-disk1\.vmdk/,
)
test(
  'a disk of no file',
  refused,
  'ovf:fileRef="file1"',
  'ovf:fileRef="file2"',
  /ovf:fileRef leads to no File/,
  /no Disk says the capacity/,
)
test(
  'OVF 2',
  refused,
  'xmlns="http://schemas.dmtf.org/ovf/envelope/1"',
  'xmlns="http://schemas.dmtf.org/ovf/envelope/2"',
  /xmlns is ".*2" \| .*1/,
)
test(
  'a prefix that nobody declares',
  refused,
  '<vbox:OSType',
  '<box:OSType',
  /not well-formed.*vbox:OSType ends where box:OSType is open/,
)
test(
  'an undeclared attribute',
  refused,
  'vmw:osType',
  'wmv:osType',
  /wmv:osType has a prefix that Envelope does not declare/,
)
test(
  'sections in another order',
  refused,
  /(<DiskSection>.*<\/DiskSection>)\s*(<NetworkSection>.*<\/NetworkSection>)/s,
  '$2$1',
  /the sections are "References, NetworkSection/,
)
test(
  'two names',
  refused,
  '<Name>dispatch-solo</Name>',
  '<Name>other</Name>',
  /"dispatch-solo" by id and "other" by name/,
)
test(
  'rasd children out of order',
  refused,
  /(<rasd:Address>0<.*>)\s*(<rasd:ElementName>SCSI controller 0<.*>)/,
  '$2$1',
  /rasd:ElementName stands out of order/,
)
test(
  'an item twice',
  refused,
  '<rasd:InstanceID>5<',
  '<rasd:InstanceID>4<',
  /InstanceID 4 is missing or there twice/,
  /InstanceID 4/,
)
test('a parent that is not there', refused, '<rasd:Parent>3<', '<rasd:Parent>9<', /Parent "9" leads nowhere/)
test(
  'a disk path that Proxmox VE skips',
  refused,
  'ovf:/disk/disk1',
  '/disk/disk1',
  /HostResource "\/disk\/disk1" leads nowhere/,
  /no item uses the disk/,
)
test(
  'a network that is not listed',
  refused,
  '<rasd:Connection>Bridged',
  '<rasd:Connection>VM Network',
  /Connection "VM Network" leads nowhere/,
)
test('memory in other units', refused, 'byte * 2^20', 'MiB', /memory in units of MiB \| byte \* 2\^20/)
test(
  'an extra that must be known',
  refused,
  '<Item ovf:required="false">',
  '<Item>',
  /resource type 24 is not known to every importer/,
)
test(
  'ExtraConfig',
  refused,
  '<vmw:Config',
  '<vmw:ExtraConfig vmw:key="a" vmw:value="b"/><vmw:Config',
  /ExtraConfig makes vCenter warn/,
)
test(
  'a setting that must be known',
  refused,
  '<vmw:Config ovf:required="false"',
  '<vmw:Config',
  /vmw:Config cpuHotAddEnabled is required/,
)
test(
  'a DOCTYPE',
  refused,
  '<Envelope',
  '<!DOCTYPE x [<!ENTITY a "b">]><Envelope',
  /not well-formed.*neither text nor an element/,
)
