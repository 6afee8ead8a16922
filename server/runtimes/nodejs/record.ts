/** Joins pieces to one JSON value: the output of a caller who did not ask for pieces, and of the run's record. */
import type { Piece } from './pieces.ts'

export interface PieceRecord {
  /** False: there was no room for it, and there will be none for any other. */
  add(piece: Piece): boolean
  /**
   * Texts alone are one text, bytes among them make it base64, and other values make it an array. Nothing at all is null. What there
   * was no room for is told at its end.
   */
  toJson(): string
}

export function createRecord(limitBytes: number): PieceRecord {
  const pieces: Piece[] = []
  let bytes = 0
  let isCut = false

  const mark = () => (isCut ? `[truncated after ${bytes} bytes]` : '')
  const joined = (encoding: BufferEncoding) => Buffer.concat(pieces.map(({ data }) => data)).toString(encoding)
  const has = (kind: Piece['kind']) => pieces.some(piece => piece.kind === kind)

  return {
    add: ({ kind, data }) => {
      isCut ||= bytes + data.length > limitBytes
      if (isCut) return false
      bytes += data.length
      // A copy: the handler may use its buffer for the next piece.
      pieces.push({ kind, data: Buffer.from(data) })
      return true
    },
    toJson: () => {
      if (pieces.length === 0 && !isCut) return 'null'
      if (has('json')) return `[${[...pieces.map(memberOf), ...(isCut ? [JSON.stringify(mark())] : [])].join(',')}]`
      return JSON.stringify(joined(has('bytes') ? 'base64' : 'utf8') + mark())
    },
  }
}

const memberOf = ({ kind, data }: Piece): string =>
  kind === 'json' ? data.toString() : JSON.stringify(data.toString(kind === 'text' ? 'utf8' : 'base64'))
