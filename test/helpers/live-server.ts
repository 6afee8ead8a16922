/** The built server as its own process on real Docker, and the built CLI that talks to it. */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { until } from './wait.ts'

const dist = fileURLToPath(new URL('../../dist/', import.meta.url))

/** The environment without what a developer's own terminal says to Dispatch or systemd. */
export const cleanEnv: NodeJS.ProcessEnv = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !name.startsWith('DISPATCH_') && name !== 'NOTIFY_SOCKET'),
)

export interface CliResult {
  code: number
  stdout: string
  stderr: string
}

export interface LiveServer {
  url: string
  port: number
  /** Of the API gateway. */
  gatewayUrl: string
  /** With `overTls`. */
  gatewayTlsUrl: string
  directory: string
  pid: number
  /** Runs `dist/dispatch` with the arguments; never rejects for an exit code. */
  cli(...args: string[]): Promise<CliResult>
  log(): Promise<string>
  /** Sends the signal and resolves with the exit code (null after a kill). */
  stop(signal?: NodeJS.Signals): Promise<number | null>
}

/** A port that nothing listened on a moment ago. */
export const findFreePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })

/** Without `input` its standard input is open, and nothing comes. */
export const runCli = (
  args: string[],
  env: NodeJS.ProcessEnv,
  cwd = process.cwd(),
  input?: string,
): Promise<CliResult> =>
  new Promise(resolve => {
    const options = { env, cwd, maxBuffer: 64 * 1024 * 1024 }
    const child = execFile(join(dist, 'dispatch'), args, options, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1
      resolve({ code, stdout, stderr })
    })
    if (input !== undefined) child.stdin?.end(input)
  })

async function writeCliConfig(directory: string, port: number): Promise<string> {
  const file = join(directory, 'cli.json')
  const context = { host: '127.0.0.1', port, scheme: 'http', organization: 'dispatch', cookie: 'cookie' }
  await writeFile(file, JSON.stringify({ current: 'test', contexts: { test: context } }))
  return file
}

const exitOf = (child: ChildProcess): Promise<number | null> =>
  new Promise(resolve => {
    if (child.exitCode !== null || child.signalCode !== null) resolve(child.exitCode)
    else child.once('exit', code => resolve(code))
  })

const isHealthy = (url: string, mayLackDocker: boolean): Promise<boolean> =>
  fetch(`${url}/healthz`).then(
    answer => answer.ok || mayLackDocker,
    () => false,
  )

export interface LiveServerOptions {
  /** Given again, the server finds its data again. The caller removes it. */
  directory?: string
  /** Given again, logins that are kept find their server again. */
  port?: number
  args?: string[]
  env?: NodeJS.ProcessEnv
  /** A server that answers is enough, though its Docker does not. */
  mayLackDocker?: boolean
  /** The API and its gateway are served over TLS too. */
  overTls?: boolean
  /** Where commands are typed; this process's own folder without it. */
  cliDir?: string
}

const fixture = (name: string): string => fileURLToPath(new URL(`../fixtures/cli/${name}`, import.meta.url))

const tlsFlags = (gatewayTlsPort: number): string[] => [
  ...['--enable-tls', '--tls-certificate', fixture('server.crt'), '--tls-certificate-key', fixture('server.key')],
  ...['--tls-port', '0', '--gateway-tls-port', String(gatewayTlsPort)],
]

export async function startLiveServer(options: LiveServerOptions = {}): Promise<LiveServer> {
  const { directory, args = [], env = {}, mayLackDocker = false, overTls = false, cliDir } = options
  const home = directory ?? (await mkdtemp(join(tmpdir(), 'dispatch-live-')))
  const [port, gatewayPort, gatewayTlsPort] = [
    options.port ?? (await findFreePort()),
    await findFreePort(),
    await findFreePort(),
  ]
  const config = await writeCliConfig(home, port)
  const logFile = join(home, 'server.log')
  const flags = [
    '--port',
    String(port),
    '--gateway-port',
    String(gatewayPort),
    '--db-file',
    join(home, 'dispatch.db'),
    ...(overTls ? tlsFlags(gatewayTlsPort) : []),
    ...args,
  ]
  // A test process that is killed takes its server with it.
  const command = `exec setpriv --pdeathsig TERM -- "$0" "$@" >>"$LOG" 2>&1`
  const child = spawn('sh', ['-c', command, join(dist, 'dispatch-server'), ...flags], {
    env: { ...cleanEnv, LOG: logFile, ...env },
    stdio: 'ignore',
  })
  const url = `http://127.0.0.1:${port}`
  const log = () => readFile(logFile, 'utf8').catch(() => '')
  await until('the server is healthy', async () => {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}:\n${await log()}`)
    return isHealthy(url, mayLackDocker)
  })
  return {
    url,
    port,
    gatewayUrl: `http://127.0.0.1:${gatewayPort}`,
    gatewayTlsUrl: `https://127.0.0.1:${gatewayTlsPort}`,
    log,
    directory: home,
    pid: child.pid ?? 0,
    cli: (...cliArgs) => runCli(cliArgs, { ...cleanEnv, HOME: home, DISPATCH_CONFIG: config }, cliDir),
    stop: async (signal = 'SIGTERM') => {
      child.kill(signal)
      const code = await exitOf(child)
      if (directory === undefined) await rm(home, { recursive: true, force: true })
      return code
    },
  }
}
