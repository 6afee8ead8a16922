import test from 'ava'
import { alterDisk, findIn, type Part, repack } from '../support/spoil.ts'

/** Spoils the disk of a good OVA (manifest and size made right again) and expects exactly these findings. */
const refused = test.macro(async (t, spoil: (disk: Buffer) => Buffer, ...expected: RegExp[]) => {
  const found = await findIn(t, (parts: Part[]) => repack(alterDisk(parts, disk => spoil(Buffer.from(disk)))))
  t.is(found.length, expected.length, found.join('\n'))
  for (const [at, pattern] of expected.entries()) t.regex(found[at] ?? '', pattern)
})

/** The front is 21 sectors; the first grain holds noise, so it does not compress. */
const firstGrain = 21 * 512
const overwrite = (offset: number, bytes: number[]) => (disk: Buffer) => {
  Buffer.from(bytes).copy(disk, offset < 0 ? disk.length + offset : offset)
  return disk
}

test(
  'version 1',
  refused,
  overwrite(4, [1]),
  /header of a streamOptimized VMDK.*sample-disk1\.vmdk@4 \| header field version is 1 \| 3/,
)
test(
  'flags of a sparse disk',
  refused,
  overwrite(8, [3, 0, 0, 0]),
  /@8 \| header field flags is 3 \| 196609 \(0x30001\)/,
)
test('no VMDK', refused, overwrite(0, [0]), /@0 \| header field magic/)
test('line ends changed in transfer', refused, overwrite(73, [0x0d]), /@73 \| header field lineEnds/)
test('data in the header’s unused part', refused, overwrite(300, [1]), /@79 \| data stands in the unused part/)
test(
  'cut within a grain',
  refused,
  disk => disk.subarray(0, firstGrain + 5120),
  /ends with footer.*@15872 \| the disk ends within a grain: it was cut short/,
)
test('cut between markers', refused, disk => disk.subarray(0, -1536), /no end-of-stream marker: the disk was cut short/)
test(
  'no end of stream',
  refused,
  disk => disk.subarray(0, -512),
  /no end-of-stream marker: the disk was cut short \| footer and end of stream/,
)
test(
  'zeros behind the end',
  refused,
  disk => Buffer.concat([disk, Buffer.alloc(123 * 512)]),
  /the end of the stream is not the end of the file: 62976 bytes follow, as zero padding does/,
)
test(
  'zeros instead of an end, as qemu-img writes them',
  refused,
  disk => Buffer.concat([disk.subarray(0, -2048), Buffer.alloc(5120)]),
  /the stream ends without a footer in front/,
  /4096 bytes follow, as zero padding does/,
)
test(
  'a footer that points elsewhere',
  refused,
  overwrite(-1024 + 56, [9, 0]),
  /ends with footer.* header field gdOffset is 9 \| \d+/,
)
test(
  'a grain that does not inflate',
  refused,
  overwrite(firstGrain + 12, [0, 0]),
  /the grain of sector 0 does not inflate \(.*\) \| a zlib stream of 65536 bytes/,
)
test(
  'a grain of another place',
  refused,
  overwrite(firstGrain, [128, 0]),
  /populatedSize/,
  /grain 1 follows grain 1 \| ascending grains/,
  /the entry of grain 0 is sector 21 \| sector 0/,
)
test(
  'a grain behind the disk',
  refused,
  overwrite(firstGrain + 4, [1]),
  /ovf:populatedSize is 262144 \| 196608, the grains in sample-disk1/,
  /the marker says sector/,
  /entry of grain 0/,
)
test(
  'a grain that claims too much',
  refused,
  overwrite(firstGrain + 8, [255, 255, 255]),
  /the grain claims 16777215 bytes/,
)
test(
  'another disk database',
  refused,
  disk => Buffer.from(disk.toString('latin1').replace('lsilogic', 'buslogic'), 'latin1'),
  /embedded descriptor's line 13 is "ddb\.adapterType = \\"buslogic\\"" \| "ddb\.adapterType = \\"lsilogic\\""/,
)
test(
  'a table that names another sector',
  refused,
  disk => overwrite(Number(disk.readBigUInt64LE(disk.length - 1024 + 56)) * 512, [1])(disk),
  /no grain table stands at sector 1/,
  /entry of grain 0 is sector 0/,
  /entry of grain 1 is/,
  /entry of grain 48 is/,
  /no directory entry leads to this table/,
)
