/** Signs SHA256SUMS, and so everything that it names: by minisign, or as cosign verifies a file. */
import { createPrivateKey, type KeyObject, sign } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { HostUnfit } from '../host.ts'
import type { Shell } from '../shell.ts'

export type SigningKey =
  | { readonly kind: 'minisign'; readonly file: string }
  /** ECDSA on P-256 with SHA-256 is what cosign's own keys are. */
  | { readonly kind: 'cosign'; readonly key: KeyObject }

/** Looked at before the bake, which takes minutes. Throws HostUnfit with what to do when it is no key for this. */
export async function loadSigningKey(file: string, shell: Shell): Promise<SigningKey> {
  const text = await readFile(file, 'utf8').catch(() => undefined)
  if (text === undefined) throw new HostUnfit(`The signing key ${file} cannot be read; name a file that can.`)
  if (text.startsWith('untrusted comment:')) {
    await shell.run(['minisign', '-v']).catch(() => {
      throw new HostUnfit(`${file} is a key of minisign, which is not on the PATH; install minisign.`)
    })
    return { kind: 'minisign', file }
  }
  return { kind: 'cosign', key: parsePem(text, file) }
}

function parsePem(text: string, file: string): KeyObject {
  const advice = 'Give a key of minisign, or an EC key on P-256 as PEM without a passphrase.'
  try {
    const key = createPrivateKey(text)
    if (key.asymmetricKeyDetails?.namedCurve === 'prime256v1') return key
  } catch {
    throw new HostUnfit(`${file} is no private key that can be read here. ${advice}`)
  }
  throw new HostUnfit(`${file} is a key of another kind. ${advice}`)
}

type Signing = { readonly key: SigningKey; readonly sums: string; readonly comment: string; readonly shell: Shell }

/** Leaves the signature beside the sums and answers with how to verify it. minisign asks for the key's password on the terminal. */
export async function signSums({ key, sums, comment, shell }: Signing): Promise<string> {
  if (key.kind === 'minisign') {
    const code = await shell.attach(['minisign', '-S', '-s', key.file, '-m', sums, '-t', comment])
    if (code !== 0) throw new Error(`minisign did not sign ${sums}: it exited with code ${code}, see above`)
    return 'minisign -V -p PUBLIC.KEY -m SHA256SUMS'
  }
  // Nothing of it is in a public log of transparency, which cosign asks for otherwise.
  const signature = sign('sha256', await readFile(sums), key.key)
  await writeFile(`${sums}.sig`, `${signature.toString('base64')}\n`)
  return 'cosign verify-blob --insecure-ignore-tlog --key PUBLIC.PEM --signature SHA256SUMS.sig SHA256SUMS'
}
