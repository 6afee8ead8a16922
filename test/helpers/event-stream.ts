/** Reads server-sent events as a client would. */
import { request } from 'node:http'

export interface Event {
  type: string
  // biome-ignore lint/suspicious/noExplicitAny: parsed JSON of any shape, looked into by assertions
  data: any
}

export interface EventReader {
  status: number
  headers: Record<string, unknown>
  /** What has come so far; grows. */
  events: Event[]
  /** Resolves when the server has ended the answer; everything has come by then. */
  ended: Promise<void>
  /** Goes away. */
  leave(): void
}

function parseEvents(text: string): Event[] {
  return text
    .split('\n\n')
    .map(block => block.split('\n'))
    .filter(lines => lines.some(line => line.startsWith('data: ')))
    .map(lines => {
      const fieldOf = (key: string) => lines.find(line => line.startsWith(`${key}: `))?.slice(key.length + 2)
      return { type: fieldOf('event') ?? 'message', data: JSON.parse(fieldOf('data') ?? '') }
    })
}

export function readEvents(url: string, headers: Record<string, string>): Promise<EventReader> {
  const { promise, resolve, reject } = Promise.withResolvers<EventReader>()
  const outgoing = request(url, { headers }, answer => {
    const ended = Promise.withResolvers<void>()
    const reader: EventReader = {
      status: answer.statusCode ?? 0,
      headers: answer.headers,
      events: [],
      ended: ended.promise,
      leave: () => answer.destroy(),
    }
    let pending = ''
    answer.setEncoding('utf8')
    answer.on('data', (text: string) => {
      pending += text
      const whole = pending.lastIndexOf('\n\n')
      if (whole < 0) return
      reader.events.push(...parseEvents(pending.slice(0, whole)))
      pending = pending.slice(whole + 2)
    })
    answer.on('error', () => undefined)
    answer.on('close', ended.resolve)
    resolve(reader)
  })
  outgoing.on('error', reject)
  outgoing.end()
  return promise
}

/** `stdout 1 text` for a line, `end READY`, `dropped 3`. */
export const brief = ({ type, data }: Event): string => {
  if (type === 'end') return `end ${data.status}`
  return type === 'dropped' ? `dropped ${data.events}` : `${data.stream} ${data.number} ${data.line}`
}
