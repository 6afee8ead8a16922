/** Owns the making of a key for a service account: the private one is in a file of its own, and nowhere else. */
import { createPublicKey, generateKeyPair } from 'node:crypto'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { describeFileError, Failure } from './failure.ts'

const keyBits = 4096

export interface KeyFile {
  readonly publicPem: string
  remove(): Promise<void>
}

/** Throws Failure also where there is a file already: it may be somebody's only key. */
export async function createKeyFile({ cwd, path }: { cwd: string; path: string }): Promise<KeyFile> {
  const { privateKey, publicKey } = await promisify(generateKeyPair)('rsa', {
    modulusLength: keyBits,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
  const place = path && resolve(cwd, path)
  try {
    await writeFile(place, privateKey, { mode: 0o600, flag: 'wx' })
  } catch (thrown) {
    const isTaken = thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST'
    const cause = isTaken
      ? `${path} is there already, and holds no key of this account: move it away, or name another file by --key-file`
      : describeFileError(thrown, 'open', path)
    throw new Failure(`error writing key file: ${cause}`)
  }
  return { publicPem: publicKey, remove: () => rm(place, { force: true }) }
}

/** Whether the private key of that public one can be read there. */
export async function holdsKeyOf(publicPem: string, { cwd, path }: { cwd: string; path: string }): Promise<boolean> {
  try {
    const held = createPublicKey(await readFile(resolve(cwd, path)))
    return held.equals(createPublicKey(publicPem))
  } catch {
    return false
  }
}
