/** The OVA writer: its time against pigz on the same bytes, and its memory. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Figure, Group, Measurement } from '../figure.ts'
import { run } from '../floors/node.ts'
import { timePigz } from '../floors/pigz.ts'
import type { Packed } from '../packer.ts'
import { oncePerScope, type Scope } from '../scope.ts'

const floor: Figure = { name: 'floor.pigz', unit: 'ms', about: 'pigz -9 of the same disk, on all cores, into a file' }
const time: Figure = {
  name: 'ova.pack',
  unit: 'ms',
  about: "a disk with Node and python3's image packed as an .ova",
  // Four fifths of its speed: an .ova is hashed twice and copied once besides.
  bars: [{ atMost: 1.25, times: floor.name }],
}
const memory: Figure = {
  name: 'ova.pack.memory',
  unit: 'MB',
  about: 'the most memory of that process above what it had before',
  bars: [{ atMost: 67.1 }],
}

/** What the appliance is made of, without its holes: who skips those has no advantage. */
const contents = [process.execPath, 'build/runtimes/python3.tar']
const sectorBytes = 512

const openDisk = oncePerScope(async (scope: Scope): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'dispatch-bench-ova-'))
  scope.defer(() => rm(folder, { recursive: true }))
  const disk = join(folder, 'disk.raw')
  await run('sh', ['-c', 'target=$1; shift; cat "$@" > "$target"', 'sh', disk, ...contents])
  await run('truncate', [`--size=%${sectorBytes}`, disk])
  return disk
})

const floorTaken: Measurement = {
  figures: [floor],
  prepare: async scope => {
    const disk = await openDisk(scope)
    return async () => ({ [floor.name]: await timePigz(disk, `${disk}.gz`) })
  },
}

const packing: Measurement = {
  figures: [time, memory],
  prepare: async scope => {
    const disk = await openDisk(scope)
    return async () => {
      const { stdout } = await run(process.execPath, ['test/bench/packer.ts', disk, `${disk}.ova`])
      const { elapsedMs, idleMegabytes, peakMegabytes }: Packed = JSON.parse(stdout)
      return { [time.name]: elapsedMs, [memory.name]: peakMegabytes - idleMegabytes }
    }
  },
}

export const ova: Group = { name: 'ova', rounds: 3, measurements: [floorTaken, packing] }
