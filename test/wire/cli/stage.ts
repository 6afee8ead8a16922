/** Where a CLI run takes place in tests: a home, a working directory, and a server that records what it is asked. */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { ExecutionContext } from 'ava'
import type { Io } from '../../../cli/io.ts'
import { runProgram } from '../../../cli/program.ts'
import { run } from '../../../cli/run.ts'

export interface Asked {
  readonly method: string
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export interface Answer {
  readonly status: number
  /** Objects are sent as JSON, text as it is. */
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export interface Outcome {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

export interface Stage {
  readonly cwd: string
  readonly homeDir: string
  readonly port: number
  readonly asked: readonly Asked[]
  write(path: string, content: string | Buffer): void
  /** Ends all connections. */
  cut(): void
  /** The command line as words; `environment` adds to the one that leads to the server. */
  dispatch(words: readonly string[], changes?: Partial<Io>): Promise<Outcome>
}

type Responder = (asked: Asked, index: number) => Answer

function serve(respond: Responder, asked: Asked[]): Promise<Server> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', chunk => chunks.push(chunk))
    request.on('end', () => {
      const { method = '', url = '', headers } = request
      const entry = { method, url, headers, body: Buffer.concat(chunks).toString() }
      asked.push(entry)
      const { status, body = '', headers: extra } = respond(entry, asked.length - 1)
      response.writeHead(status, { 'Content-Type': 'application/json', ...extra })
      response.end(typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body))
    })
  })
  return new Promise(resolve => {
    server.listen(0, '127.0.0.1', () => resolve(server))
  })
}

function portOf(server: Server): number {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the stub server has no port')
  return address.port
}

/** Words of a recorded command line: blanks separate, a backslash protects the next character. */
export const splitWords = (line: string): string[] =>
  (line.match(/(?:\\.|[^\s\\])+/g) ?? []).map(word => word.replace(/\\(.)/g, '$1'))

/** `respond` is asked once for each request; answers given as a list are used in order. */
export async function createStage(t: ExecutionContext, respond: Responder | readonly Answer[] = []): Promise<Stage> {
  const asked: Asked[] = []
  const missing = { status: 599, body: 'the test has no answer for this request' }
  const server = await serve(typeof respond === 'function' ? respond : (_, index) => respond[index] ?? missing, asked)
  const root = mkdtempSync(join(tmpdir(), 'dispatch-cli-'))
  const [homeDir, cwd] = [join(root, 'home'), join(root, 'work')]
  for (const directory of [homeDir, cwd]) mkdirSync(directory)
  t.teardown(async () => {
    server.closeAllConnections()
    server.close()
    await rm(root, { recursive: true, force: true })
  })
  const port = portOf(server)
  const write = (path: string, content: string | Buffer) => {
    mkdirSync(dirname(join(cwd, path)), { recursive: true })
    writeFileSync(join(cwd, path), content)
  }
  const dispatch = async (words: readonly string[], changes: Partial<Io> = {}) => {
    const output = { stdout: '', stderr: '' }
    const { env, ...rest } = changes
    const code = await run(words, {
      env: { DISPATCH_HOST: '127.0.0.1', DISPATCH_PORT: String(port), DISPATCH_SCHEME: 'http', ...env },
      cwd,
      homeDir,
      stdout: { write: text => (output.stdout += text) },
      stderr: { write: text => (output.stderr += text) },
      stdoutIsTerminal: false,
      stderrIsTerminal: false,
      columns: 80,
      socketPath: join(root, 'none.sock'),
      tempDir: homeDir,
      readInput: async () => '',
      canAsk: () => false,
      askSecret: async () => undefined,
      runProgram,
      openBrowser: async () => undefined,
      platform: 'linux/amd64',
      timeZone: 'UTC',
      now: () => new Date('2026-11-24T03:00:00Z'),
      uuid: () => '09b51bf8-beed-4b33-9dbd-2094295ccd20',
      randomBelow: () => 0,
      pause: async () => undefined,
      interrupted: new AbortController().signal,
      ...rest,
    })
    return { code, ...output }
  }
  return { cwd, homeDir, port, asked, write, cut: () => server.closeAllConnections(), dispatch }
}
