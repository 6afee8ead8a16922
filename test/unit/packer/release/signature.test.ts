import { execFileSync } from 'node:child_process'
import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'ava'
import { loadSigningKey, signSums } from '../../../../packer/release/signature.ts'
import { createShell } from '../../../../packer/shell.ts'

async function createBench(t: { teardown: (clean: () => Promise<void>) => void }) {
  const dir = await mkdtemp(join(tmpdir(), 'signature-'))
  t.teardown(() => rm(dir, { recursive: true }))
  const shell = createShell({ logFile: join(dir, 'log'), signal: new AbortController().signal })
  const sums = join(dir, 'SHA256SUMS')
  await writeFile(sums, 'aa  x.ova\n')
  return { dir, shell, sums }
}

test('minisign itself verifies what its key has signed, and nothing else', async t => {
  const { dir, shell, sums } = await createBench(t)
  const [secret, open] = [join(dir, 'secret.key'), join(dir, 'public.key')]
  execFileSync('minisign', ['-G', '-W', '-s', secret, '-p', open])
  const key = await loadSigningKey(secret, shell)
  t.regex(await signSums({ key, sums, comment: 'dispatch-solo 0.1.0', shell }), /^minisign -V/)
  const verified = () => execFileSync('minisign', ['-V', '-p', open, '-m', sums], { encoding: 'utf8', stdio: 'pipe' })
  t.regex(verified(), /dispatch-solo 0\.1\.0/)
  await writeFile(sums, 'bb  x.ova\n')
  t.throws(verified)
})

test('an EC key signs as cosign verifies: ECDSA with SHA-256 over the file, base64', async t => {
  const { dir, shell, sums } = await createBench(t)
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const file = join(dir, 'key.pem')
  await writeFile(file, pair.privateKey.export({ type: 'pkcs8', format: 'pem' }))
  const key = await loadSigningKey(file, shell)
  t.regex(await signSums({ key, sums, comment: '', shell }), /^cosign verify-blob/)
  const signature = Buffer.from(await readFile(`${sums}.sig`, 'utf8'), 'base64')
  t.true(verify('sha256', await readFile(sums), createPublicKey(pair.privateKey), signature))
})

test('what is no key for this is refused before anything is baked', async t => {
  const { dir, shell } = await createBench(t)
  const file = join(dir, 'key.pem')
  await t.throwsAsync(loadSigningKey(file, shell), { message: /cannot be read/ })
  await writeFile(file, 'something')
  await t.throwsAsync(loadSigningKey(file, shell), { message: /no private key.*Give a key of minisign/s })
  const { privateKey } = generateKeyPairSync('ed25519')
  await writeFile(file, privateKey.export({ type: 'pkcs8', format: 'pem' }))
  await t.throwsAsync(loadSigningKey(file, shell), { message: /another kind/ })
})
