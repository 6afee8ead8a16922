/** What two bakes of the same inputs made differently: by step, and by file where the sealed trees differ. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { extract } from 'tar-stream'
import type { Done } from './step.ts'
import { ovaStep } from './steps/ova.ts'
import { seal } from './steps/seal.ts'

export type Comparison = {
  /** `STEP/OUTPUT` of every output, and whether both bakes gave the same bytes. */
  readonly outputs: readonly { readonly name: string; readonly isEqual: boolean }[]
  /** Of the sealed tree, a line each. */
  readonly files: readonly string[]
  /** The .ova itself. */
  readonly isEqual: boolean
}

export async function compareBakes(first: Done, second: Done): Promise<Comparison> {
  const outputs = first.all().flatMap(({ name, outputs }) =>
    Object.entries(outputs).map(([output, hash]) => ({
      name: `${name}/${output}`,
      isEqual: second.hash(name, output) === hash,
    })),
  )
  const tar = (done: Done) => done.file(seal.name, seal.tar)
  const isSameTree = first.hash(seal.name, seal.tar) === second.hash(seal.name, seal.tar)
  const files = isSameTree ? [] : compareTrees(await indexTar(tar(first)), await indexTar(tar(second)))
  const ofOva = outputs.filter(({ name }) => name.startsWith(`${ovaStep.name}/`))
  return { outputs, files, isEqual: ofOva.every(({ isEqual }) => isEqual) }
}

/** Path to what is known of it: field to text. */
export type Tree = ReadonlyMap<string, Readonly<Record<string, string>>>

export async function indexTar(tar: string): Promise<Tree> {
  const tree = new Map<string, Record<string, string>>()
  for await (const entry of createReadStream(tar).pipe(extract())) {
    const { name, mode, uid, gid, mtime, linkname, type, pax } = entry.header
    const hash = createHash('sha256')
    await pipeline(entry, hash)
    const attributes = JSON.stringify(Object.entries(pax ?? {}).filter(([key]) => key.startsWith('SCHILY.xattr')))
    tree.set(name, {
      ...{ type: String(type), mode: String(mode), owner: `${uid}:${gid}`, time: String(mtime?.getTime()) },
      ...{ link: linkname ?? '', attributes, content: hash.digest('hex') },
    })
  }
  return tree
}

export function compareTrees(first: Tree, second: Tree): string[] {
  const paths = [...new Set([...first.keys(), ...second.keys()])].sort()
  return paths.flatMap(path => {
    const [a, b] = [first.get(path), second.get(path)]
    if (!a || !b) return [`${path}: in the ${a ? 'first' : 'second'} bake alone`]
    const fields = Object.keys(a).filter(field => a[field] !== b[field])
    return fields.length === 0 ? [] : [`${path}: another ${fields.join(', ')}`]
  })
}

export function renderComparison({ outputs, files, isEqual }: Comparison): string {
  const width = Math.max(...outputs.map(({ name }) => name.length))
  const rows = outputs.map(row => `  ${row.name.padEnd(width)}  ${row.isEqual ? 'equal' : 'differs'}`)
  const verdict = isEqual ? 'Both bakes gave the same .ova, byte for byte.' : 'The two .ova differ.'
  return ['', ...rows, ...files.map(line => `  ${line}`), verdict].join('\n')
}
