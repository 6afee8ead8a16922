/** Owns what a command works with: settings and client, made when first asked for, so that help never needs a config file. */
import type { ApiClient } from './client.ts'
import { currentName, findContext } from './config/contexts.ts'
import { type ConfigFile, loadConfigFile } from './config/file.ts'
import { resolveSettings, type Settings } from './config/settings.ts'
import type { Io } from './io.ts'
import type { Parsed } from './parser/flags.ts'

export interface Session {
  /** `mayBeMissing`: the command is about to create the file. */
  config(mayBeMissing?: boolean): Promise<ConfigFile>
  settings(): Promise<Settings>
  client(): Promise<ApiClient>
  /** What the command line alone says, defaults for the rest: neither environment nor config file. */
  flagSettings(): Settings
  print(line: string): void
  /** A line for a person; scripts, which have no terminal there, do not get it. */
  note(line: string): void
  close(): void
}

export interface SessionOptions {
  readonly io: Io
  readonly parsed: Parsed
  readonly waitsForever: boolean
}

const defaultTimeoutMs = 30_000

async function loadSettings(session: Session, { io, parsed }: SessionOptions): Promise<Settings> {
  const { content, path } = await session.config()
  const current = currentName(content)
  const context = findContext(content, current)
  if (current !== '' && context === undefined)
    session.note(`Note: the current context ${JSON.stringify(current)} is not in ${path}; using flags and defaults`)
  const settings = resolveSettings({ parsed, env: io.env, context: context?.values ?? {} })
  if (settings.insecure && settings.scheme === 'https') session.note('Note: TLS certificates are not verified')
  return settings
}

async function connect(session: Session, { io, waitsForever }: SessionOptions): Promise<ApiClient> {
  const settings = await session.settings()
  const { createClient } = await import('./client.ts')
  const timeoutMs = settings.requestTimeoutMs ?? (waitsForever ? 0 : defaultTimeoutMs)
  return createClient({ settings, io, timeoutMs })
}

export function createSession(options: SessionOptions): Session {
  const { io, parsed } = options
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
    flagSettings: () => resolveSettings({ parsed, env: {}, context: {} }),
    print: line => void io.stdout.write(`${line}\n`),
    note: line => void (io.stderrIsTerminal && io.stderr.write(`${line}\n`)),
    close: () => void client?.then(open => open.close()).catch(() => undefined),
  }
  return session
}
