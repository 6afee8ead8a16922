/** Answers for an installer or cloud-init: the files of a folder below `packer/answers`, with the bake's key put in. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Command, Shell } from './shell.ts'

const keyMark = '@public-key@'

export type SeedOptions = {
  readonly shell: Shell
  /** The folder of the answers. */
  readonly answersDir: string
  /** Gets the files, and beside it `<seedsDir>.iso` the same as a disc. */
  readonly seedsDir: string
  /** A line of authorized_keys; the only thing about a bake that is in its answers. */
  readonly publicKey: string
}

/** Writes the folder and the disc; answers with the disc's path. */
export async function writeSeeds({ shell, answersDir, seedsDir, publicKey }: SeedOptions): Promise<string> {
  await mkdir(seedsDir, { recursive: true })
  for (const name of await readdir(answersDir)) {
    const text = await readFile(join(answersDir, name), 'utf8')
    await writeFile(join(seedsDir, name), text.replaceAll(keyMark, publicKey.trim()))
  }
  const disc = `${seedsDir}.iso`
  await shell.run(planDisc(seedsDir, disc))
  return disc
}

/** cloud-init and Ubuntu's installer look for a disc of this label; Joliet and Rock Ridge keep the names as they are. */
function planDisc(seedsDir: string, disc: string): Command {
  return ['genisoimage', '-quiet', '-joliet', '-rational-rock', '-volid', 'cidata', '-output', disc, seedsDir]
}
