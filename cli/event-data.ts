/** Owns what the data of an event are: JSON, other text, or bytes in base64. */
import { isUtf8 } from 'node:buffer'
import { Failure } from './failure.ts'
import { loadBytes } from './files.ts'
import { sniffContentType } from './format/content-type.ts'
import { type Json, parseJson } from './format/json.ts'

export interface DataSource {
  /** At most one of the two is not empty. */
  readonly data: string
  readonly file: string
  readonly isBinary: boolean
  /** Empty when none was given. */
  readonly contentType: string
  readonly cwd: string
}

export interface EventData {
  readonly contentType: string
  readonly data: Json
}

const problem = 'Error reading event data'
const isJsonType = (contentType: string) => /^[^;]*[/+]json\s*(;|$)/i.test(contentType)

function tryJson(text: string): { readonly value: Json } | { readonly fault: string } {
  try {
    return { value: parseJson(text) }
  } catch (thrown) {
    return { fault: thrown instanceof Error ? thrown.message : String(thrown) }
  }
}

/** JSON stays what it is whatever its type is called; other text is text, unless it is said to be JSON. */
function readText({ data, contentType: given }: DataSource): EventData {
  const contentType = given || 'application/json'
  const parsed = tryJson(data)
  if ('value' in parsed) return { contentType, data: parsed.value }
  if (!isJsonType(contentType)) return { contentType, data }
  throw new Failure(
    `${problem}: --data is not JSON: ${parsed.fault}; other text needs a --content-type, e.g. text/plain`,
  )
}

async function readFile({ file, isBinary, contentType: given, cwd }: DataSource): Promise<EventData> {
  const content = await loadBytes({ cwd, path: file }, problem)
  const sniffed = sniffContentType(content)
  const contentType = given || sniffed
  const isText = !isBinary && sniffed.startsWith('text/') && isUtf8(content)
  if (!isText) return { contentType, data: content.toString('base64') }
  const text = content.toString('utf8')
  const parsed = tryJson(text)
  return { contentType, data: 'value' in parsed ? parsed.value : text }
}

/** undefined when there are none. */
export async function readEventData(source: DataSource): Promise<EventData | undefined> {
  const { data, file } = source
  if (data !== '' && file !== '')
    throw new Failure(`${problem}: --data and --data-from-file are mutually exclusive, specify only one of them`)
  if (data !== '') return readText(source)
  return file === '' ? undefined : readFile(source)
}
