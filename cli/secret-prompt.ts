/** Owns asking a person for what nobody else may see: typed on the terminal, and not shown there. */
import type { Writer } from './io.ts'

/** What is needed of a terminal's stream. */
export interface Keyboard {
  setRawMode(isRaw: boolean): unknown
  setEncoding(encoding: 'utf8'): unknown
  on(event: 'data', read: (keys: string) => void): unknown
  off(event: 'data', read: (keys: string) => void): unknown
  resume(): unknown
  pause(): unknown
}

export interface PromptTerminal {
  readonly input: Keyboard
  readonly output: Writer
  readonly interrupted: AbortSignal
}

/** What has been typed so far, and whether that is all of it. */
export interface Typed {
  readonly text: string
  readonly end?: 'entered' | 'interrupted'
}

const enter = ['\r', '\n', '\u0004']
const erase = ['\b', '\u007f']
const eraseAll = '\u0015'
const interrupt = '\u0003'

/** One key, or one character of what was pasted. */
export function type({ text }: Typed, key: string): Typed {
  if (enter.includes(key)) return { text, end: 'entered' }
  if (key === interrupt) return { text: '', end: 'interrupted' }
  if (erase.includes(key)) return { text: [...text].slice(0, -1).join('') }
  if (key === eraseAll) return { text: '' }
  return { text: key < ' ' ? text : text + key }
}

/** Undefined: it was interrupted. */
export function askSecret(
  question: string,
  { input, output, interrupted }: PromptTerminal,
): Promise<string | undefined> {
  return new Promise(resolve => {
    let typed: Typed = { text: '' }
    const leave = (answer: string | undefined) => {
      input.off('data', read)
      interrupted.removeEventListener('abort', stop)
      input.setRawMode(false)
      input.pause()
      output.write('\n')
      resolve(answer)
    }
    const stop = () => leave(undefined)
    const read = (keys: string) => {
      for (const key of keys) {
        typed = type(typed, key)
        if (typed.end) return leave(typed.end === 'entered' ? typed.text : undefined)
      }
    }
    output.write(question)
    input.setEncoding('utf8')
    input.setRawMode(true)
    input.on('data', read)
    interrupted.addEventListener('abort', stop)
    input.resume()
  })
}
