/** A good OVA, and ways to spoil it: its members are taken out, changed, and put into an archive again. */
import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import type { ExecutionContext } from 'ava'
import { type PackOptions, packOva } from '../../../../ova/pack.ts'
import { properties } from '../../../../ova/properties.ts'
import { verifyOva } from '../../../../ova/verify.ts'
import { writeRawDisk } from './raw-disk.ts'
import { createScratch } from './scratch.ts'

export interface Part {
  name: string
  data: Buffer
}

export const applianceFacts = { name: 'dispatch-solo', version: '1.2.3', cpus: 2, memoryMib: 2048 }
const mib = 1024 * 1024

/** 40 MiB with grains in both of its tables. */
export async function packSample(scratch: (name: string) => string, change: Partial<PackOptions> = {}) {
  await writeRawDisk(scratch('raw'), 40 * mib, [
    { byte: 100, seed: 'a', bytes: 70_000 },
    { byte: 3 * mib, seed: 'b', bytes: 10 },
    { byte: 39 * mib, seed: 'c', bytes: 5000 },
  ])
  const ovaPath = scratch('sample.ova')
  const facts = { ...applianceFacts, properties }
  const packed = await packOva({ rawPath: scratch('raw'), ovaPath, facts, mtimeSeconds: 1e9, ...change })
  return { ovaPath, facts: packed }
}

/** The members of an archive, read by the format's text. */
export function unpack(ova: Buffer): Part[] {
  const parts: Part[] = []
  for (let at = 0; ova[at] !== 0; ) {
    const name = ova.toString('latin1', at, at + 100).replace(/\0+$/, '')
    const bytes = Number.parseInt(ova.toString('latin1', at + 124, at + 135), 8)
    parts.push({ name, data: ova.subarray(at + 512, at + 512 + bytes) })
    at += 512 + Math.ceil(bytes / 512) * 512
  }
  return parts
}

function createHeader(name: string, bytes: number, change: (header: Buffer) => void = () => {}): Buffer {
  const header = Buffer.alloc(512)
  header.write(name, 0)
  const fields = [
    [name, 0],
    ['000644 ', 100],
    ['000000 ', 108],
    ['000000 ', 116],
    [`${bytes.toString(8).padStart(11, '0')} `, 124],
    ['07346545000 ', 136],
    ['        0', 148],
    ['ustar', 257],
    ['00', 263],
  ] as const
  for (const [text, offset] of fields) header.write(text, offset)
  change(header)
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return header
}

export function repack(parts: Part[], change?: (header: Buffer) => void): Buffer {
  const blocks = parts.flatMap(({ name, data }) => {
    const filling = Buffer.alloc((512 - (data.length % 512)) % 512)
    return [createHeader(name, data.length, change), data, filling]
  })
  return Buffer.concat([...blocks, Buffer.alloc(1024)])
}

const digestOf = (data: Buffer) => createHash('sha256').update(data).digest('hex')

/** Changes the text of one member, or its bytes, and makes the manifest right again when it is another member. */
export function alter(parts: Part[], ending: string, change: (data: Buffer) => Buffer | string): Part[] {
  const altered = parts.map(part =>
    part.name.endsWith(ending) ? { ...part, data: Buffer.from(change(part.data)) } : part,
  )
  if (ending === '.mf') return altered
  const listed = altered.filter(({ name }) => !name.endsWith('.mf'))
  const manifest = listed.map(({ name, data }) => `SHA256(${name})= ${digestOf(data)}\n`).join('')
  return altered.map(part => (part.name.endsWith('.mf') ? { ...part, data: Buffer.from(manifest) } : part))
}

/** Also makes the size in the descriptor right, so that only the disk itself is wrong. */
export function alterDisk(parts: Part[], change: (data: Buffer) => Buffer): Part[] {
  const altered = alter(parts, '.vmdk', change)
  const bytes = altered.find(({ name }) => name.endsWith('.vmdk'))?.data.length
  return alter(altered, '.ovf', data => data.toString().replace(/ovf:size="\d+"/, `ovf:size="${bytes}"`))
}

/** Changes the text of the descriptor; the manifest is made right again. Throws when there is nothing to change. */
export function replaced(from: string | RegExp, to: string): Spoiled['spoil'] {
  return parts =>
    repack(
      alter(parts, '.ovf', data => {
        const text = data.toString('latin1')
        const changed = text.replace(from, to)
        if (changed === text) throw new Error(`the descriptor has no ${from}`)
        return Buffer.from(changed, 'latin1')
      }),
    )
}

/** An OVA that must be refused, and why. */
export interface Spoiled {
  name: string
  spoil(parts: Part[], ova: Buffer): Buffer
  /** All that is found, in order, as `claim | member@byte | problem`: parts of the claim and of the problem, `*` for any byte. */
  findings: string[]
}

/** The findings in the file that `spoil` makes of a good one, each as `claim | member@byte | problem | expected`. */
export async function findIn(t: ExecutionContext, spoil: Spoiled['spoil']): Promise<string[]> {
  const scratch = await createScratch(t)
  const { ovaPath } = await packSample(scratch)
  const ova = await readFile(ovaPath)
  return findInBytes(scratch('spoiled.ova'), spoil(unpack(ova), ova))
}

export async function findInBytes(path: string, ova: Buffer): Promise<string[]> {
  await writeFile(path, ova)
  const checks = await verifyOva(path)
  return checks.flatMap(({ claim, findings }) =>
    findings.map(
      ({ member, offset, problem, expected }) => `${claim} | ${member}@${offset} | ${problem} | ${expected}`,
    ),
  )
}
