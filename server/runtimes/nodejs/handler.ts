/** Finds and imports the file that a revision's handler names. */
import { readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

export type Handler = (context: unknown, payload: unknown) => unknown

/** Rejects with the text that is shown as the reason of the function's ERROR status. */
export async function loadHandler(handler: string, directory: string): Promise<Handler> {
  const name = handler === '' ? defaultHandler(directory) : handler
  try {
    const path = createRequire(import.meta.url).resolve(resolve(directory, name))
    const found = handlerOf(await import(pathToFileURL(path).href))
    if (found) return found
  } catch (thrown) {
    throw new Error(`Invalid function file or handler: ${describe(thrown)}`, { cause: thrown })
  }
  throw new Error(`Invalid function file or handler: ${name} exports no function (module.exports or export default)`)
}

function defaultHandler(directory: string): string {
  const [only, ...others] = readdirSync(directory).filter(name => name.endsWith('.js'))
  if (only === undefined || others.length > 0) throw new Error('Exactly 1 source file needed when HANDLER is empty')
  return only
}

/** `default` holds module.exports of CommonJS; a transpiled ES module has its own `default` inside that. */
function handlerOf(module: { default?: unknown }): Handler | undefined {
  const inner = typeof module.default === 'object' ? module.default : module
  const candidates = [module.default, inner && 'default' in inner ? inner.default : undefined]
  return candidates.find((candidate): candidate is Handler => typeof candidate === 'function')
}

/** A syntax error keeps its place only in the first lines of its stack. */
function describe(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown)
  const [place = ''] = thrown.stack?.split('\n') ?? []
  const text = `${thrown.name}: ${thrown.message.split('\n')[0]}`
  return thrown instanceof SyntaxError && !place.startsWith(thrown.name) ? `${text} (${place})` : text
}
