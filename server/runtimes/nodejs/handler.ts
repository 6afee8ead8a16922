/** Finds and imports the file that a revision's handler names. */
import { existsSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { isTypeScript, supportTypeScript, typeScriptNames } from './typescript.ts'

export type Handler = (context: unknown, payload: unknown) => unknown

export interface LoadedHandler {
  handler: Handler
  /** The function says that it takes many calls at once. */
  concurrent: boolean
}

const require = createRequire(import.meta.url)

/** Rejects with the text that is shown as the reason of the function's ERROR status. */
export async function loadHandler(handler: string, directory: string): Promise<LoadedHandler> {
  const name = handler === '' ? defaultHandler(directory) : handler
  try {
    const path = findFile(resolve(directory, name))
    if (isTypeScript(path)) supportTypeScript()
    const exported = await load(path)
    const found = handlerOf(exported)
    if (found) return { handler: found, concurrent: [exported, found].some(saysConcurrent) }
  } catch (thrown) {
    throw new Error(`Invalid function file or handler: ${describe(thrown)}`, { cause: thrown })
  }
  throw new Error(`Invalid function file or handler: ${name} exports no function (module.exports or export default)`)
}

/** `require` takes ES modules too and is several times quicker; only a module with a top-level await needs `import`. */
async function load(path: string): Promise<unknown> {
  try {
    return require(path)
  } catch (thrown) {
    const asynchronous = thrown instanceof Error && 'code' in thrown && thrown.code === 'ERR_REQUIRE_ASYNC_MODULE'
    if (!asynchronous) throw thrown
    return await import(pathToFileURL(path).href)
  }
}

function findFile(path: string): string {
  try {
    return require.resolve(path)
  } catch (thrown) {
    const found = typeScriptNames(path).find(name => existsSync(name))
    if (found === undefined) throw thrown
    return found
  }
}

/** Sources in JavaScript come first: beside them, TypeScript is what they were made from, or what describes them. */
function defaultHandler(directory: string): string {
  const names = readdirSync(directory).filter(name => !name.endsWith('.d.ts'))
  const sources = ['.js', '.ts']
    .map(ending => names.filter(name => name.endsWith(ending)))
    .find(({ length }) => length > 0)
  const [only, ...others] = sources ?? []
  if (only === undefined || others.length > 0) throw new Error('Exactly 1 source file needed when HANDLER is empty')
  return only
}

/** module.exports of CommonJS, or the default export of an ES module, also of one that was transpiled to CommonJS. */
function handlerOf(exported: unknown): Handler | undefined {
  const inner =
    typeof exported === 'object' && exported !== null && 'default' in exported ? exported.default : undefined
  const candidates = [exported, inner]
  return candidates.find((candidate): candidate is Handler => typeof candidate === 'function')
}

/** `module.exports.concurrent = true` beside the handler, or `export const concurrent = true`. */
const saysConcurrent = (exported: unknown): boolean =>
  (typeof exported === 'object' || typeof exported === 'function') &&
  exported !== null &&
  'concurrent' in exported &&
  exported.concurrent === true

/** A syntax error keeps its place only in the first lines of its stack. */
function describe(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown)
  const [place = ''] = thrown.stack?.split('\n') ?? []
  const text = `${thrown.name}: ${thrown.message.split('\n')[0]}`
  return thrown instanceof SyntaxError && !place.startsWith(thrown.name) ? `${text} (${place})` : text
}
