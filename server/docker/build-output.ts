/** Reads what Docker's builder says of a build: its lines, how it ended, and which images its steps made. */
import type { OutputListener } from './port.ts'
import { createLines } from './printed.ts'

/** Of what was printed since the last step began; the end of it. */
const maxStepLength = 16 * 1024
const stepPattern = /^Step \d+\/\d+ : /
const madePattern = /^ ---> ([0-9a-f]{12})$/
/** The builder marks what goes to stderr. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: terminals' marks are such characters
const colourPattern = /\u001b\[[0-9;]*m/g

export interface BuildReader {
  /** One object of Docker's stream. */
  read(said: Record<string, unknown>): void
  /** Of the image that was built. */
  id(): string | undefined
  /** Docker's error, and what was printed since the last step began; undefined when there was none. */
  failure(): string | undefined
  /** Whether a step ended with the image, made by it or found. */
  hasStep(id: string): boolean
}

export function createBuildReader(onLine: OutputListener): BuildReader {
  const steps = new Set<string>()
  let built: string | undefined
  let error: string | undefined
  let printed = ''
  const lines = createLines(line => {
    const [, made] = madePattern.exec(line) ?? []
    if (made !== undefined) steps.add(made)
    printed = `${stepPattern.test(line) ? '' : printed}${line}\n`.slice(-maxStepLength)
    onLine('stdout', line)
  })
  return {
    read: ({ stream, aux, error: said }) => {
      if (typeof stream === 'string') lines.write(Buffer.from(stream.replaceAll(colourPattern, '')))
      if (typeof aux === 'object' && aux !== null && 'ID' in aux) built = String(aux.ID)
      if (typeof said !== 'string' || error !== undefined) return
      lines.end()
      error = said
    },
    id: () => built,
    failure: () => error && `${error}\n${printed}`.trim(),
    hasStep: id => steps.has(id.replace('sha256:', '').slice(0, 12)),
  }
}
