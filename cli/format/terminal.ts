/** Owns what may reach a terminal: names and messages of a hostile server would move the cursor or rename the window. */

/** Most text: each character is seen and takes one column. What Unicode says of others costs a part of a command's start. */
export const isPlain = (text: string): boolean => /^[\t\n -~]*$/.test(text)

/** Without control characters other than the ends of lines and tabs. */
export const cleanText = (text: string): string => (isPlain(text) ? text : text.replace(/(?![\n\t])\p{Cc}/gu, ''))

type Env = Readonly<Record<string, string | undefined>>

/** Whether a terminal can do more than print line after line. */
export const isCapable = (env: Env): boolean => (env.TERM ?? '') !== '' && env.TERM !== 'dumb'

export interface ColorChoice {
  readonly env: Env
  readonly isTerminal: boolean
  readonly noColor: boolean
}

/** NO_COLOR counts whatever it is set to (no-color.org). */
export const allowsColor = ({ env, isTerminal, noColor }: ColorChoice): boolean =>
  isTerminal && isCapable(env) && !noColor && !env.NO_COLOR

export type Color = 'red' | 'green' | 'yellow'
const codes: Readonly<Record<Color, number>> = { red: 31, green: 32, yellow: 33 }

export const paint = (text: string, color: Color | undefined): string =>
  color === undefined ? text : `\u001b[${codes[color]}m${text}\u001b[0m`
