/** SSH into a machine, as people do it: by OpenSSH's client, with a key or with a password. */
import { chmod, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Shell } from '../../packer/shell.ts'
import type { Workshop } from './bench.ts'

export interface SshKey {
  readonly file: string
  readonly publicKey: string
  readonly shell: Shell
  readonly dir: string
}

export interface SshLogin {
  readonly port: number
  readonly user: string
  readonly key: SshKey
  /** Without it by the key. */
  readonly password?: string
  /** What the command reads. */
  readonly input?: string
}

export async function createSshKey({ shell, dir }: Workshop, name: string): Promise<SshKey> {
  const file = join(dir, `${name}-key`)
  await shell.run(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', 'boot test', '-f', file])
  return { file, publicKey: (await readFile(`${file}.pub`, 'utf8')).trim(), shell, dir }
}

const always = ['StrictHostKeyChecking=no', 'UserKnownHostsFile=/dev/null', 'LogLevel=ERROR', 'ConnectTimeout=60']

/** OpenSSH asks a program for the password where there is no terminal. */
async function writeAsk({ dir }: SshKey, password: string): Promise<string> {
  const [answer, ask] = [join(dir, 'password'), join(dir, 'ask')]
  await writeFile(answer, password, { mode: 0o600 })
  await writeFile(ask, `#!/bin/sh\ncat '${answer}'\n`)
  await chmod(ask, 0o700)
  return ask
}

/** Answers with what the command printed; rejects when it fails. */
export async function runOverSsh({ port, user, key, password, input }: SshLogin, command: string): Promise<string> {
  const methods = password === undefined ? 'publickey' : 'password,keyboard-interactive'
  const options = [...always, `PreferredAuthentications=${methods}`].flatMap(option => ['-o', option])
  const identity =
    password === undefined ? ['-i', key.file, '-o', 'IdentitiesOnly=yes'] : ['-o', 'PubkeyAuthentication=no']
  const env =
    password === undefined
      ? {}
      : { SSH_ASKPASS: await writeAsk(key, password), SSH_ASKPASS_REQUIRE: 'force', DISPLAY: 'none' }
  const argv = ['ssh', ...options, ...identity, '-p', String(port), `${user}@127.0.0.1`, command]
  return key.shell.run(argv, { env, ...(input !== undefined && { input }) })
}
