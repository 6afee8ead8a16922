/** Owns YAML as a plain tree that still knows the text of each scalar and the line it stands on. */
import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseAllDocuments, Scalar } from 'yaml'
import { Failure } from '../failure.ts'

export type Tree =
  | { readonly is: 'scalar'; readonly text: string; readonly plain: boolean; readonly line: number }
  | { readonly is: 'list'; readonly items: readonly Tree[]; readonly line: number }
  | { readonly is: 'map'; readonly entries: readonly (readonly [string, Tree])[]; readonly line: number }

export interface DocumentTree {
  /** Counts from 1, empty documents included. */
  readonly number: number
  readonly tree: Tree
}

/** Aliases may multiply a small file without end. */
const maxNodes = 100_000

interface Reading {
  readonly document: Document
  readonly lineOf: (node: Node) => number
  count: number
}

const nothing = (line: number): Tree => ({ is: 'scalar', text: '', plain: true, line })

function readEntries(reading: Reading, node: Node): (readonly [string, Tree])[] {
  if (!isMap(node)) return []
  return node.items.flatMap(({ key, value }) => {
    const tree = convert(reading, value)
    const name = isScalar(key) ? (key.source ?? String(key.value)) : String(key)
    if (name === '<<' && tree.is === 'map') return [...tree.entries]
    return [[name, tree] as const]
  })
}

function convert(reading: Reading, node: unknown): Tree {
  reading.count += 1
  if (reading.count > maxNodes) throw new Error(`more than ${maxNodes} values after expansion of the aliases`)
  if (isAlias(node)) {
    const target = node.resolve(reading.document)
    if (target === undefined) throw new Error(`unknown alias ${node.source}`)
    return convert(reading, target)
  }
  if (isMap(node)) return { is: 'map', entries: readEntries(reading, node), line: reading.lineOf(node) }
  if (isSeq(node)) {
    const items = node.items.map(item => convert(reading, item))
    return { is: 'list', items, line: reading.lineOf(node) }
  }
  if (!isScalar(node)) return nothing(0)
  const plain = node.type === undefined || node.type === Scalar.PLAIN
  const text = node.source ?? (node.value === null ? '' : String(node.value))
  return { is: 'scalar', text, plain, line: reading.lineOf(node) }
}

/** Throws Failure that names file, document and line, never the content: it may hold secrets. */
export function parseDocuments(text: string, file: string): DocumentTree[] {
  const lines = new LineCounter()
  const parsed = parseAllDocuments(text, { version: '1.2', uniqueKeys: false, lineCounter: lines, prettyErrors: false })
  return [...parsed].flatMap((document, index) => {
    const number = index + 1
    const [error] = document.errors
    if (error !== undefined)
      throw new Failure(
        `${file}: document ${number}, line ${lines.linePos(error.pos[0]).line}: not YAML: ${error.code.toLowerCase().replaceAll('_', ' ')}`,
      )
    if (document.contents === null || (isScalar(document.contents) && document.contents.value === null)) return []
    const lineOf = (node: Node) => lines.linePos(node.range?.[0] ?? 0).line
    try {
      return [{ number, tree: convert({ document, lineOf, count: 0 }, document.contents) }]
    } catch (thrown) {
      throw new Failure(`${file}: document ${number}: ${thrown instanceof Error ? thrown.message : String(thrown)}`)
    }
  })
}
