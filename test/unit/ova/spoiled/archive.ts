/** Archives that are no plain USTAR, or hold other members than an OVA does. */
import { type Part, repack, type Spoiled } from '../support/spoil.ts'

/** Changes the first header only. */
function first(change: (header: Buffer) => void): Spoiled['spoil'] {
  return parts => {
    let done = false
    return repack(parts, header => {
      if (!done) change(header)
      done = true
    })
  }
}

const named = (name: string): Part => ({ name, data: Buffer.alloc(0) })
const none = [
  'flat and unique names | spoiled.ova@0 | the first member is "absent"',
  'manifest lists | spoiled.ova@0 | there is no manifest',
  'plain XML | spoiled.ova@0 | there is no descriptor',
]

const headers: Spoiled[] = [
  {
    name: 'GNU tar',
    spoil: first(header => header.write('ustar  \0', 257)),
    findings: ['plain USTAR | spoiled.ova@257 | a GNU tar header'],
  },
  {
    name: 'PAX tar',
    spoil: first(header => header.write('x', 156)),
    findings: ['plain USTAR | spoiled.ova@156 | member type "x" is a PAX header'],
  },
  {
    name: 'sparse tar',
    spoil: first(header => header.write('S', 156)),
    findings: ['plain USTAR | spoiled.ova@156 | member type "S" is a GNU sparse file'],
  },
  {
    name: 'a link',
    spoil: first(header => header.write('2', 156)),
    findings: ['plain USTAR | spoiled.ova@156 | member type "2" is a symbolic link'],
  },
  {
    name: 'an owner by number',
    spoil: first(header => header.write('001750', 108)),
    findings: ['plain USTAR | spoiled.ova@108 | owner is 1750'],
  },
  {
    name: 'an owner by name',
    spoil: first(header => header.write('jon', 265)),
    findings: ['plain USTAR | spoiled.ova@265 | owner is "jon" by name'],
  },
  {
    name: 'a mode',
    spoil: first(header => header.write('000755', 100)),
    findings: ['plain USTAR | spoiled.ova@100 | mode is 755'],
  },
  {
    name: 'times that differ',
    spoil: first(header => header.write('07346545001', 136)),
    findings: ['plain USTAR | spoiled.ova@* | the times differ', 'plain USTAR | spoiled.ova@* | the times differ'],
  },
  {
    name: 'a size in binary, as GNU tar writes it beyond 8 GiB',
    spoil: first(header => header.writeUInt8(0x80, 124)),
    findings: ['plain USTAR | spoiled.ova@124 | the size is not written in octal digits', ...none],
  },
  {
    name: 'a damaged header',
    spoil: (_parts, ova) => Buffer.concat([Buffer.from('X'), ova.subarray(1)]),
    findings: ['plain USTAR | spoiled.ova@148 | the header checksum is wrong', ...none],
  },
]

const ends: Spoiled[] = [
  {
    name: 'padded by zeros',
    spoil: (_parts, ova) => Buffer.concat([ova, Buffer.alloc(20_000)]),
    findings: ['plain USTAR | spoiled.ova@* | 21024 bytes of padding follow'],
  },
  {
    name: 'data behind the archive',
    spoil: (_parts, ova) => Buffer.concat([ova, Buffer.from('x')]),
    findings: ['plain USTAR | spoiled.ova@* | data follows the end of the archive'],
  },
  {
    name: 'data behind a member',
    spoil: (parts, ova) => {
      ova.writeUInt8(1, 512 + (parts[0]?.data.length ?? 0))
      return ova
    },
    findings: ['plain USTAR | spoiled.ova@* | data fills the last block of "sample.ovf"'],
  },
  {
    name: 'without the end of the archive',
    spoil: (_parts, ova) => ova.subarray(0, -1024),
    findings: ['plain USTAR | spoiled.ova@* | the archive ends here: it was cut short'],
  },
  {
    name: 'truncated within the disk',
    spoil: (_parts, ova) => ova.subarray(0, -5120),
    findings: [
      'plain USTAR | spoiled.ova@* | the archive ends within "sample-disk1.vmdk": cut short',
      'every digest | sample.mf@* | SHA256(sample-disk1.vmdk)=',
      'ends with footer | sample-disk1.vmdk@* | ',
    ],
  },
  {
    name: 'truncated within the first header',
    spoil: (_parts, ova) => ova.subarray(0, 300),
    findings: ['plain USTAR | spoiled.ova@0 | the archive ends here', ...none],
  },
  {
    name: 'empty',
    spoil: () => Buffer.alloc(0),
    findings: ['plain USTAR | spoiled.ova@0 | the archive ends here', ...none],
  },
]

const members: Spoiled[] = [
  {
    name: 're-ordered',
    spoil: ([ovf, mf, disk]) => repack([ovf, disk, mf].flatMap(part => part ?? [])),
    findings: [
      'flat and unique names | spoiled.ova@* | the second member is "sample-disk1.vmdk"',
      'flat and unique names | spoiled.ova@* | "sample.mf" stands among the disks',
    ],
  },
  {
    name: 'the descriptor last',
    spoil: ([ovf, mf, disk]) => repack([mf, disk, ovf].flatMap(part => part ?? [])),
    findings: ['flat and unique names | spoiled.ova@0 | the first member is "sample.mf"'],
  },
  {
    name: 'a member twice',
    spoil: parts => repack([...parts, ...parts.slice(2)]),
    findings: [
      'flat and unique names | spoiled.ova@* | "sample-disk1.vmdk" is there twice',
      'references and disks | sample.ovf@* | "sample-disk1.vmdk" is not referenced',
    ],
  },
  {
    name: 'two names that differ in case only',
    spoil: parts => repack([...parts, named('SAMPLE-disk1.vmdk')]),
    findings: [
      'flat and unique names | spoiled.ova@* | "SAMPLE-disk1.vmdk" is there twice',
      'manifest lists | sample.mf@* | "SAMPLE-disk1.vmdk" is not listed',
      'references and disks | sample.ovf@* | "SAMPLE-disk1.vmdk" is not referenced',
      'capacity and populated | sample.ovf@0 | no Disk says the capacity',
      'header of | SAMPLE-disk1.vmdk@0 | the disk ends before its header',
    ],
  },
  {
    name: 'a member outside',
    spoil: parts => repack([...parts, named('../x.vmdk')]),
    findings: [
      'flat and unique names | spoiled.ova@* | member name "../x.vmdk"',
      'manifest lists | sample.mf@* | "../x.vmdk" is not listed',
      'references and disks | sample.ovf@* | "../x.vmdk" is not referenced',
      'capacity and populated | sample.ovf@0 | no Disk says the capacity',
      'header of | ../x.vmdk@0 | the disk ends before its header',
    ],
  },
  {
    name: 'a disk missing',
    spoil: parts => repack(parts.slice(0, 2)),
    findings: [
      'flat and unique names | spoiled.ova@0 | there is no disk',
      'manifest lists | sample.mf@* | "sample-disk1.vmdk" is not in the archive',
      'references and disks | sample.ovf@* | file reference "sample-disk1.vmdk" stands where the archive has another',
    ],
  },
]

export const archives: Spoiled[] = [...headers, ...ends, ...members]
