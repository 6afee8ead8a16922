/** Asks Debian's archive whether it still has every locked version; only then are they taken, all of them. */
import { createReadStream } from 'node:fs'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { DebianArchive } from '../debian-archive.ts'
import { hashText } from '../hash.ts'
import { type Lock, lockFile, renderLockFile, renderPins } from '../lock.ts'
import { updateLists } from '../runtimes/packages.ts'
import type { Done, Step } from '../step.ts'

/** `pins` is for apt, empty where not all locked versions are there: a mixture of old and new may not fit together. */
export const lockStep = { name: 'lock', pins: 'pins', gone: 'gone.json' }

export function createLockStep(lock: Lock, archive: DebianArchive): Step {
  return {
    name: lockStep.name,
    inputs: () => ({ lock: hashText(renderLockFile(lock)), archive: archive.state }),
    outputs: [lockStep.pins, lockStep.gone],
    async run({ dir, shell }) {
      await updateLists({ dir, preferences: '/dev/null', shell, mirrors: await archive.mirrors() })
      const gone = findGone(lock, await listOffered(join(dir, 'lists')))
      await writeFile(join(dir, lockStep.gone), JSON.stringify(gone))
      await writeFile(join(dir, lockStep.pins), gone.length === 0 ? renderPins(lock) : '')
    },
  }
}

export async function loadGone(done: Done): Promise<string[]> {
  const value: unknown = JSON.parse(await readFile(done.file(lockStep.name, lockStep.gone), 'utf8'))
  return Array.isArray(value) ? value.map(String) : []
}

/** For `--locked`. */
export function refuseGone(gone: readonly string[]): void {
  if (gone.length === 0) return
  const what = `Debian's archive no longer has ${gone.length} of the versions in ${lockFile}: ${gone.join(', ')}.`
  throw new Error(
    `${what} Name a snapshot of it in DISPATCH_DEBIAN_MIRROR (an address that ends with archive/debian/ and its time), or take the newest by \`npm run ova:update\`.`,
  )
}

const render = (name: string, version: string, sha256: string): string => `${name} ${version} ${sha256}`

/** `NAME VERSION` of locked packages that are not among the offered. */
export function findGone({ packages }: Lock, offered: ReadonlySet<string>): string[] {
  return Object.entries(packages)
    .filter(([name, { version, sha256 }]) => !offered.has(render(name, version, sha256)))
    .map(([name, { version }]) => `${name} ${version}`)
}

async function listOffered(folder: string): Promise<Set<string>> {
  const offered = new Set<string>()
  for (const file of (await readdir(folder)).filter(name => name.endsWith('_Packages'))) {
    let [name, version] = ['', '']
    for await (const line of createInterface({ input: createReadStream(join(folder, file)) })) {
      if (line.startsWith('Package: ')) name = line.slice(9)
      else if (line.startsWith('Version: ')) version = line.slice(9)
      else if (line.startsWith('SHA256: ')) offered.add(render(name, version, line.slice(8)))
    }
  }
  return offered
}
