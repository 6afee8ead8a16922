/** One cache entry a folder: a step's outputs and `step.json`, which holds their sha256 and the inputs they came from. */
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { hashFile } from './hash.ts'

export type Entry = {
  readonly dir: string
  readonly inputs: Readonly<Record<string, string>>
  /** Output file to its sha256. */
  readonly outputs: Readonly<Record<string, string>>
}

export type Lookup =
  | { readonly state: 'absent' }
  | { readonly state: 'corrupted'; readonly why: string }
  | { readonly state: 'whole'; readonly entry: Entry }

const recordName = 'step.json'
const keptEntries = 2

/** Reads an entry and compares every output with its recorded hash. */
export async function loadEntry(dir: string, outputs: readonly string[]): Promise<Lookup> {
  if (!(await stat(dir).catch(() => undefined))) return { state: 'absent' }
  const record = await readFile(join(dir, recordName), 'utf8')
    .then(parseRecord)
    .catch(() => undefined)
  if (!record) return { state: 'corrupted', why: `${recordName} is not readable` }
  for (const name of outputs) {
    const actual = await hashFile(join(dir, name)).catch(() => 'missing')
    if (actual !== record.outputs[name]) return { state: 'corrupted', why: `${name} is ${actual.slice(0, 12)}` }
  }
  return { state: 'whole', entry: { dir, ...record } }
}

type Contents = { inputs: Readonly<Record<string, string>>; outputs: readonly string[] }

/** Writes the record and removes whatever is not an output. Rejects when an output is missing. */
export async function sealEntry(dir: string, { inputs, outputs }: Contents): Promise<Entry['outputs']> {
  const tops = new Set(outputs.map(name => name.split('/')[0]))
  for (const name of await readdir(dir)) {
    if (!tops.has(name)) await rm(join(dir, name), { recursive: true, force: true })
  }
  const hashes: Record<string, string> = {}
  for (const name of outputs) hashes[name] = await hashFile(join(dir, name))
  await writeFile(join(dir, recordName), `${JSON.stringify({ inputs, outputs: hashes }, undefined, 2)}\n`)
  return hashes
}

/** Folders of a step's finished entries; one that a bake writes or has left half-written has a longer name. */
export async function listEntries(cacheDir: string, step: string): Promise<string[]> {
  return (await readdir(cacheDir)).filter(name => name.replace(/-[0-9a-f]{16}$/, '') === step)
}

/** Keeps the newest entries of a step; a bake's outputs are large. */
export async function pruneEntries(cacheDir: string, step: string): Promise<void> {
  const names = await listEntries(cacheDir, step)
  const aged = await Promise.all(names.map(async name => ({ name, at: (await stat(join(cacheDir, name))).mtimeMs })))
  for (const { name } of aged.sort((a, b) => b.at - a.at).slice(keptEntries)) {
    await rm(join(cacheDir, name), { recursive: true, force: true })
  }
}

/** Removes half-written entries of bakes that are gone (killed without a chance to remove them). */
export async function removeAbandoned(cacheDir: string): Promise<void> {
  for (const name of await readdir(cacheDir).catch(() => [])) {
    const pid = /\.tmp-(\d+)$/.exec(name)?.[1]
    if (pid && !isAlive(Number(pid))) await rm(join(cacheDir, name), { recursive: true, force: true })
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

function parseRecord(text: string): Pick<Entry, 'inputs' | 'outputs'> | undefined {
  const value: unknown = JSON.parse(text)
  if (typeof value !== 'object' || value === null || !('inputs' in value) || !('outputs' in value)) return undefined
  return { inputs: parseNames(value.inputs), outputs: parseNames(value.outputs) }
}

function parseNames(value: unknown): Record<string, string> {
  if (typeof value !== 'object' || value === null) return {}
  return Object.fromEntries(Object.entries(value).map(([name, text]) => [name, String(text)]))
}
