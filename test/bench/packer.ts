/** The program behind the figures of the OVA writer: packs a disk in a process of its own, and tells time and memory. */
import { readFileSync } from 'node:fs'
import { packOva } from '../../ova/pack.ts'

export type Packed = { readonly elapsedMs: number; readonly idleMegabytes: number; readonly peakMegabytes: number }

const kibibytesAMegabyte = 1000 ** 2 / 1024

/** The most that this process has held so far. */
function peakMegabytes(): number {
  const kibibytes = /^VmHWM:\s*(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]
  if (kibibytes === undefined) throw new Error('the kernel does not say how much memory this process has held')
  return Number(kibibytes) / kibibytesAMegabyte
}

const [rawPath = '', ovaPath = ''] = process.argv.slice(2)
const idleMegabytes = peakMegabytes()
const startMs = performance.now()
const facts = { name: 'bench', version: '0.0.0', cpus: 2, memoryMib: 1024 }
await packOva({ rawPath, ovaPath, facts, mtimeSeconds: 0 })
const packed: Packed = { elapsedMs: performance.now() - startMs, idleMegabytes, peakMegabytes: peakMegabytes() }
console.log(JSON.stringify(packed))
