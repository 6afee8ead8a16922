/** In which form a stream is written: its content type, and what becomes of each piece. Pure. */
import type { Piece } from '../core/execution.ts'
import { renderJsonEvent, renderTextEvent } from './events.ts'
import type { Head } from './head.ts'

export interface Form {
  contentType: string
  isEvents: boolean
  render(piece: Piece): string | Buffer
}

const eventStream = 'text/event-stream'
const typeOf: Record<Piece['type'], string> = {
  text: 'text/plain; charset=utf-8',
  json: 'application/x-ndjson',
  bytes: 'application/octet-stream',
}

function renderPlain(piece: Piece): string | Buffer {
  if (piece.type === 'bytes') return piece.bytes
  return piece.type === 'text' ? piece.text : `${piece.text}\n`
}

/** Bytes are events already. */
function renderEvent(piece: Piece): string | Buffer {
  if (piece.type === 'bytes') return piece.bytes
  return piece.type === 'text' ? renderTextEvent(piece.text) : renderJsonEvent(piece.text)
}

/** By the function's word, then its API's, then its first piece; undefined as long as none of them says it. */
export function chooseForm({ headers }: Head, asEvents: boolean, first: Piece | undefined): Form | undefined {
  const type = headers['content-type'] ?? (asEvents ? eventStream : first && typeOf[first.type])
  if (type === undefined) return undefined
  const contentType = String(type)
  const isEvents = contentType.toLowerCase().startsWith(eventStream)
  return { contentType, isEvents, render: isEvents ? renderEvent : renderPlain }
}
