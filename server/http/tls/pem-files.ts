/** Reads and writes certificates and keys as files, so that a crash never leaves half of one. */
import { chmod, open, readFile, rename } from 'node:fs/promises'
import { messageOf } from '../../core/errors.ts'

/** undefined when it is not there. */
export async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8')
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return undefined
    throw new Error(`TLS: ${messageOf(thrown)}`, { cause: thrown })
  }
}

export const readPem = (file: string): Promise<string> =>
  readFile(file, 'utf8').catch(thrown => {
    throw new Error(`TLS: ${messageOf(thrown)}`, { cause: thrown })
  })

/** On disk when it resolves. `mode` holds whatever the umask says. */
export async function writePem(file: string, text: string, mode: number): Promise<void> {
  const unfinished = `${file}.new`
  const handle = await open(unfinished, 'w', 0o600)
  try {
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await chmod(unfinished, mode)
  await rename(unfinished, file)
}
