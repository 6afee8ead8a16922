/** Reads Docker's answers that are streams of JSON objects, one a line. */

/** Calls the listener for each object; malformed lines are left out: Docker also sends blank ones to keep the line alive. */
export async function readJsonLines(
  chunks: AsyncIterable<Uint8Array | string>,
  listener: (line: Record<string, unknown>) => void,
): Promise<void> {
  const decoder = new TextDecoder()
  const hand = (text: string) => {
    const line = parseLine(text)
    if (line) listener(line)
  }
  let rest = ''
  for await (const chunk of chunks) {
    const lines = (rest + (typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true }))).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) hand(line)
  }
  hand(rest)
}

function parseLine(text: string): Record<string, unknown> | undefined {
  if (text.trim() === '') return undefined
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value } : undefined
  } catch {
    return undefined
  }
}
