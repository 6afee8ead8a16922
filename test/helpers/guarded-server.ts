/** The built server that asks who calls, and people with the built CLI: root at its socket, others over TCP. */
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import {
  type CliResult,
  cleanEnv,
  type LiveServer,
  type LiveServerOptions,
  runCli,
  startLiveServer,
} from './live-server.ts'

/** Somebody with a home, and so a config file, of his own. */
export interface Person {
  run(...args: string[]): Promise<CliResult>
  /** With something on standard input. */
  tell(input: string, ...args: string[]): Promise<CliResult>
  /** The text of the config file. */
  kept(): Promise<string>
}

export interface GuardedServer extends LiveServer {
  directory: string
  /** Of the server's machine, by the socket. */
  root: Person
  /** From elsewhere, with no credentials but those of a login. The same name has the same home. */
  person(name: string, organization?: string): Person
}

/** The caller removes the directory, and stops the server; whoever starts it again there finds all again. */
export async function startGuarded(
  directory: string,
  options: Pick<LiveServerOptions, 'args' | 'port' | 'env' | 'overTls' | 'mayLackDocker'> = {},
): Promise<GuardedServer> {
  const socket = join(directory, 'api.sock')
  const args = ['--auth', 'required', '--socket', socket, ...(options.args ?? [])]
  const server = await startLiveServer({ ...options, directory, args })
  const personOf = (name: string, settings: NodeJS.ProcessEnv): Person => {
    const home = join(directory, 'home', name)
    const env = { ...cleanEnv, HOME: home, ...settings }
    return {
      run: (...words) => runCli(words, env, directory),
      tell: (input, ...words) => runCli(words, env, directory, input),
      kept: () => readFile(join(home, '.dispatch/config.json'), 'utf8'),
    }
  }
  const overTcp = { DISPATCH_HOST: '127.0.0.1', DISPATCH_PORT: String(server.port), DISPATCH_SCHEME: 'http' }
  return {
    ...server,
    root: personOf('root', { DISPATCH_SOCKET: socket }),
    person: (name, organization = 'dispatch') => personOf(name, { ...overTcp, DISPATCH_ORGANIZATION: organization }),
  }
}

const run = promisify(execFile)

/** As the suites of the original do; answers the file with the private key. */
async function createKeyPair(directory: string, name: string): Promise<{ privateKey: string; publicKey: string }> {
  const [privateKey, publicKey] = [join(directory, `${name}.key`), join(directory, `${name}.pub`)]
  await run('openssl', ['genrsa', '-out', privateKey, '4096'])
  await run('openssl', ['rsa', '-in', privateKey, '-pubout', '-out', publicKey])
  return { privateKey, publicKey }
}

const succeed = ({ code, stderr }: CliResult): void => {
  if (code !== 0) throw new Error(stderr)
}

/** `create_test_svc_account` of the original: an account NAME-user that may do everything; answers its private key's file. */
export async function createTestAccount(
  { root, directory }: GuardedServer,
  name: string,
  organization = 'dispatch',
): Promise<string> {
  const { privateKey, publicKey } = await createKeyPair(directory, name)
  const there = ['--organization', organization]
  succeed(await root.run('iam', 'create', 'serviceaccount', `${name}-user`, '--public-key', publicKey, ...there))
  const rule = ['--subject', `${name}-user`, '--action', '*', '--resource', '*']
  succeed(await root.run('iam', 'create', 'policy', `${name}-policy`, ...rule, ...there))
  return privateKey
}

/** `setup_test_org` of the original; answers the private key's file of the account ORGANIZATION-user. */
export async function createTestOrganization(server: GuardedServer, name: string): Promise<string> {
  succeed(await server.root.run('iam', 'create', 'organization', name))
  return createTestAccount(server, name, name)
}
