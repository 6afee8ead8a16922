import test from 'ava'
import { parseInodesInUse, planFixTimes } from '../../../packer/disk.ts'
import { biosBoot, diskBytes, esp, root, sectorBytes } from '../../../packer/layout.ts'

test('partitions follow each other, on MiB boundaries, inside the disk', t => {
  const partitions = [biosBoot, esp, root]
  for (const [index, { firstSector, sectors }] of partitions.entries()) {
    t.is(firstSector % 2048, 0)
    const next = partitions[index + 1]?.firstSector ?? diskBytes / sectorBytes - 33
    t.true(firstSector + sectors <= next)
  }
})

test('inodes in use are counted from the header', t => {
  t.is(parseInodesInUse('Filesystem UUID: x\nInode count:              1000\nFree inodes:              900\n'), 100)
})

test('a header without counts is refused', t => {
  t.throws(() => parseInodesInUse('dumpe2fs: Bad magic number'), { message: /no inode counts/ })
})

test('times of the root and of every inode from 11 on are set, those of reserved inodes are not', t => {
  const script = planFixTimes(13, 7)
  const inodes = [...script.matchAll(/<(\d+)> atime @7/g)].map(([, inode]) => Number(inode))
  t.deepEqual(inodes, [2, 11, 12, 13])
  t.is(script.split('\n').length - 1, inodes.length * 6)
})
