/** Answers for an installer or cloud-init: the files of a folder below `packer/answers`, with what belongs to this bake put in. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Command, Shell } from './shell.ts'

export type SeedOptions = {
  readonly shell: Shell
  /** The folder of the answers. */
  readonly answersDir: string
  /** Gets the files, and beside it `<seedsDir>.iso` the same as a disc. */
  readonly seedsDir: string
  /** What stands for `@name@` in the answers; asked for only where it does. */
  readonly values: Readonly<Record<string, () => Promise<string>>>
}

const mark = /@([a-z-]+)@/g

/** Writes the folder and the disc; answers with the disc's path. */
export async function writeSeeds({ shell, answersDir, seedsDir, values }: SeedOptions): Promise<string> {
  await mkdir(seedsDir, { recursive: true })
  for (const name of await readdir(answersDir)) {
    const text = await readFile(join(answersDir, name), 'utf8')
    await writeFile(join(seedsDir, name), await fillIn(text, values))
  }
  const disc = `${seedsDir}.iso`
  await shell.run(planDisc(seedsDir, disc))
  return disc
}

async function fillIn(text: string, values: SeedOptions['values']): Promise<string> {
  const found = new Map<string, string>()
  for (const [, name = ''] of text.matchAll(mark)) {
    const ask = values[name]
    if (!ask) throw new Error(`an answer holds @${name}@, which nothing stands for`)
    found.set(name, await ask())
  }
  return text.replaceAll(mark, (_, name: string) => found.get(name) ?? '')
}

/** cloud-init and Ubuntu's installer look for a disc of this label; Joliet and Rock Ridge keep the names as they are. */
function planDisc(seedsDir: string, disc: string): Command {
  return ['genisoimage', '-quiet', '-joliet', '-rational-rock', '-volid', 'cidata', '-output', disc, seedsDir]
}
