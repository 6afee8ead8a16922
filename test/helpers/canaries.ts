/** Secret texts that are looked for, in each form in which something could have written them. */
import { randomBytes } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** A text that nothing else on this machine holds, so that what is found comes from this test. */
export const createCanary = (name: string): string => `canary-${name}-${randomBytes(6).toString('hex')}`

/** Base64 of a longer text that holds this one behind `offset` bytes: the characters that no neighbour changes. */
function base64Within(value: Buffer, offset: number): string {
  const encoded = Buffer.concat([Buffer.alloc(offset), value]).toString('base64')
  return encoded.slice(offset && offset + 1, Math.floor(((offset + value.length) * 8) / 6))
}

const formsOf = (value: Buffer): string[] => [
  value.toString('latin1'),
  value.toString('hex'),
  ...[0, 1, 2].flatMap(offset => {
    const within = base64Within(value, offset)
    return [within, within.replaceAll('+', '-').replaceAll('/', '_')]
  }),
]

export type Canaries = Readonly<Record<string, string | Buffer>>

/** Each as "CANARY in PLACE". */
export function findCanaries(canaries: Canaries, places: ReadonlyMap<string, string>): string[] {
  const sought = Object.entries(canaries).map(([name, value]) => ({ name, forms: formsOf(Buffer.from(value)) }))
  return [...places].flatMap(([place, content]) =>
    sought.filter(({ forms }) => forms.some(form => content.includes(form))).map(({ name }) => `${name} in ${place}`),
  )
}

/** For what may go while it is read. */
const unlessGone = (thrown: unknown): undefined => {
  if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return undefined
  throw thrown
}

async function listFiles(directory: string): Promise<string[]> {
  const entries = (await readdir(directory, { withFileTypes: true }).catch(unlessGone)) ?? []
  const lists = entries.map(async entry => {
    const path = join(directory, entry.name)
    if (entry.isDirectory()) return listFiles(path)
    return entry.isFile() ? [path] : []
  })
  return (await Promise.all(lists)).flat()
}

/** Each file below the directory, a byte to a character. */
export async function readTree(directory: string): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  for (const file of await listFiles(directory)) {
    const content = await readFile(file, 'latin1').catch(unlessGone)
    if (content !== undefined) found.set(file.slice(directory.length + 1), content)
  }
  return found
}
