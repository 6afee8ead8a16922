/** OVAs as others have shipped them: ours, changed in one place, with everything else still true. */
import { readFile, writeFile } from 'node:fs/promises'
import type { ExecutionContext } from 'ava'
import { createScratch } from '../support/scratch.ts'
import { alter, type Part, packSample, repack, unpack } from '../support/spoil.ts'

export type Change = (parts: Part[]) => Part[]

/** The text must be there: a variant that changes nothing would prove nothing. */
export const inDescriptor =
  (from: string | RegExp, to: string): Change =>
  parts =>
    alter(parts, '.ovf', data => {
      const changed = data.toString().replace(from, to)
      if (changed === data.toString()) throw new Error(`the descriptor has no ${from}`)
      return changed
    })

export const inManifest =
  (from: string, to: string): Change =>
  parts =>
    alter(parts, '.mf', data => data.toString().replaceAll(from, to))

export async function packVariant(t: ExecutionContext, change: Change = parts => parts): Promise<string> {
  const scratch = await createScratch(t)
  const { ovaPath } = await packSample(scratch)
  const path = scratch('variant.ova')
  await writeFile(path, repack(change(unpack(await readFile(ovaPath)))))
  return path
}

export const item = (fields: string, attributes = ''): string => `<Item${attributes}>${fields}</Item>`

/** Behind the last item. */
export const withItem = (xml: string): Change => inDescriptor('<vmw:Config', `${xml}<vmw:Config`)
