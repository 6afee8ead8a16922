/** Owns what a command works with: settings and client, made when first asked for, so that help never needs a config file. */
import type { ApiClient } from './client.ts'
import { currentName, findContext, type NamedContext } from './config/contexts.ts'
import { findServer, holdsCredentials } from './config/credentials.ts'
import { type ConfigFile, loadConfigFile } from './config/file.ts'
import { resolveQuiet, resolveSettings, type Settings } from './config/settings.ts'
import { allowsColor } from './format/terminal.ts'
import type { Server } from './http/host.ts'
import type { Io, Writer } from './io.ts'
import { type Parsed, parseFlags } from './parser/flags.ts'
import { globalFlags } from './parser/global-flags.ts'
import { pauseShowing, type StatusLine } from './status-line.ts'

export interface Session {
  /** `mayBeMissing`: the command is about to create the file. */
  config(mayBeMissing?: boolean): Promise<ConfigFile>
  settings(): Promise<Settings>
  client(): Promise<ApiClient>
  /** What the command line alone says, defaults for the rest: neither environment nor config file. */
  flagSettings(): Settings
  /** Another session that obeys further global flags. Throws UsageError. */
  withFlags(words: readonly string[]): Session
  /** Another session that talks to that server, by what the config file says of it: nothing of the current context goes there. */
  withServer(server: Server): Session
  /** Whether what goes to stdout may have colours. */
  isColored(): Promise<boolean>
  /** What was asked for. */
  print(line: string): void
  /** --quiet: nothing but results and errors. */
  readonly isQuiet: boolean
  /** What was done, for those who want to read it. */
  report(line: string, writer?: Writer): void
  /** A line for a person; scripts, which have no terminal there, do not get it. */
  note(line: string): void
  /** Pauses, and tells a person what for. */
  pauseFor(durationMs: number, text: string): Promise<void>
  close(): void
}

export interface SessionOptions {
  readonly io: Io
  readonly parsed: Parsed
  readonly waitsForever: boolean
  readonly statusLine: StatusLine
  /** Whose context counts instead of the current one. */
  readonly server?: Server
}

const defaultTimeoutMs = 30_000

async function findOwn(session: Session, { server }: SessionOptions): Promise<NamedContext | undefined> {
  const { content, path } = await session.config()
  if (server) return findServer(content, server)
  const current = currentName(content)
  const context = findContext(content, current)
  if (current !== '' && context === undefined)
    session.note(`Note: the current context ${JSON.stringify(current)} is not in ${path}; using flags and defaults`)
  return context
}

async function loadSettings(session: Session, options: SessionOptions): Promise<Settings> {
  const { io, parsed } = options
  const { name = '', values: context = {} } = (await findOwn(session, options)) ?? {}
  const sources = { parsed, env: io.env, socketPath: io.socketPath }
  const settings = resolveSettings({ ...sources, context, contextName: name })
  if (settings.insecure && settings.scheme === 'https') session.note('Note: TLS certificates are not verified')
  if (settings.isElsewhere && holdsCredentials(context))
    session.note('Note: this is another server than that of the current context, whose credentials are not sent there')
  return settings
}

/** What nobody named counts only where it can be opened. */
async function chooseWay(settings: Settings): Promise<Settings> {
  if (!settings.socket?.isDefault) return settings
  const { canOpen } = await import('./http/local-socket.ts')
  return (await canOpen(settings.socket.path)) ? settings : { ...settings, socket: undefined }
}

async function connect(session: Session, { io, waitsForever }: SessionOptions): Promise<ApiClient> {
  const settings = await chooseWay(await session.settings())
  const { createClient } = await import('./client.ts')
  const timeoutMs = settings.requestTimeoutMs ?? (waitsForever ? 0 : defaultTimeoutMs)
  return createClient({ settings, io, timeoutMs })
}

function addFlags(parsed: Parsed, words: readonly string[]): Parsed {
  const further = parseFlags(words, globalFlags)
  const values = Object.fromEntries(Object.entries(further.values).filter(([name]) => further.given.has(name)))
  return { ...parsed, values: { ...parsed.values, ...values }, given: new Set([...parsed.given, ...further.given]) }
}

export function createSession(options: SessionOptions): Session {
  const { io, parsed, statusLine } = options
  const isQuiet = resolveQuiet({ parsed, env: io.env })
  let config: Promise<ConfigFile> | undefined
  let settings: Promise<Settings> | undefined
  let client: Promise<ApiClient> | undefined
  const session: Session = {
    config: mayBeMissing => {
      config ??= loadConfigFile(io, String(parsed.values.config ?? ''), mayBeMissing)
      return config
    },
    settings: () => {
      settings ??= loadSettings(session, options)
      return settings
    },
    client: () => {
      client ??= connect(session, options)
      return client
    },
    isColored: async () => {
      const { noColor } = await session.settings()
      return allowsColor({ env: io.env, isTerminal: io.stdoutIsTerminal, noColor })
    },
    withFlags: words => createSession({ ...options, parsed: addFlags(parsed, words) }),
    withServer: server => {
      const { scheme, host, port } = server
      const words = ['--scheme', scheme, '--host', host, '--port', String(port)]
      return createSession({ ...options, server, parsed: addFlags(parsed, words) })
    },
    flagSettings: () => resolveSettings({ parsed, env: {}, context: {}, socketPath: io.socketPath }),
    print: line => void io.stdout.write(`${line}\n`),
    isQuiet,
    report: (line, writer = io.stdout) => void (isQuiet || writer.write(`${line}\n`)),
    note: line => void (io.stderrIsTerminal && !isQuiet && io.stderr.write(`${line}\n`)),
    pauseFor: (durationMs, text) =>
      isQuiet ? io.pause(durationMs) : pauseShowing({ io, statusLine, durationMs, text }),
    close: () => {
      statusLine.clear()
      void client?.then(open => open.close()).catch(() => undefined)
    },
  }
  return session
}
