/** Disks that are no streamOptimized VMDK, or not the one that the descriptor promises. */
import { alterDisk, repack, type Spoiled } from '../support/spoil.ts'

/** The manifest and the size are made right again. */
const altered =
  (change: (disk: Buffer) => Buffer): Spoiled['spoil'] =>
  parts =>
    repack(alterDisk(parts, disk => change(Buffer.from(disk))))

/** The front is 21 sectors; the first grain holds noise, so it does not compress. */
const firstGrain = 21 * 512
const write = (offset: number, bytes: number[]) =>
  altered(disk => {
    Buffer.from(bytes).copy(disk, offset < 0 ? disk.length + offset : offset)
    return disk
  })
const directoryOf = (disk: Buffer) => Number(disk.readBigUInt64LE(disk.length - 1024 + 56)) * 512
const disk = 'sample-disk1.vmdk'

const headers: Spoiled[] = [
  { name: 'no VMDK', spoil: write(0, [0]), findings: [`header of | ${disk}@0 | header field magic`] },
  { name: 'a version 1 header', spoil: write(4, [1]), findings: [`header of | ${disk}@4 | header field version is 1`] },
  {
    name: 'flags of a sparse disk',
    spoil: write(8, [3, 0, 0, 0]),
    findings: [`header of | ${disk}@8 | header field flags is 3`],
  },
  {
    name: 'a disk of no size',
    spoil: write(12, [0, 0, 0, 0]),
    findings: [`header of | ${disk}@12 | a capacity of 0 sectors`],
  },
  {
    name: 'a disk of 2^63 sectors',
    spoil: write(19, [0x80]),
    findings: [`header of | ${disk}@12 | a capacity of 9223372036854857728 sectors`],
  },
  {
    name: 'grains of another size',
    spoil: write(20, [64]),
    findings: [`header of | ${disk}@20 | header field grainSize is 64`],
  },
  {
    name: 'line ends changed in transfer',
    spoil: write(73, [0x0d]),
    findings: [`header of | ${disk}@73 | header field lineEnds`],
  },
  {
    name: 'data in the unused part of the header',
    spoil: write(300, [1]),
    findings: [`header of | ${disk}@79 | data stands in the unused part`],
  },
  {
    name: 'another adapter in the disk database',
    spoil: altered(data => Buffer.from(data.toString('latin1').replace('lsilogic', 'buslogic'), 'latin1')),
    findings: [
      `embedded descriptor | ${disk}@* | the embedded descriptor's line 13 is "ddb.adapterType = \\"buslogic\\""`,
    ],
  },
  {
    name: 'another geometry',
    spoil: altered(data => Buffer.from(data.toString('latin1').replace('heads = "255"', 'heads = "016"'), 'latin1')),
    findings: [`embedded descriptor | ${disk}@* | the embedded descriptor's line 15`],
  },
  {
    name: 'a random CID',
    spoil: altered(data => Buffer.from(data.toString('latin1').replace(/CID=.{8}/, 'CID=12345678'), 'latin1')),
    findings: [`embedded descriptor | ${disk}@544 | the embedded descriptor's line 3 is "CID=12345678"`],
  },
]

const ends: Spoiled[] = [
  {
    name: 'cut within a grain',
    spoil: altered(data => data.subarray(0, firstGrain + 5120)),
    findings: [`ends with footer | ${disk}@15872 | the disk ends within a grain: it was cut short`],
  },
  {
    name: 'cut within the tables',
    spoil: altered(data => data.subarray(0, directoryOf(data))),
    findings: [`ends with footer | ${disk}@* | the disk ends within its tables: it was cut short`],
  },
  {
    name: 'cut in front of the footer',
    spoil: altered(data => data.subarray(0, -1536)),
    findings: [`ends with footer | ${disk}@* | no end-of-stream marker: the disk was cut short`],
  },
  {
    name: 'no end-of-stream marker',
    spoil: altered(data => data.subarray(0, -512)),
    findings: [`ends with footer | ${disk}@* | no end-of-stream marker: the disk was cut short`],
  },
  {
    name: 'two end-of-stream markers',
    spoil: altered(data => Buffer.concat([data, Buffer.alloc(512)])),
    findings: [`ends with footer | ${disk}@* | the end of the stream is not the end of the file: 512 bytes follow`],
  },
  {
    name: 'zeros behind the end',
    spoil: altered(data => Buffer.concat([data, Buffer.alloc(123 * 512)])),
    findings: [`ends with footer | ${disk}@* | the end of the stream is not the end of the file: 62976 bytes follow`],
  },
  {
    name: 'zeros instead of an end, as qemu-img writes them',
    spoil: altered(data => Buffer.concat([data.subarray(0, directoryOf(data) - 512), Buffer.alloc(5120)])),
    findings: [
      `ends with footer | ${disk}@* | the end of the stream behind the grains and tables`,
      `ends with footer | ${disk}@* | the end of the stream is not the end of the file: 4608 bytes follow`,
    ],
  },
  {
    name: 'two footers',
    spoil: altered(data => Buffer.concat([data.subarray(0, -512), data.subarray(-1536)])),
    findings: [`ends with footer | ${disk}@* | a footer behind the footer`],
  },
  {
    name: 'a footer that points elsewhere',
    spoil: write(-1024 + 56, [9, 0]),
    findings: [`ends with footer | ${disk}@* | header field gdOffset is 9`],
  },
  {
    name: 'a marker of no known type',
    spoil: altered(data => {
      data.writeUInt32LE(7, directoryOf(data) - 512 + 12)
      return data
    }),
    findings: [`ends with footer | ${disk}@* | a marker of type 7`],
  },
]

const grains: Spoiled[] = [
  {
    name: 'a grain that does not inflate',
    spoil: write(firstGrain + 12, [0, 0]),
    findings: [`every grain | ${disk}@10764 | the grain of sector 0 does not inflate`],
  },
  {
    name: 'a grain that claims too much',
    spoil: write(firstGrain + 8, [255, 255, 255]),
    findings: [`every grain | ${disk}@10760 | the grain claims 16777215 bytes`],
  },
  {
    name: 'data behind the zlib stream of a grain',
    spoil: altered(data => {
      data.writeUInt8(1, firstGrain + 12 + data.readUInt32LE(firstGrain + 8))
      return data
    }),
    findings: [`every grain | ${disk}@* | data fills the sector`],
  },
  {
    name: 'a grain out of order',
    spoil: write(firstGrain, [128, 0]),
    findings: [
      `every grain | ${disk}@76288 | grain 1 follows grain 1`,
      `grain directory | ${disk}@* | the entry of grain 0 is sector 21`,
    ],
  },
  {
    name: 'a grain behind the disk',
    spoil: write(firstGrain + 4, [1]),
    findings: [
      'capacity and populated | sample.ovf@* | ovf:populatedSize is 262144',
      `every grain | ${disk}@10752 | the marker says sector`,
      `grain directory | ${disk}@* | the entry of grain 0`,
    ],
  },
  {
    name: 'a table entry that names another sector',
    spoil: altered(data => {
      const table = data.readUInt32LE(directoryOf(data)) * 512
      data.writeUInt32LE(data.readUInt32LE(table) + 1, table)
      return data
    }),
    findings: [`grain directory | ${disk}@* | the entry of grain 0 is sector 22`],
  },
  {
    name: 'a directory entry that names another sector',
    spoil: altered(data => {
      data.writeUInt32LE(1, directoryOf(data))
      return data
    }),
    findings: [`grain directory | ${disk}@* | the directory's entry of table 0 is sector 1`],
  },
]

export const disks: Spoiled[] = [...headers, ...ends, ...grains]
