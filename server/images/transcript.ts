/** Keeps the end of what a build prints: enough to say why its last step failed. */

/** Of a failing step, in the reason of an image. */
const maxLines = 30
const maxLineLength = 500

// biome-ignore lint/suspicious/noControlCharactersInRegex: colours and cursor movements, as terminals understand them
const terminalCodes = /\u001b\[[0-9;?]*[ -/]*[@-~]|[\u0000-\u0008\u000b-\u001f]/g
const credentials = /(\w:\/\/)[^/\s]+@/g

/** A line as anybody may read it: without colours, and without the credentials of an index that a tool repeats. */
export const cleanLine = (line: string): string => line.replace(terminalCodes, '').replace(credentials, '$1')

export interface Transcript {
  /** A clean line. */
  add(line: string): void
  /** What the last step has printed, from its line `Step n/m : ...` on: that line, and the last ones. */
  failingStep(): string
}

export function createTranscript(): Transcript {
  let step: string | undefined
  let lines: string[] = []
  return {
    add: line => {
      if (!line.startsWith('Step ')) {
        lines = [...lines.slice(1 - maxLines), line.slice(0, maxLineLength)]
        return
      }
      step = line
      lines = []
    },
    failingStep: () => [...(step === undefined ? [] : [step]), ...lines].join('\n'),
  }
}
