/** Owns where the config file is, how it is read, and that it is rewritten whole, private and without losing a key. */
import { readFileSync } from 'node:fs'
import { dirname, extname, join, resolve } from 'node:path'
import { describeFileError, Failure } from '../failure.ts'
import type { Io } from '../io.ts'

export type ConfigObject = Record<string, unknown>

export interface ConfigFile {
  readonly path: string
  readonly exists: boolean
  readonly content: ConfigObject
}

const formats: Readonly<Record<string, 'json' | 'yaml'>> = { '.json': 'json', '.yaml': 'yaml', '.yml': 'yaml' }
/** Formats that the original read too; a file of that name must not be passed over in silence. */
const retired = ['.toml', '.properties', '.props', '.prop', '.hcl']
const problem = (path: string, cause: string) => new Failure(`Error reading config file ${path}: ${cause}`)

export const isObject = (value: unknown): value is ConfigObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

async function parse(path: string, text: string): Promise<ConfigObject> {
  const format = formats[extname(path).toLowerCase()]
  if (format === undefined)
    throw problem(
      path,
      `Unsupported Config Type ${JSON.stringify(extname(path).slice(1))} (known: ${Object.keys(formats).join(', ')})`,
    )
  try {
    const content: unknown =
      format === 'json' ? JSON.parse(text.replace(/^\uFEFF/, '')) : (await import('yaml')).parse(text)
    if (isObject(content)) return content
    if (content === null || content === undefined) return {}
  } catch (thrown) {
    throw problem(path, `While parsing config: ${thrown instanceof Error ? thrown.message : String(thrown)}`)
  }
  throw problem(path, 'While parsing config: not an object with "current" and "contexts"')
}

/** At once: every command does it first, and the other way would cost it a twentieth of its start. */
function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return undefined
    throw problem(path, describeFileError(thrown, 'open', path))
  }
}

/** An explicit file must exist, unless it is about to be created; the default one need not. */
export async function loadConfigFile(io: Io, explicit: string, mayBeMissing = false): Promise<ConfigFile> {
  const asked = explicit || io.env.DISPATCH_CONFIG || ''
  const folder = join(io.homeDir, '.dispatch')
  const candidates = asked
    ? [resolve(io.cwd, asked)]
    : [...Object.keys(formats), ...retired].map(extension => join(folder, `config${extension}`))
  for (const path of candidates) {
    const shown = asked || path
    if (asked && formats[extname(path).toLowerCase()] === undefined) await parse(shown, '')
    const text = readIfThere(path)
    if (text !== undefined) return { path, exists: true, content: await parse(shown, text) }
  }
  if (asked && !mayBeMissing) throw problem(asked, `open ${asked}: no such file or directory`)
  return { path: candidates[0] ?? '', exists: false, content: {} }
}

/**
 * In the format of its name; written beside its place and renamed, readable by its owner only: it holds credentials. A link
 * stays one: many keep such files elsewhere.
 */
export async function saveConfigFile({ path, content }: Omit<ConfigFile, 'exists'>): Promise<void> {
  const isYaml = formats[extname(path).toLowerCase()] === 'yaml'
  const text = isYaml ? (await import('yaml')).stringify(content) : JSON.stringify(content, null, 4)
  const { chmod, mkdir, realpath, rename, rm, writeFile } = await import('node:fs/promises')
  const place = await realpath(path).catch(() => path)
  const draft = `${place}.${process.pid}.new`
  try {
    await mkdir(dirname(place), { recursive: true, mode: 0o700 })
    await writeFile(draft, text, { mode: 0o600 })
    await chmod(draft, 0o600)
    await rename(draft, place)
  } catch (thrown) {
    await rm(draft, { force: true })
    throw new Failure(`error writing configuration to file: ${describeFileError(thrown, 'open', path)}`)
  }
}
