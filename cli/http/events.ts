/** Owns the text form of server-sent events. */

export interface ServerEvent {
  /** `message` where the server names none. */
  readonly type: string
  readonly data: string
}

/** A block without data is no event. */
function parseBlock(lines: readonly string[]): ServerEvent | undefined {
  let type = 'message'
  const data: string[] = []
  for (const line of lines) {
    const [, field = '', value = ''] = /^([^:]*):? ?(.*)$/s.exec(line) ?? []
    if (field === 'event') type = value
    if (field === 'data') data.push(value)
  }
  return data.length === 0 ? undefined : { type, data: data.join('\n') }
}

/** An event that is cut off at the end is none. */
export async function* parseEvents(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<ServerEvent> {
  const decoder = new TextDecoder()
  let rest = ''
  let block: string[] = []
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    for (const ended of lines) {
      const line = ended.endsWith('\r') ? ended.slice(0, -1) : ended
      if (line !== '') {
        block.push(line)
        continue
      }
      const event = parseBlock(block)
      block = []
      if (event) yield event
    }
  }
}
